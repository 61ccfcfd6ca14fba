"""The shape of a manuscript: headings, lists, tables, links, notes and pictures stay what they are."""

import pytest

from articles.intake import word
from articles.intake.docx import WordReader
from articles.intake.word import pictures

from .word_files import (
    PNG,
    STYLES,
    deleted,
    field,
    hidden,
    item,
    link,
    note,
    para,
    picture,
    run,
    table,
    text_box,
    word_file,
)


@pytest.fixture(scope="module")
def read():
    with WordReader() as reader:
        yield reader.read


@pytest.fixture(scope="module")
def html(read):
    return lambda body, **parts: read(word_file(body, **parts)).html


# Paragraphs


@pytest.mark.parametrize(
    ("style", "tag"), [("berschrift1", "h1"), ("berschrift2", "h2"), ("Unter", "h2"), ("Titel", "h1")]
)
def test_it_knows_headings_by_their_style(html, style, tag):
    assert html(para(run("Grain"), style)) == f"<{tag}>Grain</{tag}>"


def test_it_knows_headings_by_the_outline_level_of_their_style(html):
    style = '<w:style w:type="paragraph" w:styleId="X"><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    assert html(para(run("Grain"), "X"), styles=style) == "<h3>Grain</h3>"


def test_it_takes_no_title_of_a_table_of_contents_for_a_heading(html):
    style = '<w:style w:type="paragraph" w:styleId="X"><w:name w:val="TOC Heading"/><w:basedOn w:val="berschrift1"/>'
    style += '<w:pPr><w:outlineLvl w:val="9"/></w:pPr><w:rPr><w:b w:val="0"/></w:rPr></w:style>'
    assert html(para(run("Contents"), "X"), styles=STYLES + style) == "<p>Contents</p>"


def test_it_has_four_levels_of_headings(html):
    style = '<w:style w:type="paragraph" w:styleId="X"><w:name w:val="heading 6"/></w:style>'
    assert html(para(run("Grain"), "X"), styles=style) == "<h4>Grain</h4>"


def test_it_keeps_quotations(html):
    body = para(run("one"), "Zitat") + para(run("two"), "Zitat")
    assert html(body) == "<blockquote><p>one</p><p>two</p></blockquote>"


def test_it_drops_empty_paragraphs(html):
    assert html(para("") + para(run(" ")) + para(run("a"))) == "<p>a</p>"


LOOKS = {
    "bold and italic": (run("a", "<w:b/><w:i/>"), "<strong><em>a</em></strong>"),
    "not bold": (run("a", '<w:b w:val="0"/>'), "a"),
    "bold by a character style": (run("a", '<w:rStyle w:val="Fett"/>'), "<strong>a</strong>"),
    "raised and lowered": (
        run("a", '<w:vertAlign w:val="superscript"/>') + run("b", '<w:vertAlign w:val="subscript"/>'),
        "<sup>a</sup><sub>b</sub>",
    ),
    "one word in three runs": (
        run("BACK", "<w:b/>") + run("GRO", "<w:b/>") + run("UND:", "<w:b/>"),
        "<strong>BACKGROUND:</strong>",
    ),
    "underlined": (run("a", '<w:u w:val="single"/>'), "a"),
}


@pytest.mark.parametrize(("content", "expected"), LOOKS.values(), ids=LOOKS)
def test_it_keeps_the_look_of(html, content, expected):
    assert html(para(content)) == f"<p>{expected}</p>"


def test_it_keeps_bold_by_a_paragraph_style(html):
    assert html(para(run("a"), "Loud")) == "<p><strong>a</strong></p>"


def test_it_lets_a_bold_style_inside_a_bold_style_stand_out_plain(html):
    assert html(para(run("a") + run("b", '<w:rStyle w:val="Fett"/>'), "Loud")) == "<p><strong>a</strong>b</p>"


# Lists


def test_it_keeps_lists_and_lists_in_lists(html):
    body = item("a", 1) + item("b", 2, 1) + item("c", 2, 1) + item("d", 1)
    assert html(body) == "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>"


def test_it_keeps_lists_nine_levels_deep(html):
    text = html("".join(item(str(level), 1, level) for level in range(9)))
    assert text.count("<ul>") == 9
    assert text.startswith("<ul><li>0<ul><li>1")


