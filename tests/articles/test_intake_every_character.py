"""Not one character of a text is lost or invented: what comes in is what the parts hold, in order."""

import json
from io import BytesIO
from pathlib import Path
from time import process_time

import pytest
from docx import Document
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from articles.intake import read
from articles.intake.blocks import text_block
from articles.intake.docx import read_docx
from articles.intake.ledger import Ledger
from articles.intake.manuscript import Manuscript, Refused
from articles.intake.text import UNSTORABLE
from articles.rich_text import text_of

from .word_files import note, para, run, text_box, word_file, words_of

ROOT = Path(__file__).resolve().parents[2]
MANUSCRIPTS = Path(__file__).parent / "manuscripts"
SEED = ROOT.parent / "shared" / "seeds" / "000_02e4d5cfa1b1ab2a.txt"

HEADS = (
    "Tuesday, 15 March 2016", "Tuesday, 45 March 2016", "Published in Analytical Articles", "Quiet quays", "By Mira Holt",
    "by A & B", "By empty", "empty", "By Mira Holt, Ruritania,", "By Mira Holt, Jonas Elm and N. Vale (12/3/2003 issue of X)",
    "(the 11/12/2013 issue of the Delta Analyst)", "March 15th, 2016, The Delta Analyst", "November 19th, the Delta Analyst",
    "(vol. 8, no. 4 of the Delta Analyst)", "12/3/2003",
)  # fmt: skip
HEADERS = (
    "put-strBACKGROUND: Two.", "BACKROUND:", "IMPLICATION:  Three.", "CONCLUSIONS:", "Background: again", "CONCLUSIONS - x",
    "\ufeffBACKGROUND: Two.", "IMPLICATONS: x", "AUTHOR’S BIO: Mira Holt is.", "ABOUT THE AUTHOR",
)  # fmt: skip
TAILS = (
    "Image Attribution: x.org, accessed on March 39, 2016", "Credit: Someone", "Tagged under a, b; c", "Visit also",
    "Read 15880 times Last modified on Wednesday, 09 March 2016", "Read 3 times a day", "Staff Publications", "© 2015",
    "Last modified on Wednesday, 39 March 2016", "Book Jonas Elm, Two Banks, May 2020.", "Print", "Sign up for news",
    "The Analyst is a biweekly publication of two towns. It is.",
)  # fmt: skip
TEXTS = (
    "A sentence that is long enough to be a paragraph.",
    "<b>&amp; tag</b>",
    "x\u00a0y\u200b",
    "short",
    "1 < 2 & 3",
)
LINES = st.sampled_from([*HEADS, *HEADERS, *TAILS, *TEXTS]) | st.text(max_size=30)
BREAKS = st.sampled_from(["\n", "\n\n", "\n\n\n", " \n"])

TAGS = (
    "p", "div", "h1", "h2", "b", "strong", "em", "i", "a href=http://x.org/", "a rel=author", "a rel=tag href=http://t.org",
    "ul", "li", "ol", "table", "tr", "td", "th", "caption", "blockquote", "figure", "figcaption", "sub", "sup", "br", "hr",
    "small data-note", "img src=x.png alt=y", "img src='data:image/png;base64,AAAA'", "div class=itemView", "nav", "form",
    "span class=itemHits", "div class=itemTagsBlock", "span class=itemDateCreated", "h2 class=itemTitle", "button", "pre",
    "span class=itemAuthor", "div class=itemCategory", "article", "div data-summary", "section id=background", "textarea",
    "section id=about-the-author", "aside id=staff-publications", "p data-dateline", "time datetime=2016-03-15", "script",
    "span data-read-count", "footer class=record", "span class=credit", "section id=body", "div class=byline", "style",
    "p hidden", "span class=updated", "p class=published", "label", "figure class=lead-figure", "span itemprop=author",
    "p class=credit", "p class=navigation", "dd class=createdby",
)  # fmt: skip
MARKUP = st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag.split()[0]}>" for tag in TAGS])
WITHOUT_TEXT = {"script", "style", "template", "noscript", "head", "title"}
ANY = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))


def bare(text: str) -> str:
    return "".join(text.split())


