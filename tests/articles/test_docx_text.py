"""The text of a manuscript is what Word shows with all changes accepted: not one character less, not one more."""

import pytest

from articles.intake.docx import WordReader

from .word_files import deleted, field, hidden, inserted, note, para, run, t, table, text_box, word_file, words_of

BEGIN, SEPARATE, END = (f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "separate", "end"))
MARK_GONE = '<w:rPr><w:del w:id="9"/></w:rPr>'


def math(text: str, marks: str = "") -> str:
    return f"<m:r><w:rPr>{marks}</w:rPr>{t(text, 'm:t')}</m:r>"


@pytest.fixture(scope="module")
def read():
    with WordReader() as reader:
        yield reader.read


@pytest.fixture(scope="module")
def words(read):
    return lambda body, **parts: words_of(read(word_file(body, **parts)).html)


KEPT = {
    "inserted": (inserted(run("grain")), "grain"),
    "moved here": (f"<w:moveTo>{run('grain')}</w:moveTo>", "grain"),
    "a content control": (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('grain')}</w:sdtContent></w:sdt>", "grain"),
    "a smart tag": (f"<w:smartTag>{run('grain')}</w:smartTag>", "grain"),
    "custom XML": (f"<w:customXml><w:customXmlPr/>{run('grain')}</w:customXml>", "grain"),
    "right to left": (f"<w:bdo w:val='rtl'><w:dir w:val='rtl'>{run('grain')}</w:dir></w:bdo>", "grain"),
    "small capitals": (run("Grain", "<w:smallCaps/><w:caps/>"), "Grain"),
    "web-hidden": (run("grain", "<w:webHidden/>"), "grain"),
    "struck through": (run("grain", "<w:strike/>"), "grain"),
    "not hidden after all": (run("grain", '<w:vanish w:val="0"/>'), "grain"),
    "visible in a hidden style": (run("grain", '<w:rStyle w:val="Leise"/><w:vanish w:val="false"/>'), "grain"),
    "no-break hyphen": (f"<w:r>{t('co')}<w:noBreakHyphen/>{t('op')}</w:r>", "co\u2011op"),
    "soft hyphen": (f"<w:r>{t('co')}<w:softHyphen/>{t('op')}</w:r>", "co\u00adop"),
    "tab": (f"<w:r>{t('a')}<w:tab/>{t('b')}<w:ptab/>{t('c')}</w:r>", "a b c"),
    "line break": (f"<w:r>{t('a')}<w:br/>{t('b')}<w:cr/>{t('c')}</w:r>", "a b c"),
    "page break": (f"<w:r>{t('a')}<w:br w:type='page'/>{t('b')}</w:r>", "a b"),
    "symbol": (
        '<w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>',
        "α\U0001f86a",
    ),
    "symbol of an unknown font": ('<w:r><w:sym w:font="House" w:char="F0AB"/></w:r>', "\uf0ab"),
    "symbol by its own code": ('<w:r><w:sym w:font="Arial" w:char="20AC"/></w:r>', "€"),
    "symbol without a code": ('<w:r><w:sym w:font="Arial" w:char="none"/><w:t>grain</w:t></w:r>', "grain"),
    "mathematics": (f"<m:oMath><m:f><m:num>{math('x')}</m:num><m:den>{math('y')}</m:den></m:f></m:oMath>", "xy"),
    "ruby": (f"<w:ruby><w:rubyPr/><w:rt>{run('kan')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby>", "漢kan"),
    "a field's result": (field(" DATE ", run("1 May")), "1 May"),
    "a simple field": (f"<w:fldSimple w:instr=' PAGE '>{run('7')}</w:fldSimple>", "7"),
    "a field in a field": (field(" IF ", field(" REF ", run("inner")) + run(" outer")), "inner outer"),
    "after a field that never ends": (BEGIN + run("grain"), "grain"),
    "after a field that never began": (END + run("grain"), "grain"),
    "a field whose beginning is deleted": (f"<w:del>{BEGIN}</w:del>" + run("grain"), "grain"),
    "a comment in the XML": ("<w:r><w:t>gr<!-- not text -->ain</w:t></w:r>", "grain"),
    "signs that HTML knows": (run('a < b & c > "d" &lt;'), 'a < b & c > "d" &lt;'),
    "private and unassigned characters": (run("\ue000 \ufdd0 \U0010fffd"), "\ue000 \ufdd0 \U0010fffd"),
    "a run outside its paragraph": ("<w:unheardOf>" + run("grain") + "</w:unheardOf>", "grain"),
}


@pytest.mark.parametrize(("content", "expected"), KEPT.values(), ids=KEPT)
def test_it_keeps(words, content, expected):
    assert words(para(content)) == expected