def test_it_keeps_a_list_that_begins_on_its_second_level(html):
    assert html(item("a", 2, 1)) == "<ul><li><ol><li>a</li></ol></li></ul>"


def test_it_keeps_a_list_by_its_style(html):
    assert html(para(run("a"), "Bulleted")) == "<ul><li>a</li></ul>"


def test_it_lets_a_paragraph_leave_the_list_of_its_style(html):
    assert html(para(run("a"), "Bulleted", '<w:numPr><w:numId w:val="0"/></w:numPr>')) == "<p>a</p>"


def test_it_begins_a_new_list_where_the_numbers_begin_anew(html):
    assert html(item("a", 2) + item("b", 4)) == "<ol><li>a</li></ol><ol><li>b</li></ol>"


def test_it_goes_on_with_a_list_that_counts_on(html):
    assert html(item("a", 4) + item("b", 4)) == "<ol><li>a</li><li>b</li></ol>"


def test_it_keeps_the_text_of_a_list_that_is_not_defined(html):
    assert html(item("a", 77)) == "<p>a</p>"


# Tables


def test_it_keeps_tables_with_their_heads(html):
    cells = [[para(run(word)) for word in row] for row in ("ab", "cd")]
    assert html(table(*cells, head=1)) == (
        "<table><thead><tr><th><p>a</p></th><th><p>b</p></th></tr></thead>"
        "<tbody><tr><td><p>c</p></td><td><p>d</p></td></tr></tbody></table>"
    )


def test_it_keeps_cells_that_span(html):
    wide = f'<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{para(run("wide"))}'
    tall = f'<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{para(run("tall"))}'
    rest = f"<w:tcPr><w:vMerge/></w:tcPr>{para('')}"
    body = table([wide], [tall, para(run("a"))], [rest, para(run("b"))])
    assert html(body) == (
        '<table><tbody><tr><td colspan="2"><p>wide</p></td></tr><tr><td rowspan="2"><p>tall</p></td>'
        "<td><p>a</p></td></tr><tr><td><p>b</p></td></tr></tbody></table>"
    )


def test_it_keeps_the_text_of_a_cell_that_should_have_none(html):
    body = table([f'<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{para(run("a"))}'],
                 [f"<w:tcPr><w:vMerge/></w:tcPr>{para(run('b'))}"])  # fmt: skip
    assert html(body) == "<table><tbody><tr><td><p>a</p></td></tr><tr><td><p>b</p></td></tr></tbody></table>"


def test_it_keeps_a_table_in_a_table_and_lists_in_cells(html):
    inner = table([item("a", 1)])
    assert html(table([inner + para("")])) == (
        "<table><tbody><tr><td><table><tbody><tr><td><ul><li>a</li></ul></td></tr></tbody></table></td></tr></tbody></table>"
    )


# Links

WEB = "https://example.org/?a=1&b=2"


def test_it_keeps_links(html):
    body = para(link("l", run("a", "<w:b/>") + run("b")))
    assert html(body, links={"l": WEB}) == (
        '<p><a href="https://example.org/?a=1&amp;b=2"><strong>a</strong>b</a></p>'
    )  # fmt: skip


@pytest.mark.parametrize("instruction", [f'HYPERLINK "{WEB}"', f" hyperlink {WEB} ", f'HYPERLINK "{WEB}" \\o "tip"'])
def test_it_keeps_links_that_are_fields(html, instruction):
    assert html(para(field(instruction, run("a")))) == '<p><a href="https://example.org/?a=1&amp;b=2">a</a></p>'


def test_it_keeps_the_place_within_a_page(html):
    assert 'href="https://example.org#top"' in html(para(field('HYPERLINK "https://example.org" \\l "top"', run("a"))))


def test_it_keeps_a_link_whose_address_is_in_several_pieces(html):
    body = field("|", run("a")).replace("|", 'HYPERLINK "https://exa</w:instrText><w:instrText>mple.org"')
    assert html(para(body)) == '<p><a href="https://example.org">a</a></p>'


