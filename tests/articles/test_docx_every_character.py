"""Whatever a document is made of, its page says every visible character, in order, and counts the others."""

import io
from dataclasses import dataclass
from itertools import count

import docx
from docx.oxml import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.intake.word import read

from .word_files import (
    NS,
    deleted,
    field,
    hidden,
    inserted,
    item,
    link,
    note,
    para,
    run,
    table,
    text_box,
    word_file,
    words_of,
)

# Everything XML can hold, and more of what editors type than chance would bring.
letters = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=6)
texts = letters | st.sampled_from(["Grain", " and ", "power", "BACKGROUND:", "<b>", "&amp;", "\u00a0", "“", " ", ""])
marks = st.sampled_from(
    ["", "<w:b/>", "<w:i/>", '<w:vertAlign w:val="subscript"/>', "<w:caps/>", '<w:vanish w:val="0"/>']
)
GONE = "<w:rPr><w:del/></w:rPr>"


@dataclass
class Part:
    """Some XML, the text it shows, and how many characters it does not show."""

    xml: str
    text: str = ""
    unseen: int = 0
    notes: tuple[str, ...] = ()


def joined(parts: list[Part], xml: str, text: str) -> Part:
    notes = tuple(each for part in parts for each in part.notes)
    return Part(xml, text, sum(part.unseen for part in parts), notes)


def xml_of(parts: list[Part]) -> str:
    return "".join(part.xml for part in parts)


def text_of(parts: list[Part]) -> str:
    return "".join(part.text for part in parts)


plain = st.builds(lambda text, look: Part(run(text, look), text), texts, marks)
unseen = st.builds(
    lambda text, make: Part(make(text), "", len(text)),
    letters,
    st.sampled_from([deleted, hidden, lambda text: f"<w:moveFrom>{run(text)}</w:moveFrom>",
                     lambda text: inserted(deleted(text)), lambda text: f"<w:del>{hidden(text)}</w:del>"]),
)  # fmt: skip
signs = st.sampled_from([Part("<w:r><w:tab/></w:r>", "\t"), Part("<w:r><w:br/></w:r>", "\n"),
                         Part("<w:r><w:noBreakHyphen/></w:r>", "\u2011"), Part("<w:bookmarkStart w:name='b'/>"),
                         Part(run("x", "<w:vanish/>"), "", 1)])  # fmt: skip


def wrapped(inner: st.SearchStrategy[list[Part]]) -> st.SearchStrategy[Part]:
    wrappers = st.sampled_from([
        inserted, lambda xml: link("l", xml), lambda xml: field("REF x", xml), lambda xml: f"<w:moveTo>{xml}</w:moveTo>",
        lambda xml: field('HYPERLINK "https://example.org"', xml), lambda xml: f"<w:smartTag>{xml}</w:smartTag>",
        lambda xml: f"<w:sdt><w:sdtPr/><w:sdtContent>{xml}</w:sdtContent></w:sdt>",
        lambda xml: f"<w:fldSimple w:instr='REF x'>{xml}</w:fldSimple>",
    ])  # fmt: skip
    return st.builds(lambda wrap, parts: joined(parts, wrap(xml_of(parts)), text_of(parts)), wrappers, inner)


simple = st.lists(plain | unseen | signs, max_size=4)
inline = st.recursive(plain | unseen | signs, lambda inner: wrapped(st.lists(inner, max_size=3)), max_leaves=6)


@st.composite
def noted(draw: st.DrawFn) -> Part:
    parts = draw(simple)
    text = text_of(parts).strip(" \t\n")
    body = para(xml_of(parts))
    return Part(note("#"), f" {text} " if text else "", sum(part.unseen for part in parts), (body,))


styles = st.sampled_from(["", "berschrift1", "Zitat", "Loud", "Titel", "Bulleted"])


@st.composite
def paragraphs(draw: st.DrawFn, pieces: st.SearchStrategy[Part]) -> Part:
    parts = draw(st.lists(pieces, max_size=5))
    goes_on = draw(st.integers(0, 5)) == 0
    xml, text = xml_of(parts), text_of(parts)
    whole = joined(parts, para(xml, draw(styles), GONE if goes_on else ""), text)
    # A zero byte, which no text can hold, stands for the end that is gone.
    whole.text += "\0" if goes_on else "\n"
    return whole


items = st.builds(
    lambda text, kind, level: Part(item(text, kind, level), text + "\n"), texts, st.integers(1, 4), st.integers(0, 8)
)
boxes = st.builds(lambda text, box: Part(para(run(text) + text_box(para(run(box)))), f"{text}\n{box}\n"), texts, texts)


def tables(cells: st.SearchStrategy[list[Part]]) -> st.SearchStrategy[Part]:
    rows = st.lists(st.lists(cells, min_size=1, max_size=3), min_size=1, max_size=3)
    return st.builds(_table, rows, st.integers(0, 1))


def _table(rows: list[list[list[Part]]], head: int) -> Part:
    parts = [part for row in rows for cell in row for part in cell]
    xml = table(*[[xml_of(cell) + para("") for cell in row] for row in rows], head=head)
    return joined(parts, xml, "\n" + "".join(text_of(cell) + "\n" for row in rows for cell in row))


blocks = paragraphs(inline | noted()) | items | boxes
documents = st.lists(blocks | tables(st.lists(blocks, max_size=2)), max_size=6)


def visible(parts: list[Part]) -> str:
    """The text, where an end that is gone joins two paragraphs, but joins nothing to a table or to nothing."""
    text = text_of(parts)
    return " ".join(text.replace("\0\n", "\n").replace("\0", "").split())


def numbered(xml: str, bodies: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    numbers = count(1)
    pieces = xml.split('w:id="#"')
    xml = pieces[0] + "".join(f'w:id="{next(numbers)}"{piece}' for piece in pieces[1:])
    return xml, {str(number): body for number, body in enumerate(bodies, 1)}


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_it_says_every_visible_character_and_no_other(parts):
    whole = joined(parts, xml_of(parts), "")
    body, notes = numbered(whole.xml, whole.notes)
    answer = read(word_file(body, notes=notes, links={"l": "https://example.org"}))
    assert words_of(answer.html) == visible(parts)
    assert answer.hidden_characters == whole.unseen


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(paragraphs(inline), max_size=5), st.lists(texts, max_size=3), texts)
def test_it_says_every_character_of_the_usual_template(parts, lines, cell):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line, style="List Number")
    document.add_table(1, 1).cell(0, 0).text = cell
    for part in parts:
        document.element.body.insert_element_before(parse_xml(part.xml.replace("<w:p>", f"<w:p {NS}>", 1)), "w:sectPr")
    packed = io.BytesIO()
    document.save(packed)
    before = [Part("", line + "\n") for line in (*lines, cell)]
    assert words_of(read(packed.getvalue()).html) == visible([*before, *parts])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["begin", "separate", "end"]), max_size=8), st.lists(letters, min_size=9, max_size=9))
def test_it_loses_nothing_to_fields_that_are_not_whole(kinds, pieces):
    """However the marks of fields are strewn, what stands before the first and after the last is said."""
    marks = [f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in kinds]
    xml = "".join(run(text) + mark for text, mark in zip(pieces, [*marks, ""], strict=False))
    said = words_of(read(word_file(para(xml))).html)
    assert said.startswith(" ".join(pieces[0].split()))
    assert said.endswith(" ".join(pieces[len(kinds)].split()))