def parts_of(found: Manuscript) -> dict[str, str]:
    """The text of each part, by the name that its pieces have."""
    html = ("summary", "background", "implications", "conclusions", "body")
    picture = found.picture
    return {
        **{name: text_of(getattr(found, name)) for name in html},
        "title": found.title,
        "category": found.category,
        "dateline": found.dateline or "",
        "byline": "".join(person.name + (person.affiliation or "") for person in found.byline),
        "bios": "".join(map(text_of, found.bios)),
        "tags": "".join(found.tags),
        "credit": picture.credit if picture else "",
        "caption": picture.caption if picture else "",
        **{name: "".join(getattr(found, name)) for name in ("publication_lines", "furniture", "unplaced")},
    }


def assert_every_character_is_placed(found: Manuscript, source: str) -> None:
    assert bare("".join(text for _, text in found.pieces)) == bare(UNSTORABLE.sub("", source))
    parts = parts_of(found)
    assert {part for part, _ in found.pieces} <= set(parts)
    for name, text in parts.items():
        pieces = bare("".join(piece for part, piece in found.pieces if part == name))
        if name == "byline":  # an affiliation goes to its person, wherever it is printed
            assert sorted(bare(text)) == sorted(pieces)
        else:
            assert bare(text) == pieces, name


def visible(html: str) -> str:
    """What a page shows, read by somebody who knows nothing of articles."""
    shown: list[str] = []
    todo: list[LexborNode | None] = [LexborHTMLParser(html).body]
    while todo:
        node = todo.pop()
        if node is None:
            continue
        todo.append(node.next)
        if node.is_text_node:
            shown.append(node.text_content or "")
        elif node.is_element_node and node.tag not in WITHOUT_TEXT and "hidden" not in node.attributes:
            todo.append(node.first_child)
    return "".join(shown)


def test_what_nobody_places_is_unplaced():
    ledger = Ledger([text_block("junk BACKGROUND: text"), text_block("more")])
    ledger.put(0, "furniture", 5, 16)
    assert ledger.pieces() == [
        ("unplaced", "junk "), ("furniture", "BACKGROUND:"), ("unplaced", " text"), ("unplaced", "more"),
    ]  # fmt: skip


def test_what_is_placed_first_stays_where_it_is():
    ledger = Ledger([text_block("By Mira Holt")])
    ledger.put(0, "byline", 3, 12)
    ledger.put(0, "furniture")
    assert ledger.pieces() == [("furniture", "By "), ("byline", "Mira Holt")]


@ANY
@given(st.lists(st.tuples(LINES, BREAKS), min_size=1, max_size=14))
def test_every_character_of_a_text_is_placed(lines):
    text = "".join(line + after for line, after in lines).replace("\0", "")
    try:
        found = read("quays.txt", text.encode())
    except Refused:
        assert not bare(UNSTORABLE.sub("", text))
        return
    if not text.lstrip().lower().startswith("<"):
        assert_every_character_is_placed(found, text)


@ANY
@example(["<figure class=lead-figure>", "<h1>", "Tuesday, 15 March 2016"])
@given(st.lists(MARKUP | LINES, min_size=1, max_size=25))
def test_every_character_that_a_page_shows_is_placed(parts):
    html = "".join(parts).replace("\0", "")
    try:
        found = read("quays.html", html.encode())
    except Refused:
        assert not bare(UNSTORABLE.sub("", visible(html)))
        return
    assert_every_character_is_placed(found, visible(UNSTORABLE.sub("", html)))


@ANY
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    for name in ("quays.txt", "quays.html", "quays.docx"):
        try:
            found = read(name, data)
        except Refused:
            continue
        assert Manuscript.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize("name", ["ports.txt", "ports_k2.html", "ports_wordpress.html"])
def test_every_character_of_a_real_shape_is_placed(name):
    data = (MANUSCRIPTS / name).read_bytes()
    found = read(name, data)
    hidden = [flag.text for flag in found.flags if "hidden" in flag.reason]
    source = visible(data.decode()) if name.endswith("html") else data.decode()
    for text in hidden:
        source = source.replace(text, "")
    assert_every_character_is_placed(found, source)


# The same article, whatever it comes in

PORTS = (MANUSCRIPTS / "ports.txt").read_text(encoding="utf-8")


def as_word(text: str) -> bytes:
    """As an author types it: header words bold, and split over runs as Word likes to do."""
    document = Document()
    for line in filter(str.strip, text.splitlines()):
        paragraph = document.add_paragraph()
        label, colon, rest = line.partition(": ")
        if colon and label.isupper():
            paragraph.add_run(label[:4]).bold = True
            paragraph.add_run(f"{label[4:]}:").bold = True
            line = f" {rest}"
        for word in line.split(" ", 3):
            paragraph.add_run(word)
            paragraph.add_run(" ")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def as_page(text: str) -> bytes:
    paragraphs = (line.replace("&", "&amp;").replace("<", "&lt;") for line in text.splitlines() if line.strip())
    body = "\n".join(f"<p><span>{line}</span></p>" for line in paragraphs)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


