"""Section headers as they are really typed, and what is read when there is none."""

import pytest

from articles.intake import read
from articles.intake.manuscript import Manuscript
from articles.rich_text import text_of

SUMMARY = "The quays are empty, and nobody minds."


def text(*paragraphs: str) -> Manuscript:
    return read("quays.txt", "\n\n".join(["Quiet quays", "By Mira Holt", *paragraphs]).encode())


def page(body: str) -> Manuscript:
    return read("quays.html", f"<html><body><h1>Quiet quays</h1><p>By Mira Holt</p>{body}</body></html>".encode())


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("BACKGROUND:", "background"),
        ("BACKROUND:", "background"),
        ("Background:", "background"),
        ("background:", "background"),
        ("BACKGROUND:  ", "background"),
        ("BACKGROUND:\xa0\xa0", "background"),
        ("BACKGROUND :", "background"),
        ("BACKGROUND:\n\n", "background"),
        ("\u200bBACKGROUND:", "background"),
        ("IMPLICATIONS:", "implications"),
        ("IMPLICATION:", "implications"),
        ("CONCLUSIONS:", "conclusions"),
        ("CONCLUSION:", "conclusions"),
    ],
)
def test_it_knows_a_header_by_its_place_and_its_colon(header, part):
    found = text(SUMMARY, f"{header} It was not always so.", "Once there were ships.")
    assert text_of(getattr(found, part)) == "It was not always so.\n\nOnce there were ships."
    assert text_of(found.summary) == SUMMARY
    assert not found.flags
    assert not found.unplaced


@pytest.mark.parametrize(
    "header",
    [
        "<p><strong>BACK</strong>GROUND: It was not always so.</p>",
        "<p><b>BACKGROUND</b>: It was not always so.</p>",
        "<p><strong>BACKGROUND:</strong>&nbsp;&nbsp;It was not always so.</p>",
        "<p><strong>BACK</strong><strong>GROUND</strong> It was not always so.</p>",
        "<p><span style='font-weight: bold'>Background</span></p><p>It was not always so.</p>",
        "<h2>Background</h2><p>It was not always so.</p>",
        "<h3>BACKGROUND:</h3><p>It was not always so.</p>",
        "<p>BACKGROUND:<br>It was not always so.</p>",
        "<table><tr><td>BACKGROUND: It was not always so.</td></tr></table>",
        "<div><div>BACKGROUND:</div><div>It was not always so.</div></div>",
    ],
)
def test_it_knows_a_header_by_its_type(header):
    found = page(f"<p>{SUMMARY}</p>{header}")
    assert found.background == "<p>It was not always so.</p>"
    assert text_of(found.summary) == SUMMARY
    assert not found.flags


@pytest.mark.parametrize(
    ("paragraph", "junk"),
    [
        ("put-strBACKGROUND: It was not always so.", "put-str"),
        ("Screen Shot 2016 at 10.32 AMBACKGROUND: It was not always so.", "Screen Shot 2016 at 10.32 AM"),
    ],
)
def test_what_is_glued_to_a_header_is_unplaced_and_flagged(paragraph, junk):
    paragraph = paragraph.replace("10.32", "10")
    junk = junk.replace("10.32", "10")
    found = text(SUMMARY, paragraph)
    assert found.background == "<p>It was not always so.</p>"
    assert found.unplaced == [junk]
    assert [(flag.field, flag.text, flag.proposal) for flag in found.flags] == [
        ("background", f"{junk}BACKGROUND:", "BACKGROUND:")
    ]


@pytest.mark.parametrize("header", ["IMPLICATONS:", "BACKGROUND – ", "BACKGROUND\n\n", "Background\n\n"])
def test_a_doubtful_header_is_read_and_flagged(header):
    found = text(SUMMARY, f"{header} It was not always so.")
    assert text_of(found.background or found.implications) == "It was not always so."
    assert [flag.field for flag in found.flags] in (["background"], ["implications"])


