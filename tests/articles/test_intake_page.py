"""Saved pages: the article is found in K2, WordPress, our own pages and plain ones; the rest is furniture."""

from base64 import b64encode
from datetime import date
from pathlib import Path
from time import process_time

import pytest

from articles.intake import Reader, read
from articles.intake.manuscript import Manuscript, Person, Picture, Refused
from articles.rich_text import text_of

MANUSCRIPTS = Path(__file__).parent / "manuscripts"
DOT = b"GIF89a\x01\x00\x01\x00\x00\xff\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;"


def page(name: str) -> Manuscript:
    return read(name, (MANUSCRIPTS / name).read_bytes())


def html(body: str, head: str = "") -> Manuscript:
    return read("quays.html", f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode())


def article(body: str, head: str = "") -> Manuscript:
    return html(f"<h1>Quiet quays</h1><p>By Mira Holt</p><p>One.</p><h2>Background</h2>{body}", head)


# K2


def test_it_reads_a_page_of_k2():
    found = page("ports_k2.html")
    assert found.title == "Quiet ports: how the river towns learned to wait"
    assert found.address == "http://www.delta.example/publications/item/4210-quiet-ports.html"
    assert (found.category, found.reads, found.tags) == ("Analytical Articles", 4210, ["rivers", "trade, inland"])
    assert (found.published_on, found.modified_on) == (date(2015, 5, 14), date(2015, 5, 11))
    assert (found.byline, found.dateline) == ([Person("Mira Holt")], "May 14th, 2015, The Delta Analyst")
    assert found.unplaced == []


def test_nothing_around_the_article_of_k2_is_text():
    found = page("ports_k2.html")
    texts = [found.summary, found.background, found.implications, found.conclusions, found.body, *found.bios]
    for around in (
        "Archive",
        "font size",
        "Rate",
        "votes",
        "Related",
        "comment",
        "Visit",
        "Staff",
        "biweekly",
        "Sign up",
    ):
        assert not any(around in text for text in texts), around


def test_it_reads_the_picture_of_k2_and_its_credit():
    picture = Picture(
        address="./Quiet%20ports_files/a_L.jpg",
        alt="An empty quay",
        credit="pictures.example.org, accessed on May 9, 2015",
        source="pictures.example.org",
        accessed_on=date(2015, 5, 9),
    )
    assert page("ports_k2.html").picture == picture


def test_it_reads_staff_publications_beside_the_article():
    assert page("ports_k2.html").publication_lines == [
        "photo 2015-05-08 at 10.32 AMDelta Paper Jonas Elm, Two Banks of One River, May 2015.",
        'Analysis Tilda Brandt, "Salt and Patience," River Letters, March 30, 2015.',
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "<ul><li><a href='/staff'>Staff Publications</a></li></ul>",
        "<ul><li>Staff Publications</li></ul>",
        "<div><a href='/staff'>Staff Publications</a></div>",
        "<nav>Staff Publications</nav>",
        "<h3>Staff Publications</h3>",
    ],
)
def test_an_entry_of_a_menu_makes_no_publications_of_the_page_around(entry):
    found = html(
        f"<div id='menu'>{entry}</div><div>Search, browse, read</div><div class='itemView'><h2 class='itemTitle'>"
        "Quiet quays</h2><p>One.</p></div><div>1619 Elm Street, Washington</div>"
    )
    assert (found.publication_lines, found.body) == ([], "<p>One.</p>")


def test_an_entry_of_a_menu_below_a_plain_page_makes_no_publications():
    found = article(
        "<p>Two.</p><p>Read 7 times</p><ul><li><a href='/staff'>Staff Publications</a></li></ul><p>1619 Elm Street, Washington</p>"
    )
    assert (found.publication_lines, found.unplaced) == ([], ["1619 Elm Street, Washington"])


def test_it_counts_hidden_text_and_does_not_show_it():
    found = page("ports_k2.html")
    assert [flag.reason for flag in found.flags] == ["20 hidden characters were left out."]
    assert "robots" not in str(found.pieces)