@pytest.mark.parametrize(("name", "write"), [("ports.docx", as_word), ("ports.html", as_page)])
def test_the_same_article_has_the_same_parts_in_every_format(name, write):
    text, other = read("ports.txt", PORTS.encode()), read(name, write(PORTS))
    assert {name: bare(part) for name, part in parts_of(other).items()} == {
        name: bare(part) for name, part in parts_of(text).items()
    }
    assert text_of(other.implications) == text_of(text.implications)
    for told in ("byline", "dateline_on", "published_on", "modified_on", "reads", "tags", "picture", "bios", "flags"):
        assert getattr(other, told) == getattr(text, told), told


def test_a_page_of_k2_has_the_parts_of_the_text():
    text, page = (read(name, (MANUSCRIPTS / name).read_bytes()) for name in ("ports.txt", "ports_k2.html"))
    for name in ("title", "category", "byline", "dateline", "published_on", "modified_on", "reads"):
        assert getattr(page, name) == getattr(text, name), name
    for name in ("summary", "background", "implications", "conclusions"):
        assert text_of(getattr(page, name)) == text_of(getattr(text, name)), name


def test_word_styles_are_headers_and_footnotes_stay_where_they_are_cited():
    document = Document()
    document.add_heading("Quiet quays", 0)
    for text in ("By Mira Holt", "They wait."):
        document.add_paragraph(text)
    document.add_heading("Background", 1)
    document.add_paragraph("It was not always so.")
    document.add_paragraph("salt", style="List Bullet")
    file = BytesIO()
    document.save(file)
    found = read("quays.docx", file.getvalue())
    assert (found.title, found.summary) == ("Quiet quays", "<p>They wait.</p>")
    assert text_of(found.background) == "It was not always so.\n\nsalt"
    assert "<li>" in found.background
    assert found.flags == []


# Notes and boxes of a Word file


def word(*paragraphs: str, **parts: dict[str, str]) -> Manuscript:
    """Read a Word file, and find each of its characters again."""
    data = word_file("".join(paragraphs), **parts)
    found = read("quays.docx", data)
    assert_every_character_is_placed(found, words_of(read_docx(data).html))
    return found


TITLE, BYLINE, TEXT = para(run("Quiet quays")), para(run("By Mira Holt")), para(run("They wait."))
BACKGROUND = para(run("BACKGROUND: It was not always so."))
NOTES = {"1": para(run("Thanks to all."))}


def test_a_note_on_the_title_is_unplaced_and_flagged():
    found = word(para(run("Quiet quays") + note("1")), BYLINE, TEXT, BACKGROUND, notes=NOTES)
    assert (found.title, found.unplaced) == ("Quiet quays", ["Thanks to all."])
    assert [(flag.field, flag.text) for flag in found.flags] == [("title", "Thanks to all.")]


@pytest.mark.parametrize("rest", ["", " (12/30/2003 issue of the Delta Analyst)", " and Jonas Elm"])
def test_a_note_on_the_byline_is_the_authors_bio_and_flagged(rest):
    notes = {"1": para(run("Mira Holt is a pilot. " * 20))}
    found = word(TITLE, para(run("By Mira Holt") + note("1") + run(rest)), TEXT, BACKGROUND, notes=notes)
    assert found.byline[0].name == "Mira Holt"
    assert found.bios == [f"<p>{('Mira Holt is a pilot. ' * 20).strip()}</p>"]
    assert [flag.field for flag in found.flags] == ["byline"]


@pytest.mark.parametrize("text", [(run("BACKGROUND"), run(": Two.")), (run("BACKGROUND:"), run(" Two."))])
def test_a_note_on_a_header_is_unplaced_and_flagged(text):
    found = word(TITLE, BYLINE, TEXT, para(note("1").join(text)), notes=NOTES)
    assert (found.background, found.unplaced) == ("<p>Two.</p>", ["Thanks to all."])
    assert [flag.field for flag in found.flags] == ["background"]


def test_a_note_on_the_dateline_is_unplaced_and_flagged():
    found = word(
        TITLE,
        BYLINE,
        para(run("March 15th, 2016") + note("1") + run(", The Delta Analyst")),
        TEXT,
        BACKGROUND,
        notes=NOTES,
    )
    assert (found.dateline, found.unplaced) == ("March 15th, 2016, The Delta Analyst", ["Thanks to all."])
    assert [flag.field for flag in found.flags] == ["dateline"]