@pytest.mark.parametrize(
    "sentence",
    [
        "The background of the dispute is old: it began with salt.",
        "Background noise is all that the harbour has left.",
        "In the BACKGROUND: nothing moves.",
        "His conclusions: none.",
        "The so-called “IMPLICATIONS: a memoir” sold well.",
        "He said (IMPLICATIONS: none) and left.",
        "He said “CONCLUSIONS: none” and left.",
        "IMPLICATED: nobody at all.",
    ],
)
def test_the_word_in_a_sentence_is_no_header(sentence):
    found = text(SUMMARY, "BACKGROUND: It was not always so.", sentence)
    assert text_of(found.background) == f"It was not always so.\n\n{sentence}"


def test_a_bold_word_that_begins_a_sentence_is_no_header():
    found = page(f"<p>{SUMMARY}</p><p>BACKGROUND: Two.</p><p><b>Conclusions</b> drawn in Baku differ from ours.</p>")
    assert found.background == "<p>Two.</p><p><strong>Conclusions</strong> drawn in Baku differ from ours.</p>"
    assert (found.conclusions, found.flags) == ("", [])


def test_a_bold_word_in_capitals_is_a_header_and_flagged_when_the_sentence_goes_on():
    found = page(f"<p>{SUMMARY}</p><p>BACKGROUND: Two.</p><p><b>CONCLUSIONS</b> drawn in Baku differ from ours.</p>")
    assert found.conclusions == "<p>drawn in Baku differ from ours.</p>"
    assert [(flag.field, flag.text) for flag in found.flags] == [("conclusions", "CONCLUSIONS")]


@pytest.mark.parametrize("word", ["Conclusions", "CONCLUSIONS", "conclusion"])
def test_a_paragraph_that_is_nothing_but_the_bold_word_is_a_header(word):
    found = page(f"<p>{SUMMARY}</p><p>BACKGROUND: Two.</p><p><b>{word}</b></p><p>Three.</p>")
    assert (found.conclusions, found.flags) == ("<p>Three.</p>", [])


def test_the_same_header_again_is_text_and_flagged():
    found = text(SUMMARY, "BACKGROUND: One.", "IMPLICATIONS: Two.", "Background: three.")
    assert text_of(found.implications) == "Two.\n\nBackground: three."
    assert [flag.text for flag in found.flags] == ["Background:"]


def test_a_header_as_the_first_text_leaves_no_summary_and_says_so():
    found = text("BACKGROUND: It was not always so.")
    assert (found.summary, found.background) == ("", "<p>It was not always so.</p>")
    assert [flag.field for flag in found.flags] == ["summary"]


def test_it_flags_sections_in_another_order():
    found = text(SUMMARY, "CONCLUSIONS: Three.", "BACKGROUND: One.")
    assert (found.conclusions, found.background) == ("<p>Three.</p>", "<p>One.</p>")
    assert len(found.flags) == 1


def test_without_a_header_the_first_of_several_paragraphs_is_the_summary():
    found = text("One.", "Two.", "Three.")
    assert (found.summary, found.body) == ("<p>One.</p>", "<p>Two.</p><p>Three.</p>")
    assert [flag.field for flag in found.flags] == ["summary"]


def test_without_a_header_a_single_paragraph_is_the_body():
    found = text("One.")
    assert (found.summary, found.body, found.flags) == ("", "<p>One.</p>", [])


def test_it_keeps_emphasis_links_lists_tables_notes_and_raised_letters():
    inner = (
        '<p>An <em>old</em> <strong>trade</strong>, <a href="https://delta.example/?a=1&amp;b=2">they</a> say, H<sub>2</sub>O'
        '<small data-note="">By hand.</small>.</p><ul><li>salt</li><li>rope<ol><li>thin</li></ol></li></ul>'
        "<blockquote><p>Wait.</p></blockquote><table><tbody><tr><th>Year</th><td></td></tr></tbody></table><h3>Later</h3>"
    )
    assert page(f"<p>{SUMMARY}</p><h2>Background</h2>{inner}").background == inner


