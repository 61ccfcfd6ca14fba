"""What a pasted text may contain, and what becomes of the rest."""

import re
import time

import pytest
from django.template import Context, Template
from django.test import TestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.models import Article
from articles.prose import lay_out
from articles.rich_text import clean, clean_summary, image_keys, text_of
from tests.articles.hostile_html import BY_HAND, generated, in_every_place
from tests.factories import make_article, make_author


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("<p>A <em>b</em> <strong>c</strong></p>", "<p>A <em>b</em> <strong>c</strong></p>"),
        ("<p>A <b>b</b> <i>c</i></p>", "<p>A <strong>b</strong> <em>c</em></p>"),
        ("<h1>A</h1><h2>B</h2><h5>C</h5>", "<h3>A</h3><h3>B</h3><h4>C</h4>"),
        ("<div>One</div><div>Two</div>", "<p>One</p><p>Two</p>"),
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ('<p class="MsoNormal" style="x"><span lang="EN">A<o:p></o:p></span></p>', "<p>A</p>"),
        (
            '<p><a href="https://example.org/" target="_blank" onclick="x">A</a></p>',
            '<p><a href="https://example.org/">A</a></p>',
        ),
        ('<p><a href="javascript:x">A</a></p>', "<p><a>A</a></p>"),
        ("<p>CO<sub>2</sub>, m<sup>3</sup></p>", "<p>CO<sub>2</sub>, m<sup>3</sup></p>"),
        ("<p>A<small data-note>N</small></p>", '<p>A<small data-note="">N</small></p>'),
        ("<ul><li>A</li></ul><ol start=3><li>B</li></ol>", '<ul><li>A</li></ul><ol start="3"><li>B</li></ol>'),
        ("<p>A</p><script>x</script><style>y</style><!-- z -->", "<p>A</p>"),
        ("<p>A</p><p> </p><p>&nbsp;</p><p>B</p>", "<p>A</p><p>B</p>"),
        ("<p>A\x00\x0bB</p>", "<p>AB</p>"),
        ("", ""),
    ],
)
def test_it_keeps_the_subset_and_the_words(pasted, kept):
    assert clean(pasted) == kept


def test_a_summary_is_paragraphs_emphasis_and_links():
    assert clean_summary("<h2>A</h2><ul><li>B</li></ul><p>C <em>d</em></p>") in (
        "<p>A</p>B<p>C <em>d</em></p>",
        "AB<p>C <em>d</em></p>",
    )


@pytest.mark.parametrize("hostile", [*BY_HAND, *generated(400)])
def test_cleaning_twice_changes_nothing_more(hostile):
    once = clean(hostile)
    assert clean(once) == once
    assert not re.search(
        r"<(script|style|svg|math|iframe|img|form|input|template)|\son\w+=|javascript:", _without_text(once), re.I
    )


def test_it_holds_wherever_the_hostile_text_stands():
    moved = [hostile for hostile in in_every_place() if clean(clean(hostile)) != clean(hostile)]
    assert moved == []


def _without_text(html: str) -> str:
    """The tags alone, and where their links lead: what a text or an alternative text says is harmless."""
    html = re.sub(r'(href=)?"[^"]*"', lambda value: value[0] if value[1] else "", html)
    return "".join(re.findall(r"<[^>]*>", html))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>/pabi&;\"' \n!-=smaltdr", max_size=80))
def test_cleaning_is_idempotent_whatever_comes(text):
    once = clean(text)
    assert clean(once) == once
    summary = clean_summary(text)
    assert clean_summary(summary) == summary


def _processor_time_of(text: str) -> float:
    started = time.process_time()
    clean(text)
    return time.process_time() - started