LEFT_OUT = {
    "deleted": (deleted("secret"), 6),
    "moved away": (f"<w:moveFrom>{run('secret')}</w:moveFrom>", 6),
    "deleted inside inserted": (inserted(deleted("secret")), 6),
    "hidden": (hidden("secret"), 6),
    "always hidden": (run("secret", "<w:specVanish/>"), 6),
    "hidden by a character style": (run("secret", '<w:rStyle w:val="Leise"/>'), 6),
    "hidden by an inherited style": (run("secret", '<w:rStyle w:val="Leiser"/>'), 6),
    "hidden mathematics": (f"<m:oMath>{math('xy', '<w:vanish/>')}</m:oMath>", 2),
    "a hidden hyphen": ("<w:r><w:rPr><w:vanish/></w:rPr><w:noBreakHyphen/><w:tab/></w:r>", 2),
    "a hidden text box": (text_box(para(run("secret"))).replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>", 1), 6),
    "a deleted note": (f"<w:del>{note('1')}</w:del>", 6),
    "an instruction": (field(" HYPERLINK secret ", ""), 0),
    "text within an instruction": (BEGIN + run("secret") + END, 0),
    "a comment": ("<w:commentRangeStart w:id='0'/><w:r><w:commentReference w:id='0'/></w:r>", 0),
    "the earlier look of a run": (run("", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"), 0),
}


@pytest.mark.parametrize(("content", "count"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_it_leaves_out_and_counts(read, content, count):
    comments = {"word/comments.xml": "<w:comments>secret</w:comments>"}
    notes = {"1": para(run("secret"))}
    text = read(word_file(para(run("left ") + content + run("right")), notes=notes, parts=comments))
    assert words_of(text.html) == "left right"
    assert text.hidden_characters == count


def test_it_leaves_out_a_paragraph_hidden_by_its_style(read):
    text = read(word_file(para(run("before")) + para(run("secret"), "Unseen") + para(run("after"))))
    assert text.html == "<p>before</p><p>after</p>"
    assert text.hidden_characters == 6


def test_it_leaves_out_everything_a_document_hides_by_default(read):
    styles = "<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>"
    text = read(word_file(para(run("secret") + run("seen", '<w:vanish w:val="0"/>')), styles=styles))
    assert (text.html, text.hidden_characters) == ("<p>seen</p>", 6)


def test_it_leaves_out_a_table_hidden_by_its_style(read):
    body = table([para(run("secret"))]).replace("<w:tbl>", '<w:tbl><w:tblPr><w:tblStyle w:val="Geheim"/></w:tblPr>')
    text = read(word_file(body + para(run("seen"))))
    assert (words_of(text.html), text.hidden_characters) == ("seen", 6)


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:moveFrom/>", "<w:vanish/>", '<w:rStyle w:val="Leise"/>'])
def test_it_joins_paragraphs_whose_border_is_gone(read, mark):
    body = para(run("Grain"), "berschrift1", f"<w:rPr>{mark}</w:rPr>") + para(run(" and power"))
    assert read(word_file(body)).html == "<p>Grain and power</p>"


def test_it_joins_any_number_of_them(words):
    body = "".join(para(run(word), more=MARK_GONE) for word in ("a", "b", "c")) + para(run("d"))
    assert words(body) == "abcd"


def test_it_keeps_the_last_paragraph_though_its_border_is_gone(words):
    assert words(para(run("a")) + para(run("b"), more=MARK_GONE)) == "a b"


def test_it_keeps_a_paragraph_without_border_before_a_table(read):
    html = read(word_file(para(run("a"), more=MARK_GONE) + table([para(run("b"), more=MARK_GONE)]))).html
    assert html == "<p>a</p><table><tbody><tr><td><p>b</p></td></tr></tbody></table>"


def test_it_joins_a_drop_capital_to_its_word(read):
    body = para(run("G"), more='<w:framePr w:dropCap="drop"/>') + para(run("rain"))
    assert read(word_file(body)).html == "<p>Grain</p>"


def test_it_leaves_out_deleted_and_hidden_rows_and_cells(read):
    gone = "<w:tr><w:trPr>{}</w:trPr><w:tc>{}</w:tc></w:tr>"
    cell = f"<w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr>{para(run('ghi'))}</w:tc><w:tc>{para(run('kept'))}</w:tc></w:tr>"
    rows = gone.format("<w:del/>", para(run("abc"))) + gone.format("<w:hidden/>", para(run("def"))) + cell
    text = read(word_file(f"<w:tbl>{rows}</w:tbl>"))
    assert (words_of(text.html), text.hidden_characters) == ("kept", 9)


def test_it_keeps_a_text_box_once_and_after_its_paragraph(read):
    html = read(word_file(para(run("be") + text_box(para(run("box"))) + run("fore")) + para(run("after")))).html
    assert html == "<p>before</p><p>box</p><p>after</p>"


def test_it_keeps_an_older_text_box(words):
    box = f"<v:textbox><w:txbxContent>{para(run('box'))}</w:txbxContent></v:textbox>"
    assert words(para(run("text") + f"<w:r><w:pict><v:shape>{box}</v:shape></w:pict></w:r>")) == "text box"


def test_it_keeps_what_only_the_older_version_of_a_shape_says(words):
    shape = (
        f'<mc:AlternateContent><mc:Choice Requires="new"/><mc:Fallback>{t("old")}</mc:Fallback></mc:AlternateContent>'
    )
    assert words(para(f"<w:r>{shape}</w:r>")) == "old"


def test_it_keeps_the_result_of_a_field_over_several_paragraphs(words):
    begin, end = field("TOC", "|").split("|")
    body = para(begin + run("Contents")) + para(run("Grain 1")) + para(run("Power 2") + end)
    assert words(body) == "Contents Grain 1 Power 2"


@pytest.mark.parametrize("gone", [BEGIN, END, BEGIN + SEPARATE, SEPARATE + END])
def test_it_loses_no_text_to_a_field_that_is_partly_in_a_deleted_row(words, gone):
    row = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{para(gone)}</w:tc></w:tr>"
    rest = (BEGIN + SEPARATE + END).replace(gone, run("Grain"))
    assert words(f"<w:tbl>{row}</w:tbl>{para(rest + run(' and power'))}") == "Grain and power"


def test_it_goes_on_after_a_field_whose_end_is_hidden_with_its_box(words):
    box = text_box(para(END)).replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>", 1)
    assert words(para(BEGIN + SEPARATE + run("Grain") + box + run(" and power"))) == "Grain and power"


def test_it_keeps_text_in_block_content_controls_and_insertions(words):
    body = f"<w:sdt><w:sdtContent>{para(run('a'))}</w:sdtContent></w:sdt><w:customXml>{para(run('b'))}</w:customXml>"
    assert words(body + inserted(para(run("c")))) == "a b c"


def test_it_keeps_text_outside_any_paragraph(words):
    assert words(run("a") + para(run("b"))) == "a b"


def test_it_keeps_paragraphs_apart_in_a_wrapper_it_does_not_know(words):
    inner = para(run("a")) + para(run("b"))
    assert (
        words(f"<w:unheardOf>{inner}</w:unheardOf>" + para(f"<w:r><w:unheardOf>{inner}</w:unheardOf></w:r>"))
        == "a b a b"
    )


def test_it_keeps_the_text_of_drawings(words):
    drawing = "".join(f"<a:p><a:r>{t(word, 'a:t')}</a:r></a:p>" for word in ("a", "b"))
    assert words(para(f"<w:r><w:drawing>{drawing}</w:drawing></w:r>")) == "a b"


def test_it_keeps_a_note_whose_other_citation_was_deleted(words):
    body = para(f"<w:del>{note('1')}</w:del>" + run("Grain") + inserted(note("1")))
    assert words(body, notes={"1": para(run("A note."))}) == "Grain A note."


def test_it_counts_a_deleted_note_that_cites_itself(read):
    text = read(word_file(para(f"<w:del>{note('1')}</w:del>"), notes={"1": para(run("abc") + note("1"))}))
    assert (text.html, text.hidden_characters) == ("", 3)


def test_it_leaves_out_deleted_blocks(words):
    assert words(f"<w:del>{para(run('secret'))}</w:del>" + para(run("seen"))) == "seen"


def test_it_leaves_out_headers_and_footers(words):
    assert words(para(run("text")), parts={"word/header1.xml": para(run("header"))}) == "text"


def test_it_reads_strict_documents(words):
    strict = word_file("", parts={
        "word/document.xml": '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r>'
                             "<w:t>strict</w:t></w:r></w:p></w:body></w:document>",
    })  # fmt: skip
    with WordReader() as reader:
        assert reader.read(strict).html == "<p>strict</p>"


def test_it_tells_the_title_and_author_the_file_names(read):
    text = read(word_file(para(run("x")), core="<dc:title> Grain  and power</dc:title><dc:creator>A. Pen</dc:creator>"))
    assert (text.title, text.core_author) == ("Grain and power", "A. Pen")


def test_it_tells_of_no_title_where_there_is_none(read):
    text = read(word_file(para(run("x")), core="<dc:title> </dc:title>"))
    assert (text.title, text.core_author) == (None, None)