def test_the_author_in_the_text_goes_before_the_one_who_typed_it_in():
    found = html(
        '<div class="itemView"><h2 class="itemTitle">Quiet quays</h2><span class="itemAuthor">Written by Web Master</span>'
        '<div class="itemFullText"><p>By Mira Holt</p><p>One.</p><p>Two.</p></div></div>'
    )
    assert found.byline == [Person("Mira Holt")]
    assert "The page names another author than the text." in [flag.reason for flag in found.flags]


def test_the_author_of_the_page_is_read_when_the_text_names_none():
    found = html(
        '<div class="itemView"><h2 class="itemTitle">Quiet quays</h2><span class="itemAuthor">Written by Mira Holt</span>'
        '<div class="itemFullText"><p>One.</p><p>Two.</p></div></div>'
    )
    assert found.byline == [Person("Mira Holt")]


@pytest.mark.parametrize(
    ("head", "body", "address"),
    [
        ('<link rel="canonical" href="https://delta.example/a-b.html">', "", "https://delta.example/a-b.html"),
        ('<meta property="og:url" content="https://delta.example/a-b">', "", "https://delta.example/a-b"),
        ('<link rel="canonical" href="https://delta.example/">', '<i id="startOfPageId77"></i>', "k2:77"),
        ('<link rel="canonical" href="javascript:alert(1)">', '<i id="startOfPageId77"></i>', "k2:77"),
        ("", '<article id="post-12">x</article>', "wordpress:12"),
        ('<link rel="canonical" href="http://[">', "", None),
        ("", "", None),
    ],
)
def test_it_knows_where_a_page_lives(head, body, address):
    assert html(f"{body}<p>x</p>", head).address == address


def test_it_knows_what_a_page_was_saved_from():
    data = b"<!DOCTYPE html><!-- saved from url=(0026)https://delta.example/quay --><html><body><p>x</p></body></html>"
    assert read("quays.html", data).address == "https://delta.example/quay"


def test_it_reads_a_page_of_joomla():
    found = page("ports_joomla.html")
    assert (found.title, found.category, found.reads) == ("Quiet ports", "Field Reports", 1207)
    assert (found.published_on, found.modified_on) == (date(2015, 5, 14), date(2015, 5, 11))
    assert (found.byline, found.dateline_on) == ([Person("Mira Holt")], date(2015, 5, 14))
    assert (found.summary, found.background, found.unplaced) == ("<p>One.</p>", "<p>Two.</p>", [])


# WordPress, and our own pages


def test_it_reads_a_page_of_wordpress():
    found = page("ports_wordpress.html")
    assert (found.title, found.category) == ("Quiet ports: how the river towns learned to wait", "Analytical Articles")
    assert (found.published_on, found.modified_on) == (date(2015, 5, 14), date(2015, 5, 11))
    assert (found.byline, found.tags) == ([Person("Mira Holt")], ["rivers", "trade"])
    assert found.bios == ["<p>Mira Holt is a Research Fellow at the Institute of Slow Rivers.</p>"]
    assert found.picture == Picture(address="quay.jpg", alt="An empty quay")
    assert text_of(found.conclusions).endswith("nobody undoes it.")
    assert found.unplaced == []


def test_a_page_of_our_own_reads_back_as_it_was():
    found = page("ports_own.html")
    assert found.byline == [Person("Mira Holt"), Person("Jonas Elm", "University of the Delta, Port Town")]
    assert (found.published_on, found.modified_on) == (date(2015, 5, 14), date(2015, 5, 11))
    assert (found.category, found.dateline) == ("Analytical Articles", "May 14th, 2015, The Delta Analyst")
    assert (found.reads, found.tags) == (4210, ["rivers", "trade, inland"])
    assert found.bios == ["<p>Mira Holt is a Research Fellow.</p>", "<p>Jonas Elm is a pilot. He sails.</p>"]
    assert (found.flags, found.unplaced) == ([], [])


def test_the_texts_of_our_own_page_read_back_as_they_were_stored():
    found = page("ports_own.html")
    assert found.summary == "<p>The river towns have stopped competing for ships &amp; cargo.</p>"
    assert found.background == (
        '<p>The quays were built<small data-note="">By hand, in <em>one</em> year.</small> for a trade that moved inland.</p>'
        "<h3>Two summers</h3><ul><li><p>First</p></li><li><p>Second</p></li></ul>"
        "<table><tbody><tr><th>Year</th><th></th></tr><tr><td>1998</td><td>x<sup>2</sup></td></tr></tbody></table>"
    )
    assert found.implications == "<p>Background: this line only looks like a header.</p>"