BAD_LINKS = ["javascript:alert(1)", "java\nscript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://example.org",
             "\\\\server\\share", "chapter2.docx", "", 'https://example.org/"onclick="x', "vbscript:x"]  # fmt: skip


@pytest.mark.parametrize("target", BAD_LINKS)
def test_it_keeps_only_the_text_of_links_that_lead_nowhere_safe(html, target):
    assert html(para(link("l", run("a"))), links={"l": target}) == "<p>a</p>"


def test_it_keeps_only_the_text_of_links_within_the_document(html):
    assert html(para(f'<w:hyperlink w:anchor="top">{run("a")}</w:hyperlink>')) == "<p>a</p>"


def test_it_keeps_no_link_inside_a_link(html):
    body = para(link("l", run("a") + field('HYPERLINK "https://example.com"', run("b"))))
    assert html(body, links={"l": WEB}).count("<a ") == 1


def test_it_keeps_the_outer_of_two_links(html):
    body = para(link("l", run("a") + link("m", run("b"))))
    assert html(body, links={"l": "https://example.org", "m": WEB}) == '<p><a href="https://example.org">ab</a></p>'


# Notes


def test_it_puts_notes_where_they_are_cited(html):
    body = para(run("Grain") + note("2") + run(" and") + note("3", "endnote") + run(" power"))
    assert html(body, notes={"2": para(run(" One."))}, endnotes={"3": para(run("Two."))}) == (
        "<p>Grain<small data-note>One.</small> and<small data-note>Two.</small> power</p>"
    )


def test_it_keeps_neighbouring_notes_apart(html):
    notes = {"2": para(run("a")), "3": para(run("b"))}
    text = html(para(note("2") + note("3")), notes=notes)
    assert text == "<p><small data-note>a</small><small data-note>b</small></p>"


def test_it_keeps_the_looks_and_links_of_a_note(html):
    text = run("See ") + run("Grain", "<w:i/>") + link("l", run("here", "<w:b/>"))
    assert html(para(run("x") + note("2")), notes={"2": para(text)}, links={"l": WEB}) == (
        "<p>x<small data-note>See <em>Grain</em>"
        '<a href="https://example.org/?a=1&amp;b=2"><strong>here</strong></a></small></p>'
    )


def test_it_joins_the_paragraphs_of_a_note(html):
    text = para(run("a")) + table([para(run("b"))]) + item("c", 1)
    assert html(para(note("2")), notes={"2": text}) == "<p><small data-note>a b c</small></p>"


def test_it_keeps_a_note_in_a_note(html):
    body = para(run("x") + note("2"))
    notes = {"2": para(run("a") + note("3", "endnote") + run(" b"))}
    text = html(body, notes=notes, endnotes={"3": para(run("c")) + para(run("d"))})
    assert text == "<p>x<small data-note>a c d  b</small></p>"


def test_it_leaves_out_what_is_struck_out_of_a_note_and_counts_it(read):
    text = read(word_file(para(note("2")), notes={"2": para(run("a") + deleted("bc") + hidden("d"))}))
    assert text.html == "<p><small data-note>a</small></p>"
    assert text.hidden_characters == 3


def test_it_says_a_note_once_however_often_it_is_cited(html):
    text = html(para(note("2") + run("x") + note("2")), notes={"2": para(run("a"))})
    assert text == "<p><small data-note>a</small>x</p>"


def test_it_keeps_notes_in_headings_lists_and_tables(html):
    body = para(run("h") + note("2"), "Titel") + table([para(run("c") + note("3"))])
    assert html(body, notes={"2": para(run("a")), "3": para(run("b"))}) == (
        "<h1>h<small data-note>a</small></h1>"
        "<table><tbody><tr><td><p>c<small data-note>b</small></p></td></tr></tbody></table>"
    )


def test_it_is_not_led_round_in_circles_by_notes(html):
    assert html(para(note("2")), notes={"2": para(run("a") + note("2"))}) == "<p><small data-note>a</small></p>"


# Pictures

FIGURE = '<figure data-image="image-1"></figure>'


