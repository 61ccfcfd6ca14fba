"""Names and titles of every script: exact wherever they are told, and standing the right way round."""

import json
import re
from html import unescape

import pytest
from django.utils.http import urlencode
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from articles.models import Article
from tests.factories import make_article, make_author, make_publication

CASES = {
    "Kazakh": ("kk", "Әлия Ғаббасқызы", "Қазақстандағы су: өткені мен ертеңі"),
    "Georgian": ("ka", "ნინო გელაშვილი", "წყალი საქართველოში"),
    "Uyghur": ("ug", "ئالىم ئەنۋەر", "ئۇيغۇر ئېلىدە سۇ"),
    "Chinese": ("zh-CN", "阿依古丽", "中亚与高加索的水"),
    "Turkish": ("tr", "Çiğdem Altınörs", "Işık ve İstanbul’da su"),
    "apostrophes": ("en", "Seán O'Brien-D’Arcy", "The Ministry's “grain” – and ’98"),
    "dashes": ("en", "Jean–Luc Trait", "The 2014–2016 corridor — a “balance”"),
    "markup": ("en", 'A <b>"x"</b> & Sons', "Grain & <i>power</i> &amp; 'rail'"),
    "marks alone": ("vi", "Nguyễn Thị Hạnh", "Nước e\u0301 và \U0001f33e"),
}  # fmt: skip


@pytest.fixture(params=CASES.values(), ids=CASES)
def told(request, db):
    language, name, title = request.param
    author = make_author(name=name)
    article = make_article(
        title=title,
        language=language,
        authors=[author],
        tags=[name],
        summary=f"<p>{title.replace('&', '&amp;').replace('<', '&lt;')}</p>",
    )
    make_publication(title=title, authors=[name], authors_line=name)
    return language, name, title, article, author


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return LexborHTMLParser(response.content.decode())


def words(node):
    return " ".join(node.text().split())


def test_a_page_tells_them_exactly_and_the_right_way_round(told, client):
    language, name, title, article, author = told
    tree = page(client, article.get_absolute_url())
    assert words(tree.css_first("article h1")) == title
    assert tree.css_first("article h1").attributes["dir"] == "auto"
    assert tree.css_first("article").attributes.get("lang", "en") == language
    assert [words(node) for node in tree.css(".byline a[dir=auto]")][:1] == [name]
    assert [words(node) for node in tree.css(".record a[rel=tag][dir=auto]")] == [name]
    assert words(tree.css_first("title")).startswith(title)
    person = page(client, author.get_absolute_url())
    assert (words(person.css_first("h1")), person.css_first("h1").attributes["dir"]) == (name, "auto")


def test_lists_tell_them_too(told, client):
    _, name, title, article, author = told
    for path in (
        "/",
        "/articles/",
        article.category.get_absolute_url(),
        article.tags.get().get_absolute_url(),
        author.get_absolute_url(),
    ):
        tree = page(client, path)
        assert title in [words(node) for node in tree.css("[dir=auto] > a")], path
        assert name in [words(node) for node in tree.css("bdi")], path
    for path in ("/", "/publications/"):
        lines = [words(node) for node in page(client, path).css(".publication p[dir=auto]")]
        assert lines == [name], path


def test_machines_are_told_them_exactly(told, client):
    _, name, title, article, author = told
    url = article.get_absolute_url()
    tree = page(client, url)
    assert tree.css_first('meta[name="citation_title"]').attributes["content"] == title
    data = json.loads(tree.css_first('script[type="application/ld+json"]').text())
    assert (data["headline"], data["author"][0]["name"]) == (title, name)
    (item,) = client.get("/feeds/articles.json").json()["items"]
    assert (item["title"], item["authors"][0]["name"]) == (title, name)
    for form, path in {"atom": "{*}entry/{*}author/{*}name", "rss": "channel/item/{*}creator"}.items():
        assert etree.fromstring(client.get(f"/feeds/articles.{form}").content).findtext(path) == name
    (csl,) = client.get(f"{url}cite.json").json()
    assert csl["title"] == title
    assert f"TI  - {title}\r\n" in client.get(f"{url}cite.ris").content.decode()


def test_their_addresses_stand_in_the_sitemaps_and_lead_to_them(told, client):
    _, name, title, article, author = told
    for row, shown in ((article, title), (author, name)):
        kind = row._meta.model_name
        (location,) = re.findall(
            r"<loc>http://localhost:8000([^<]*)</loc>", client.get(f"/sitemap-{kind}s-1.xml").content.decode()
        )
        assert location == row.get_absolute_url()
        assert location.isascii()
        assert shown in unescape(client.get(location).content.decode())


PLAIN = {
    "Әлия Ғаббасқызы": "әлия", "ნინო გელაშვილი": "გელაშვილი", "ئالىم ئەنۋەر": "ئەنۋەر", "阿依古丽": "阿依古丽", "Çiğdem Altınörs": "cigdem altinors",
    "Seán O'Brien-D’Arcy": "sean o'brien", "Jean–Luc Trait": "jean luc", "Nguyễn Thị Hạnh": "nguyen hanh", 'A <b>"x"</b> & Sons': "sons",
}  # fmt: skip


def test_search_finds_them_with_and_without_diacritics(told, client):
    _, name, title, article, _ = told
    for asked in (name, title, PLAIN[name], PLAIN[name].upper() if name.isascii() else name.lower()):
        found = page(client, "/search/?" + urlencode({"q": asked.replace('"', "").replace("-", " ")}))
        assert title in [words(node) for node in found.css(".hit h3")], asked


def test_a_character_that_html_cannot_say_is_left_out(db, client):
    article = make_article(title="Grain\x0b and\x01 po\x85wer\ufffe\x9d \U0001f33e é", slug="grain")
    make_author(name="Nobody")
    assert Article.objects.get(pk=article.pk).title == article.title
    for path in ("/", "/articles/grain/", "/search/?q=grain"):
        text = client.get(path).content.decode()
        assert "and power \U0001f33e é" in text.replace("<mark>Grain</mark>", "Grain"), path
        assert not re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe]", text), path