def test_the_picture_of_our_own_page_reads_back():
    picture = page("ports_own.html").picture
    assert picture
    assert (picture.alt, picture.caption) == ("An empty quay", "The quay in March.")
    assert picture.credit == "pictures.example.org, accessed on May 9, 2015"


@pytest.mark.parametrize(
    ("caption", "picture"),
    [
        (
            '<span class="credit">Image Attribution: example.org, accessed on March 9, 2016</span>',
            Picture(
                credit="example.org, accessed on March 9, 2016", source="example.org", accessed_on=date(2016, 3, 9)
            ),
        ),
        ("The quay in March.", Picture(caption="The quay in March.")),
    ],
)
def test_a_picture_of_our_own_page_that_is_still_awaited_keeps_what_is_printed_below_it(caption, picture):
    source = (MANUSCRIPTS / "ports_own.html").read_text(encoding="utf-8")
    before, after = source.partition("<picture>")[0], source.partition("</figcaption>")[2]
    found = read("own.html", f"{before}<figcaption>{caption}</figcaption>{after}".encode())
    assert (found.picture, found.unplaced, found.flags) == (picture, [], [])
    assert found.summary == page("ports_own.html").summary


def test_staff_publications_of_our_own_page_read_as_printed_lines():
    assert page("ports_own.html").publication_lines == [
        "Analysis Tilda Brandt, “Salt, and Patience”, River Letters, March 30, 2015",
        "Book Jonas Elm, “Two Banks”, May 2015",
    ]


def test_what_stands_below_the_staff_publications_of_our_own_page_is_none_of_them():
    source = (MANUSCRIPTS / "ports_own.html").read_text(encoding="utf-8").partition('<aside id="visit-also">')[0]
    below = "<p>The Analyst, published by The Delta Institute</p><p>River Street, 2016</p>"
    found = read("own.html", f"{source}</main><footer class='colophon page'>{below}</footer>".encode())
    assert found.publication_lines == page("ports_own.html").publication_lines


def test_a_body_of_our_own_page_keeps_its_levels_of_headings():
    found = html(
        '<article><header><h1>Quiet quays</h1></header><section id="body"><div class="prose"><p>One.</p><h2>A</h2><h3>B</h3>'
        "<p>Background: two.</p></div></section></article>"
    )
    assert found.body == "<p>One.</p><h3>A</h3><h4>B</h4><p>Background: two.</p>"


def test_a_heading_or_a_cell_of_our_own_page_that_names_a_section_is_text():
    table = "<table><tbody><tr><td>Background</td><td>2</td></tr></tbody></table>"
    found = html(
        f'<article><h1>Quiet quays</h1><section id="body"><p>One.</p><h2>Background</h2>{table}</section>'
        f'<section id="implications"><h2>Implications</h2><h3>Conclusions</h3>{table}</section></article>'
    )
    assert found.body == f"<p>One.</p><h3>Background</h3>{table}"
    assert found.implications == f"<h3>Conclusions</h3>{table}"


# Any page


@pytest.mark.parametrize(
    "hidden",
    ["<p hidden>x</p>", '<p style="Display: None">x</p>', '<p aria-hidden="true">x</p>', '<i class="sr-only">x</i>'],
)
def test_hidden_elements_are_no_text(hidden):
    found = article(f"<p>Two.</p>{hidden}")
    assert found.background == "<p>Two.</p>"
    assert [flag.reason for flag in found.flags] == ["1 hidden characters were left out."]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ('<span aria-hidden="true">T</span>he river', "The river"),
        ('<span aria-hidden="TRUE"><b aria-hidden="true">T</b></span>he river', "The river"),
        ('The <i aria-hidden="true">→</i>river', "The river"),
        ('The river<a aria-hidden="true" href="#">×</a>', "The river"),
    ],
)
def test_what_is_hidden_from_listeners_alone_is_text_if_it_holds_a_letter(inner, text):
    assert text_of(article(f"<p>{inner}</p>").background) == text


def test_a_paragraph_that_is_hidden_from_listeners_alone_is_text():
    assert article('<p>Two.</p><p aria-hidden="true">They wait.</p>').background == "<p>Two.</p><p>They wait.</p>"