FORMED = "Of a list, a heading, a table or a figure in {} only the text is kept, as paragraphs."


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        ("<ul><li>water</li><li>bread<ol><li>salt</li></ol></li></ul>", "<p>water</p><p>bread</p><p>salt</p>"),
        ("<ul><li>water<br>wine</li></ul>", "<p>water</p><p>wine</p>"),
        ("<h3>water</h3><p>bread</p>", "<p>water</p><p>bread</p>"),
        ("<table><tr><td>water</td><td>bread</td></tr></table>", "<p>water</p><p>bread</p>"),
        ("<blockquote>water</blockquote>", "<p>water</p>"),
    ],
)
def test_each_line_of_a_summary_is_a_paragraph_and_what_it_stood_in_is_flagged(lines, paragraphs):
    found = page(f"<p>{SUMMARY}</p>{lines}<h2>Background</h2><p>Two.</p>")
    assert found.summary == f"<p>{SUMMARY}</p>{paragraphs}"
    assert [(flag.field, flag.reason) for flag in found.flags] == [("summary", FORMED.format("the summary"))]


def test_each_line_of_a_bio_is_a_paragraph_and_what_it_stood_in_is_flagged():
    found = page(
        f"<p>{SUMMARY}</p><h2>Background</h2><p>Two.</p><h2>About the author</h2><p>Mira Holt wrote:</p>"
        "<ul><li>Water</li><li>Bread</li></ul>"
    )
    assert found.bios == ["<p>Mira Holt wrote:</p><p>Water</p><p>Bread</p>"]
    assert [(flag.field, flag.reason) for flag in found.flags] == [("bios", FORMED.format("a bio"))]


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Ships came<small data-note>By hand.</small>.", "<p>Ships came By hand..</p>"),
        ("Ships<small data-note>By hand.</small>came.", "<p>Ships By hand. came.</p>"),
        ("Ships <small data-note>By <em>hand</em>.</small> came.", "<p>Ships By <em>hand</em>. came.</p>"),
        ("Of H<sub>2</sub>O.", "<p>Of H2O.</p>"),
    ],
)
def test_a_note_in_a_summary_becomes_part_of_its_sentence_and_is_flagged(text, summary):
    found = page(f"<p>{text}</p><h2>Background</h2><p>Two.</p>")
    assert found.summary == summary
    assert [(flag.field, flag.text) for flag in found.flags] == [("summary", text_of(summary))]


# The author's bio


@pytest.mark.parametrize(
    "label",
    ["AUTHOR'S BIO:", "AUTHOR’S BIO:", "AUTHORS’ BIO:", "Authors' bios:", "ABOUT THE AUTHOR:", "Author’s Bio :"],
)
def test_it_reads_the_bio(label):
    found = text(SUMMARY, "BACKGROUND: It was not always so.", f"{label} Mira Holt is a pilot.")
    assert found.bios == ["<p>Mira Holt is a pilot.</p>"]
    assert not found.flags


def test_each_paragraph_that_names_an_author_is_a_bio():
    found = read(
        "quays.txt",
        b"Quiet quays\n\nBy Mira Holt and Jonas Elm\n\nOne.\n\nBACKGROUND: Two.\n\nABOUT THE AUTHORS:\n\n"
        b"Mira Holt is a pilot.\n\nShe sails.\n\nJonas Elm does not.",
    )
    assert found.bios == ["<p>Mira Holt is a pilot.</p><p>She sails.</p>", "<p>Jonas Elm does not.</p>"]


def test_it_flags_more_bios_than_authors():
    found = read("quays.txt", b"Quiet quays\n\nOne.\n\nBACKGROUND: Two.\n\nAUTHORS' BIO:\n\nA is.\n\nB is.")
    assert len(found.bios) == 2
    assert "bios" in [flag.field for flag in found.flags]