def test_a_note_on_a_line_that_is_furniture_is_unplaced_and_flagged():
    found = word(TITLE, BYLINE, TEXT, BACKGROUND, para(run("Read 7 times") + note("1")), notes=NOTES)
    assert (found.reads, found.unplaced) == (7, ["Thanks to all."])


def test_a_note_in_a_section_stays_where_it_is_cited():
    found = word(TITLE, BYLINE, TEXT, para(run("BACKGROUND: Ships") + note("1") + run(" came.")), notes=NOTES)
    assert found.background == '<p>Ships<small data-note="">Thanks to all.</small> came.</p>'
    assert found.flags == []


def test_two_notes_in_one_place_are_not_one_word():
    notes = {"1": para(run("See salt")), "2": para(run("and rope"))}
    found = word(TITLE, BYLINE, TEXT, para(run("BACKGROUND: Ships") + note("1") + note("2")), notes=notes)
    assert text_of(found.background) == "Ships See salt and rope"


def test_a_note_in_a_note_is_found_again():
    notes = {"1": para(run("See salt") + note("2") + run(" below.")), "2": para(run("Or rope."))}
    found = word(TITLE, BYLINE, TEXT, para(run("BACKGROUND: Ships") + note("1")), notes=notes)
    assert "See salt" in found.background
    assert "Or rope." in found.background


def test_an_endnote_is_found_again():
    text = para(run("BACKGROUND: Ships") + note("1", "endnote") + run(" came."))
    assert "Thanks to all." in word(TITLE, BYLINE, TEXT, text, endnotes=NOTES).background


def test_a_text_box_is_found_again():
    boxed = para(run("BACKGROUND: Ships came.") + text_box(para(run("They brought salt."))))
    assert "They brought salt." in word(TITLE, BYLINE, TEXT, boxed).background


# The seed, which is not ours to copy


@pytest.fixture
def seed() -> Manuscript:
    if not SEED.exists():
        pytest.skip("the seed is not here")
    return read(SEED.name, SEED.read_bytes())


def test_the_seed_is_read_whole(seed):
    assert_every_character_is_placed(seed, SEED.read_text(encoding="utf-8"))
    assert (seed.published_on.isoformat(), seed.modified_on.isoformat()) == ("2016-03-15", "2016-03-09")
    assert (seed.reads, seed.category, seed.unplaced) == (15880, "Analytical Articles", ["put-str"])
    assert [person.name for person in seed.byline] == ["Stephen Blank"]
    assert (seed.dateline, len(seed.bios), len(seed.publication_lines)) == (
        "March 15th, 2016, The CACI Analyst", 1, 12,
    )  # fmt: skip
    assert [flag.field for flag in seed.flags] == ["background"]


def test_nothing_of_the_seeds_furniture_is_left_in_its_text(seed):
    texts = " ".join(parts_of(seed)[name] for name in ("summary", "background", "implications", "conclusions", "bios"))
    for furniture in (
        "Published in",
        "15880",
        "Last modified",
        "Visit also",
        "Staff",
        "biweekly",
        "Sign up",
        "img.rt.com",
    ):
        assert furniture not in texts
    assert [len(text_of(getattr(seed, name)).split("\n\n")) for name in ("background", "implications", "conclusions")] == [
        5, 7, 2,
    ]  # fmt: skip


# Hostile input


@pytest.mark.parametrize(
    "paragraph",
    [
        "a" * 9000,
        "BACKGROUND" * 900,
        "By " + "A B, " * 40,
        "(" * 9000,
        "& " * 4500,
        "Read 1,1,1," * 14,
        "x" + "\xa0" * 9000,
    ],
)
def test_reading_takes_time_that_grows_with_the_text_and_no_faster(paragraph):
    data = f"{paragraph}\n\n".encode()
    copies = min(300_000 // len(data), 9000)
    once, twice = seconds(data * copies), seconds(data * copies * 2)
    assert twice < 1
    assert twice < once * 3 + 0.1


def seconds(data: bytes) -> float:
    """Of processor time, the best of three."""
    found = []
    for _ in range(3):
        start = process_time()
        read("quays.txt", data)
        found.append(process_time() - start)
    return min(found)


def test_ten_thousand_paragraphs_are_read():
    found = read("quays.txt", ("They wait.\n\n" * 10_000).encode())
    assert len(found.pieces) == 10_000