def test_scripts_and_styles_are_no_text_and_not_hidden_text():
    found = article("<p>Two.</p><script>x()</script><style>p{}</style><noscript>y</noscript><template>z</template>")
    assert (found.background, found.flags) == ("<p>Two.</p>", [])


def test_navigation_and_controls_are_furniture():
    found = article("<p>Two.</p><nav><a href='/'>Home</a></nav><button>Share</button>")
    assert found.background == "<p>Two.</p>"
    assert found.furniture[-2:] == ["Home", "Share"]


@pytest.mark.parametrize(
    "inner",
    [
        'The law was <span class="updated">amended in May</span> <span class="modified">2015</span> and is dead.',
        'On <time class="published" datetime="2015-05-14">May 14, 2015</time> they left.',
        'He <span class="credit">took credit</span> for it.',
        'Published in <span class="updated">May</span>.',
        'Said <span itemprop="author">Jonas Elm</span> of <span class="byline">the quay</span>.',
        'Of <b><span class="tags">rivers</span></b> and <a class="category-name" href="/x">trade</a>.',
        "Press <button>Enter</button> and <label>wait</label>.",
        'Much <i class="navigation">traffic</i> moved.',
    ],
)
def test_no_element_speaks_in_running_text(inner):
    found = article(f"<p>{inner}</p><div>{inner}</div>")
    sentence = " ".join(text_of(inner).split())
    assert text_of(found.background) == f"{sentence}\n\n{sentence}"
    assert (found.picture, found.tags, found.category, found.unplaced, found.flags) == (None, [], "", [], [])
    assert found.furniture == ["By", "Background"]


@pytest.mark.parametrize(
    "sentence",
    [
        '<p class="published">The map appeared on May 14, 2015 in a port town.</p>',
        '<p class="modified">The law fell.</p>',
        '<div class="updated">The law of 2015 was not amended.</div>',
        '<p class="tags">Rivers and trade are what it is about.</p>',
        '<p class="category-name">The river was never in a class of its own.</p>',
        '<p class="hits">The price of salt hits 5 dollars.</p>',
        '<p class="record">On the record he said no.</p>',
        '<p class="credit">He took credit for it.</p>',
        '<p class="navigation">Navigation is hard.</p>',
    ],
)
def test_a_paragraph_that_is_not_what_its_class_says_is_text(sentence):
    found = article(f"<p>Two.</p>{sentence}<p>Three.</p>")
    assert text_of(found.background) == f"Two.\n\n{text_of(sentence)}\n\nThree."
    assert found.flags == []


@pytest.mark.parametrize(
    "line",
    [
        '<p class="published">Published: 14 May 2015</p>',
        '<span class="published"><time datetime="2015-05-14">a year ago</time></span>',
        '<div class="published">Thursday, 14 May 2015 00:00</div>',
        '<p class="published">am 14.5.2015</p>',
    ],
)
def test_a_line_that_is_what_its_class_says_is_furniture(line):
    found = html(f"<h1>Quiet quays</h1>{line}<p>By Mira Holt</p><p>One.</p><h2>Background</h2><p>Two.</p>")
    assert (found.summary, found.unplaced, found.flags) == ("<p>One.</p>", [], [])
    assert found.published_on == date(2015, 5, 14)


@pytest.mark.parametrize("author", ['<span class="byline">Mira Holt</span>', '<a rel="author" href="/x">Mira Holt</a>'])
def test_a_label_goes_with_what_it_labels(author):
    line = f'<div>Posted on <time class="entry-date" datetime="2015-05-14">May 14, 2015</time> by {author}.</div>'
    found = html(f"<h1>Quiet quays</h1>{line}<p>One.</p><h2>Background</h2><p>Two.</p>")
    assert (found.published_on, found.byline) == (date(2015, 5, 14), [Person("Mira Holt")])
    assert (found.summary, found.unplaced, found.flags) == ("<p>One.</p>", [], [])


def test_an_author_of_the_page_who_has_no_name_is_unplaced_and_flagged():
    found = article('<p>Two.</p><p itemprop="author">He said no.</p>')
    assert (found.background, found.unplaced) == ("<p>Two.</p>", ["He said no."])
    assert [(flag.field, flag.text) for flag in found.flags] == [("byline", "He said no.")]


