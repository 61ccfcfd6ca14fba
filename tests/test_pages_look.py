"""What holds for every public template and its styles: the same names, one file of raw values, nothing inline."""

import re
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMED = ROOT / "templates" / "site" / "_styles.html"
STYLES = [ROOT / "analyst/static" / name for name in re.findall(r"static '(css/[^']+)'", NAMED.read_text())]
NOT_FOR_READERS = {
    "admin",
    "emails",
    "account",
    "mfa",
    "usersessions",
}  # the desk and the letters have looks of their own
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


def layers() -> dict[str, str]:
    """What each layer holds. All stand in two files: each is a request, and the desk wants the first without the second."""
    found = [layer for path in STYLES for layer in re.findall(r"^@layer ([a-z]+) \{\n(.*?)^\}", css(path), re.M | re.S)]
    assert len(dict(found)) == len(found), "a layer stands in one place"
    return dict(found)


def classes_in(text: str) -> set[str]:
    return set(re.findall(r"\.([a-z][a-z-]*)", text))


def test_templates_and_styles_name_the_same_classes():
    markup = " ".join(html(path) for path in [*TEMPLATES, PROSE])
    used = set(" ".join(re.findall(r'class="([^"]*)"', markup)).split())
    defined = classes_in(" ".join(map(css, STYLES)))
    assert used - defined == set(), "used but never styled"
    assert defined - used == set(), "styled but never used"


def test_a_class_of_a_component_is_named_for_its_partial():
    components, layout = classes_in(layers()["components"]), classes_in(layers()["layout"])
    names = {name.partition("--")[0] for name in components - layout}
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
    lines = [line for path in STYLES for line in path.read_text().splitlines() if line.strip()]
    assert len([line for line in lines if "@font-face" not in line]) < 700  # a line for each file of letters


def faces() -> dict[str, tuple[tuple[str, str], set[str]]]:
    """Each file of letters, with family and style, and the letters that it is fetched for."""
    found = {}
    for face in re.findall(r"@font-face \{(.*?)\}", STYLES[0].read_text()):
        says = dict(part.strip().split(": ", 1) for part in face.split(";") if part.strip())
        spans = [span.removeprefix("U+").partition("-") for span in says["unicode-range"].split(",")]
        letters = {chr(n) for first, _, last in spans for n in range(int(first, 16), int(last or first, 16) + 1)}
        name = re.findall(r"fonts/([^\"]+)", says["src"])[0]
        found[name] = ((says["font-family"], says["font-style"]), letters)
    return found


def test_a_letter_is_fetched_with_one_file():
    for (one, (face, letters)), (other, (other_face, other_letters)) in combinations(faces().items(), 2):
        if face == other_face:
            assert letters & other_letters == set(), (one, other)


def test_two_files_that_are_asked_for_early_set_english_and_most_names():
    early = re.findall(r"fonts/([^']+woff2)", NAMED.with_name("_fonts.html").read_text().replace('"', "'"))
    assert sum((STYLES[0].parents[1] / "fonts" / name).stat().st_size for name in early) < 68_000
    for name in early:
        assert (
            set("“Lương Thị Khánh Vy, Adé Ọlábísí, Gülşen Işık, Šimon Žák, Elçin Əliyev, Ştefan Țîrlea” – … →")
            <= faces()[name][1]
        )


def test_no_style_shouts_or_selects_by_id():
    for path in STYLES:
        assert "!important" not in css(path), path.name
        assert not re.search(r"(?:^|[\s,>+~])#[a-z]", css(path)), path.name


def test_the_layers_stand_in_the_order_in_which_they_are_declared():
    assert list(layers()) == re.findall(r"@layer ([^;{]+);", css(STYLES[0]))[0].split(", ")


def test_every_rule_of_the_files_after_the_first_lives_in_a_layer():
    for path in STYLES[1:]:
        assert re.sub(r"^@layer [a-z]+ \{\n.*?^\}", "", css(path), flags=re.M | re.S).strip() == "", path.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_nothing_is_inline_and_nothing_depends_on_the_reader(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"\|\s*safe\b|autoescape off", text)
    assert not re.search(r"csrf|nonce|\buser\b|messages", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or "application/ld+json" in script