@pytest.mark.parametrize(
    "part",
    [
        "<p>",
        "<b><i>",
        "<table><tr><td>",
        "a ",
        "&amp;",
        "&",
        "<p>&",
        "&nbsp;",
        "\xa0",
        "<!--",
        "<small data-note>",
        "\n\n",
        "<div>",
    ],
)
def test_a_megabyte_of_hostile_text_takes_time_in_proportion(part):
    def seconds(size: int) -> float:
        """The better of two, since what else a machine does makes one of them longer."""
        return min(_processor_time_of(part * (size // len(part))) for _ in range(2))

    whole = seconds(1_000_000)
    assert whole < 3
    assert whole < 0.3 or whole / seconds(500_000) < 3


def test_ampersands_and_spaces_that_do_not_break_come_through():
    stored = '<p>R&amp;D, A&nbsp;&amp;&nbsp;B, &amp;lt; &amp;amp; &lt;</p><p><a href="https://example.org/?a=1&amp;b=2">x</a></p>'
    assert clean(stored) == stored
    assert clean("<p>R&D, A\xa0& B &amp;nbsp;</p>") == "<p>R&amp;D, A&nbsp;&amp; B &amp;nbsp;</p>"


def test_the_plain_text_has_a_blank_line_between_paragraphs():
    html = "<p>One <em>and</em> a half</p><ul><li>Two</li></ul><p>Three<small data-note>note</small>.</p>"
    assert text_of(html) == "One and a half\n\nTwo\n\nThree note ."


def test_notes_are_numbered_through_all_parts():
    page = lay_out(
        [
            ("background", clean("<p>A<small data-note>One</small></p>")),
            ("conclusions", clean("<p>B<small data-note>Two</small></p>")),
        ]
    )
    assert 'href="#note-1"' in page.parts["background"]
    assert 'href="#note-2"' in page.parts["conclusions"]
    assert page.notes == ["One", "Two"]


def test_headings_of_a_body_never_jump_a_level():
    assert "<h2>A</h2><h3>B</h3>" in lay_out([("body", "<h3>A</h3><h4>B</h4>")]).parts["body"]
    assert "<h3>A</h3>" in lay_out([("background", "<h3>A</h3>")]).parts["background"]


def test_a_figure_whose_image_is_gone_keeps_its_caption():
    page = lay_out([("body", '<figure data-image="gone"><figcaption>The dam.</figcaption></figure>')])
    assert page.parts["body"] == "<figure><figcaption>The dam.</figcaption></figure>"


def test_it_finds_the_images_of_a_text():
    assert image_keys('<figure data-alt="x" data-image="ab12"></figure><figure data-image="cd"></figure>') == [
        "ab12",
        "cd",
    ]


class EveryWritePathTests(TestCase):
    DIRTY, CLEAN = "<p onclick=x>A<script>b</script></p>", "<p>A</p>"

    def assertStored(self):
        self.assertEqual(Article.objects.get().background, self.CLEAN)

    def test_save(self):
        article = make_article(background=self.DIRTY)
        self.assertEqual(article.background, self.CLEAN)
        self.assertStored()

    def test_bulk_create(self):
        Article.objects.bulk_create([Article(title="A", slug="a", background=self.DIRTY)])
        self.assertStored()

    def test_update(self):
        make_article()
        Article.objects.update(background=self.DIRTY)
        self.assertStored()

    def test_bulk_update(self):
        article = make_article()
        article.background = self.DIRTY
        Article.objects.bulk_update([article], ["background"])
        self.assertStored()

    def test_restore(self):
        article = make_article()
        article.restore(article.snapshot() | {"background": self.DIRTY})
        self.assertStored()

    def test_a_bio_is_clean_too(self):
        author = make_author(bio=self.DIRTY)
        author.refresh_from_db()
        self.assertEqual(author.bio, self.CLEAN)

    def test_what_a_template_shows_of_a_summary_never_rests_on_trust(self):
        shown = Template("{% load articles %}{{ text|prose_html }}").render(Context({"text": self.DIRTY}))
        self.assertEqual(shown, self.CLEAN)
