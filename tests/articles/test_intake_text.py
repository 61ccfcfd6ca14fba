"""Files are known by what they contain; what cannot be read is refused with a sentence that says what to do."""

import pytest

from articles.intake import read
from articles.intake.manuscript import Refused
from articles.rich_text import text_of

TEXT = "Quiet quays\n\nBy Mira Holt\n\nThe café is “closed” – for ever.\n\nBACKGROUND: Londoño knew."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_it_reads_unicode_however_it_is_written(encoding):
    found = read("quays.txt", TEXT.encode(encoding))
    assert (found.title, found.background, found.flags) == ("Quiet quays", "<p>Londoño knew.</p>", [])


def test_it_reads_old_windows_text_and_says_so():
    found = read("quays.txt", TEXT.encode("cp1252"))
    assert text_of(found.summary) == "The café is “closed” – for ever."
    assert [(flag.field, flag.text) for flag in found.flags] == [("file", "é")]


def test_it_reads_a_page_in_the_encoding_that_it_names():
    page = '<html><head><meta charset="windows-1251"></head><body><h1>Тихие пристани</h1><p>Они ждут.</p></body></html>'
    found = read("quays.html", page.encode("cp1251"))
    assert (found.title, text_of(found.body)) == ("Тихие пристани", "Они ждут.")


@pytest.mark.parametrize("name", ["iso-8859-1", "ISO_8859-1", "latin1", "latin-1", "l1", "us-ascii", "windows-1252"])
def test_it_reads_a_page_that_calls_itself_latin_as_browsers_do(name):
    page = (
        f"<html><head><meta charset={name}></head><body><h1>Quays</h1><p>The mayor’s “plan” – so far…</p></body></html>"
    )
    found = read("quays.html", page.encode("cp1252"))
    assert text_of(found.body) == "The mayor’s “plan” – so far…"
    assert [flag.field for flag in found.flags] == ["byline"]


def test_it_reads_windows_line_ends():
    assert read("quays.txt", TEXT.replace("\n", "\r\n").encode()).background == "<p>Londoño knew.</p>"


def test_it_counts_control_characters_and_leaves_them_out():
    found = read("quays.txt", b"Quiet\x07 quays\n\nBy Mira Holt\n\nThey wait.")
    assert found.title == "Quiet quays"
    assert [flag.reason for flag in found.flags] == ["1 control characters, which no page can show, were left out."]


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "Choose the file"),
        (b" \n\t ", "Choose the file"),
        ("\ufeff".encode(), "Choose the file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "save it as .docx"),
        (b"%PDF-1.7\n...", "Import the Word file"),
        (b"{\\rtf1\\ansi", "save it as .docx"),
        (b"From: <Saved by Blink>\r\n", "Save the page again"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "Save it as"),
        (b"Quiet\0quays", "Save it as"),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        (b"x\n\n" * 20_001, "one article at a time"),
        (b"x" * 50_001, "Divide it"),
    ],
)
def test_it_refuses_what_it_cannot_read_and_says_what_to_do(data, advice):
    with pytest.raises(Refused, match=advice):
        read("quays.txt", data)


@pytest.mark.parametrize("page", ["<html></html>", "<!doctype html><script>var x = 1</script>", "<p hidden>x</p>"])
def test_it_refuses_a_page_without_text(page):
    with pytest.raises(Refused, match="has no text"):
        read("quays.html", page.encode())


def test_a_page_is_known_by_what_it_contains():
    found = read("quays.txt", b"<!DOCTYPE html><html><body><h1>Quiet quays</h1><p>They wait.</p></body></html>")
    assert (found.format, found.title) == ("page", "Quiet quays")


def test_a_text_that_speaks_of_tags_is_a_text():
    found = read("quays.txt", b"On <b> and its kin\n\nBy Mira Holt\n\nA <b> is bold & brief.")
    assert (found.format, found.body) == ("text", "<p>A &lt;b&gt; is bold &amp; brief.</p>")


def test_lines_broken_at_a_margin_are_one_paragraph():
    found = read(
        "quays.txt",
        b"Quiet quays\nBy Mira Holt\n\nThe river towns have stopped competing for ships and\ncargo, and the habit of "
        b"waiting seems to last among\nthem.\n\nBACKGROUND: The quays were built for a trade which has long\nmoved inland.",
    )
    assert text_of(found.summary).endswith(
        "competing for ships and cargo, and the habit of waiting seems to last among them."
    )
    assert text_of(found.background) == "The quays were built for a trade which has long moved inland."
    assert found.byline[0].name == "Mira Holt"


def test_without_blank_lines_each_line_is_a_paragraph():
    long = "The river towns have stopped competing for ships and cargo, and the habit of waiting seems to last among them all."
    found = read("quays.txt", f"Quiet quays\nBy Mira Holt\n{long}\nBACKGROUND: {long}\n{long} {long}\nShort.".encode())
    assert text_of(found.summary) == long
    assert text_of(found.background) == f"{long}\n\n{long} {long}\n\nShort."
