"""What holds for the whole house: where imports point, that migrations and templates are whole, that URLs are tested."""

import ast
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import engines
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("articles", "publications", "newsletter", "reads", "analyst")
# A room may import itself and what stands before it; reads and the two before it do not know each other.
MAY_IMPORT = {room: set(ROOMS[: n + 1]) for n, room in enumerate(ROOMS)} | {"reads": {"reads", "articles"}}
TEMPLATES = sorted(path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.*"))


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_one_way(room):
    for path, tree in modules(room):
        rooms = {name.partition(".")[0] for name in imported(tree)} & set(ROOMS)
        assert rooms <= MAY_IMPORT[room], path


def test_no_module_hides_its_subject():
    nameless = {"utils", "helpers", "services", "selectors", "common", "misc"}
    assert [path for path, _ in modules(*ROOMS) if path.stem in nameless] == []


def test_no_module_is_longer_than_four_hundred_lines():
    long = [path for path, _ in modules(*ROOMS) if len((ROOT / path).read_text().splitlines()) > 400]
    assert [path for path in long if "migrations" not in path.parts] == []


def test_only_prose_marks_html_safe():
    words = re.compile(r"mark_safe|SafeString\(|\|\s*safe\b|autoescape off")
    files = [*(ROOT / path for path, _ in modules(*ROOMS)), *(ROOT / "templates").rglob("*.html")]
    assert [path.relative_to(ROOT) for path in files if words.search(path.read_text())] == [Path("articles/prose.py")]


def test_there_are_no_signals_and_no_imports_inside_functions():
    for path, tree in modules(*ROOMS):
        assert "django.dispatch" not in set(imported(tree)), path
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and "intake" not in path.parts:
                inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                assert inner == [], f"{path}: {function.name}"


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_every_template_compiles(name):
    assert engines["django"].get_template(str(name))


# Addresses


def ours(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """The routes whose views are ours; the library's own have the library's own tests."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from ours(pattern.url_patterns, route)
        elif view_module(pattern).partition(".")[0] in ROOMS:
            yield route


def view_module(pattern: URLPattern) -> str:
    view = getattr(pattern.callback, "__wrapped__", pattern.callback)
    return str(getattr(view, "__module__", ""))


def literals(tree: ast.AST) -> Iterator[str]:
    """The texts of a test file; a place for a value in an f-string reads as 1."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "1" for part in node.values)


def test_every_address_has_a_test_with_its_literal_url():
    tested = set()
    for _, tree in modules("tests"):
        for text in literals(tree):
            if text.startswith("/") and " " not in text:
                try:
                    tested.add(resolve(text.partition("?")[0]).route)
                except Resolver404:
                    continue
    routes = {route.replace("^", "") for route in ours(get_resolver().url_patterns)}
    assert routes - {route.replace("^", "") for route in tested} == set()