def test_a_title_of_two_lines_is_one_title():
    found = html("<h1>Quiet<br>quays</h1><p>By Mira Holt</p><p>One.</p><p>Two.</p>")
    assert (found.title, found.summary) == ("Quiet quays", "<p>One.</p>")


def test_a_heading_too_long_for_a_title_is_text():
    found = html(f"<h1>{'Quiet quays ' * 40}</h1><p>One.</p>")
    assert found.title == ""
    assert text_of(found.body).startswith("Quiet quays")


def test_a_second_title_is_unplaced():
    found = html(
        '<div class="itemView"><h2 class="itemTitle">Quiet quays</h2><p>One.</p><b class="itemTitle">Salt</b></div>'
    )
    assert (found.title, found.body, found.unplaced) == ("Quiet quays", "<p>One.</p>", ["Salt"])


def test_what_the_head_says_is_proposed_where_the_text_says_nothing():
    found = html("<p>BACKGROUND: Two.</p>", '<title>Quiet quays</title><meta name="author" content="Mira Holt">')
    proposals = {flag.field: flag.proposal for flag in found.flags}
    assert (proposals["title"], proposals["byline"]) == ("Quiet quays", "Mira Holt")


def test_a_page_within_one_form_is_still_read():
    body = "<p>By Mira Holt</p><p>One.</p><h2>Background</h2><p>Two.</p>" + "<p>And so it went on.</p>" * 40
    found = html(f"<form><h1>Quiet quays</h1>{body}</form>")
    assert found.title == "Quiet quays"
    assert text_of(found.background).startswith("Two.")


def test_what_stands_before_the_title_is_unplaced_and_flagged():
    found = html("<p>River Letters</p><h1>Quiet quays</h1><p>By Mira Holt</p><p>One.</p><h2>Background</h2><p>Two.</p>")
    assert (found.title, found.unplaced) == ("Quiet quays", ["River Letters"])
    assert [flag.text for flag in found.flags] == ["River Letters"]


def test_a_table_that_lays_out_the_page_is_not_kept():
    found = html(
        "<table><tr><td>Menu</td><td><h1>Quiet quays</h1><p>By Mira Holt</p><p>One.</p><p>BACKGROUND: Two.</p>"
        "<table><tr><td>1</td><td>2</td></tr></table></td></tr></table>"
    )
    assert found.background == "<p>Two.</p><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"


@pytest.mark.parametrize(
    "table",
    [
        "<table><tbody><tr><td>Sector</td><td>Outlook</td></tr><tr><td>Ships</td><td>Implications: trade</td></tr></tbody></table>",
        "<table><tbody><tr><td>Ships</td><td>salt<br>Implications: trade</td></tr></tbody></table>",
    ],
)
def test_a_table_of_data_stays_a_table_whatever_its_cells_begin_with(table):
    found = article(f"<p>Two.</p>{table}")
    assert found.background == f"<p>Two.</p>{table}"
    assert found.implications == ""


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>IMPLICATIONS:</td><td>Three.</td></tr><tr><td>CONCLUSIONS:</td><td>Four.</td></tr>",
        "<tr><td>IMPLICATIONS: Three.</td></tr><tr><td>CONCLUSIONS: Four.</td></tr>",
        "<tr><td>IMPLICATIONS:</td></tr><tr><td>Three.</td></tr><tr><td>CONCLUSIONS:</td></tr><tr><td>Four.</td></tr>",
    ],
)
def test_a_table_that_lays_out_the_sections_is_not_kept(rows):
    found = article(f"<p>Two.</p><table>{rows}</table>")
    assert (found.background, found.implications, found.conclusions) == ("<p>Two.</p>", "<p>Three.</p>", "<p>Four.</p>")


def test_two_lines_of_one_item_stay_two_lines():
    assert article("<ul><li>salt<br>rope</li></ul>").background == "<ul><li>salt<br>rope</li></ul>"


def test_a_link_that_is_no_address_is_only_its_text():
    assert article('<p><a href="javascript:x()">Two</a>.</p>').background == "<p>Two.</p>"