def test_it_puts_a_picture_in_a_block_of_its_own(read):
    text = read(word_file(para(run("a ") + picture("p", "A port") + run(" b")), images={"p": PNG}))
    assert text.html == f"<p>a</p>{FIGURE}<p>b</p>"
    assert (text.images, text.alts) == ({"image-1": PNG}, {"image-1": "A port"})


@pytest.mark.parametrize(("style", "tag"), [("Titel", "h1"), ("Bulleted", "ul")])
def test_it_keeps_headings_and_list_items_with_pictures_whole(html, style, tag):
    text = html(para(run("a") + picture("p") + run("b"), style), images={"p": PNG})
    assert text in (f"<h1>ab</h1>{FIGURE}", f"<ul><li>a{FIGURE}b</li></ul>")


def test_it_keeps_pictures_of_older_words(read):
    old = '<w:r><w:pict><v:shape alt="A port"><v:imagedata r:id="p"/></v:shape></w:pict></w:r>'
    text = read(word_file(para(old), images={"p": PNG}))
    assert (text.html, text.alts) == (FIGURE, {"image-1": "A port"})


def test_it_hands_over_a_picture_once_however_often_it_stands(read):
    text = read(word_file(para(picture("p")) * 2, images={"p": PNG}))
    assert (text.html, list(text.images)) == (FIGURE * 2, ["image-1"])


def test_it_keeps_pictures_in_notes_text_boxes_and_cells(read):
    body = para(run("a") + note("2") + text_box(para(picture("p")))) + table([para(picture("p"))])
    assert read(word_file(body, notes={"2": para(run("n"))}, images={"p": PNG})).html.count(FIGURE) == 2


def test_it_leaves_out_deleted_and_hidden_pictures(read):
    unseen = picture("p").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
    text = read(word_file(para(f"<w:del>{picture('p')}</w:del>{unseen}"), images={"p": PNG}))
    assert (text.html, text.images) == ("", {})


PICTURES = {
    "JPEG": b"\xff\xd8\xff\xe0", "GIF": b"GIF89a", "WebP": b"RIFF\0\0\0\0WEBPVP8 ", "BMP": b"BM\1\2\3\4\0\0\0\0",
    "AVIF": b"\0\0\0\x20ftypavif", "TIFF": b"II*\0", "big-endian TIFF": b"MM\0*",
}  # fmt: skip
NO_PICTURES = {
    "EMF": b"\1\0\0\0\x6c\0\0\0", "WMF": b"\xd7\xcd\xc6\x9a", "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "HTML": b"<script>alert(1)</script>", "nothing": b"", "a film": b"\0\0\0\x20ftypisom", "sound": b"RIFF\0\0\0\0WAVE",
    "a word": b"BMW and others",
}  # fmt: skip


@pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES)
def test_it_hands_over_pictures_a_browser_shows(read, data):
    assert read(word_file(para(picture("p")), images={"p": data})).images == {"image-1": data}


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES)
def test_it_leaves_out_other_pictures_and_says_so(read, data):
    text = read(word_file(para(run("a") + picture("p")), images={"p": data}))
    assert (text.html, text.images) == ("<p>a</p>", {})
    assert "browsers cannot show its format" in text.left_out[0]


def test_it_leaves_out_pictures_from_elsewhere_and_says_so(read):
    body = para(run("a") + picture("p", attribute="link") + picture("p"))
    text = read(word_file(body, outside={"p": "http://127.0.0.1/x.png"}))
    assert (text.html, text.images) == ("<p>a</p>", {})
    assert "it is not in the file but at http://127.0.0.1/x.png" in text.left_out[0]


def test_it_leaves_out_pictures_that_are_too_large_and_says_so(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", len(PNG) - 1)
    answer = word.read(word_file(para(picture("p")), images={"p": PNG}))
    assert (answer.html, answer.pictures) == ("", {})
    assert answer.left_out == ["A picture was left out: it is larger than 25 MB."]


def test_it_says_that_a_chart_was_left_out(read):
    chart = '<a:graphic><a:graphicData><c:chart r:id="c"/></a:graphicData></a:graphic>'
    body = para(f"<w:r><w:drawing><wp:inline>{chart}</wp:inline></w:drawing></w:r>")
    assert read(word_file(body)).left_out == ["A chart was left out: put it in as a picture."]
