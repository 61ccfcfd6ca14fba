"""What holds for every public template and its styles: the same names, one file of raw values, nothing inline."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "templates" / "base.html"
STYLES = [ROOT / "analyst/static" / name for name in re.findall(r"static '(css/[^']+)'", BASE.read_text())]
NOT_FOR_READERS = {"admin", "emails", "account", "mfa"}  # the desk and the letters have looks of their own
TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if path.relative_to(ROOT / "templates").parts[0] not in NOT_FOR_READERS
]
PROSE = ROOT / "articles" / "prose.py"  # writes HTML of its own
PARTIALS = {path.stem[1:].replace("_", "-") for path in TEMPLATES if path.stem.startswith("_")}


def css(path: Path) -> str:
    """Without comments and addresses, where a dot says something else."""
    return re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(), flags=re.DOTALL)


def html(path: Path) -> str:
    return re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", path.read_text(), flags=re.DOTALL)


def classes_in(text: str) -> set[str]:
    return set(re.findall(r"\.([a-z][a-z-]*)", text))


def test_templates_and_styles_name_the_same_classes():
    markup = " ".join(html(path) for path in [*TEMPLATES, PROSE])
    used = set(" ".join(re.findall(r'class="([^"]*)"', markup)).split())
    defined = classes_in(" ".join(map(css, STYLES)))
    assert used - defined == set(), "used but never styled"
    assert defined - used == set(), "styled but never used"


def test_a_class_of_a_component_is_named_for_its_partial():
    [components] = [path for path in STYLES if path.stem == "components"]
    [layout] = [path for path in STYLES if path.stem == "layout"]
    names = {name.partition("--")[0] for name in classes_in(css(components)) - classes_in(css(layout))}
    assert names - PARTIALS == set()


def test_a_variant_sets_variables_only():
    for path in STYLES:
        for name, body in re.findall(r"\.([a-z-]+--[a-z-]+) \{([^{}]*)\}", css(path)):
            properties = {line.partition(":")[0].strip() for line in body.split(";") if line.strip()}
            assert all(word.startswith("--") for word in properties), name


def test_raw_colours_and_sizes_stand_in_one_file():
    colour = re.compile(
        r"#[0-9a-f]{3,8}\b(?=[;\s,)])|\b(?:rgb|rgba|hsl|hwb|lab|lch|oklab|oklch|color)\(", re.IGNORECASE
    )
    size = re.compile(r"\b\d*\.?\d+(?:px|rem|pt|mm|cm)\b")
    for path in STYLES[1:]:
        text = re.sub(r"@media [^{]*", "", css(path))
        assert colour.findall(text) == [], path.name
        assert size.findall(text) == [], path.name


def test_there_are_at_most_forty_values_and_each_is_used():
    tokens = set(re.findall(r"^\s+(--[a-z0-9-]+):", css(STYLES[0]), re.MULTILINE))
    assert len(tokens) <= 40
    used = set(re.findall(r"var\((--[a-z0-9-]+)", " ".join(map(css, STYLES))))
    assert tokens - used == set()


def test_the_styles_are_under_seven_hundred_lines():
    rules = [path for path in STYLES if path.stem != "fonts"]  # which has a line for each file of letters
    assert sum(len(path.read_text().splitlines()) for path in rules) < 700


def test_no_style_shouts_or_selects_by_id():
    for path in STYLES:
        assert "!important" not in css(path), path.name
        assert not re.search(r"(?:^|[\s,>+~])#[a-z]", css(path)), path.name


def test_each_file_lives_in_one_layer_of_the_declared():
    declared = re.findall(r"@layer ([^;{]+);", css(STYLES[0]))[0].split(", ")
    for path in STYLES[1:]:
        assert re.findall(r"@layer ([a-z]+) \{", css(path)) == [path.stem], path.name
        assert path.stem in declared


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_nothing_is_inline_and_nothing_depends_on_the_reader(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"\|\s*safe\b|autoescape off", text)
    assert not re.search(r"csrf|nonce|\buser\b|messages", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or "application/ld+json" in script