def test_it_flags_a_note_in_the_summary():
    found = html("<h1>Quiet quays</h1><p>By Mira Holt</p><p>One<sup>1</sup>.</p><h2>Background</h2><p>Two.</p>")
    assert [flag.field for flag in found.flags] == ["summary"]


# Pictures


def test_it_takes_a_picture_out_of_the_page_itself():
    source = f"data:image/gif;base64,{b64encode(DOT).decode()}"
    found = article(f'<p>Two.</p><p>Three.</p><p><img src="{source}" alt="A dot"></p><p>Four.</p>')
    assert found.images == {"image-1": DOT}
    assert found.background == (
        '<p>Two.</p><p>Three.</p><figure data-image="image-1" data-alt="A dot"></figure><p>Four.</p>'
    )


def test_it_takes_pictures_from_the_folder_beside_the_page(tmp_path):
    (tmp_path / "quays_files").mkdir()
    (tmp_path / "quays_files" / "a b.gif").write_bytes(DOT)
    data = b'<h1>Quiet quays</h1><p><img src="./quays_files/a%20b.gif" alt="A dot"></p><p>By Mira Holt</p><p>One.</p>'
    with Reader() as reader:
        found = reader.read("quays.html", data, beside=tmp_path)
    assert found.images == {"image-1": DOT}
    assert found.picture == Picture(name="image-1", alt="A dot")


@pytest.mark.parametrize(
    "address",
    [
        "../secret_files/a.gif",
        "/etc/passwd",
        "file:///etc/passwd",
        "quays_files/link/a.gif",
        "own.gif",
        "%00",
        "a" * 999,
    ],
)
def test_a_page_reaches_no_file_outside_the_folder_beside_it(tmp_path, address):
    outside, inside = tmp_path / "secret_files", tmp_path / "import" / "quays_files"
    outside.mkdir()
    inside.mkdir(parents=True)
    (outside / "a.gif").write_bytes(DOT)
    (tmp_path / "import" / "own.gif").write_bytes(DOT)
    (inside / "link").symlink_to(outside)
    with Reader() as reader:
        found = reader.read("q.html", f'<p>One.</p><img src="{address}">'.encode(), beside=tmp_path / "import")
    assert found.images == {}


def test_without_a_folder_no_file_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x_files").mkdir()
    (tmp_path / "x_files" / "a.gif").write_bytes(DOT)
    assert read("x.html", b'<p>One.</p><img src="x_files/a.gif">').images == {}


def test_the_lead_picture_leaves_the_text_and_takes_its_caption_along():
    figure = '<figure><img src="quay.png"><figcaption>The quay<br>Image source: River Agency</figcaption></figure>'
    found = html(f"<h1>Quiet quays</h1><p>By Mira Holt</p><p>One.</p>{figure}<h2>Background</h2><p>Two.</p>")
    assert (found.summary, found.background, found.flags) == ("<p>One.</p>", "<p>Two.</p>", [])
    assert found.picture == Picture(
        address="quay.png", caption="The quay", credit="River Agency", source="River Agency"
    )


def test_it_flags_a_picture_in_the_text_that_did_not_come_along():
    found = article('<p>Two.</p><p>Three.</p><figure><img src="map.png"><figcaption>A map</figcaption></figure>')
    assert found.background == "<p>Two.</p><p>Three.</p><figure><figcaption>A map</figcaption></figure>"
    assert [(flag.field, flag.text) for flag in found.flags] == [("images", "map.png")]


# Hostile pages


@pytest.mark.parametrize("unit", ["<div>", "<b>", "<span><div></span></div>", "<b><p>", "<font size=1><p>", "<ul><li>"])
def test_it_refuses_a_page_that_nests_without_end(unit):
    with pytest.raises(Refused, match="too deeply"):
        read("quays.html", (unit * (1_000_000 // len(unit)) + "x").encode())


def test_a_page_may_be_deeper_than_pythons_stack():
    found = read("quays.html", ("<div>" * 3000 + "x" + "</div>" * 3000).encode())
    assert found.title == "x"


def test_a_title_with_thousands_of_notes_takes_no_longer_than_its_text():
    start = process_time()
    found = html(f"<h1>Quiet{' <small data-note>n</small>' * 9000}</h1><p>One.</p>")
    assert (found.title, len(found.unplaced)) == ("Quiet", 9000)
    assert process_time() - start < 5
