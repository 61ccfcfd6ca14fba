"""The sample journal as data: what its files promise to one another and to the reader."""

import re
import tomllib
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import nh3
import pytest

from analyst.sample.drawings import DRAWINGS, draw

SAMPLE = Path(__file__).parents[2] / "analyst" / "sample"
SECTIONS = ("background", "implications", "conclusions")
TEXTS = ("summary", *SECTIONS, "body")
LENGTHS = {
    "analytical-articles": (700, 1300),
    "feature-articles": (700, 1300),
    "field-reports": (450, 700),
    "news-digest": (250, 400),
}
PROSE = {"p", "em", "strong", "a"}
RICH = PROSE | {
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "figcaption",
    "sub",
    "sup",
    "small",
}
ATTRIBUTES = {"a": {"href"}, "figure": {"data-image", "data-alt"}, "small": {"data-note"}}


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((SAMPLE / name).read_text(encoding="utf-8"))


def each(folder: str) -> dict[str, dict[str, Any]]:
    return {path.stem: read(f"{folder}/{path.name}") for path in sorted((SAMPLE / folder).glob("*.toml"))}


ARTICLES = each("articles")
PAGES = each("pages")
PEOPLE = read("people.toml")
IMAGES = read("images.toml")
ISSUES = read("issues.toml")["issue"]
PUBLICATIONS = read("publications.toml")["publication"]
PARTNERS = read("partners.toml")["partner"]
CATEGORIES = read("categories.toml")

every_article = pytest.mark.parametrize("key", ARTICLES)


def published() -> list[dict[str, Any]]:
    return [article for article in ARTICLES.values() if article["status"] == "published"]


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def words(html: str) -> int:
    return len(plain(html).split())


def rich(article: dict[str, Any]) -> str:
    return "".join(article.get(name, "") for name in TEXTS)


def showing(pattern: str) -> int:
    return sum(bool(re.search(pattern, rich(article))) for article in published())


def check_digit(orcid: str) -> str:
    total = 0
    for digit in orcid.replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11]


def tags_and_attributes(html: str) -> Counter[str]:
    """Return every opening tag with its attributes' names, however they are quoted or ordered."""
    found: Counter[str] = Counter()
    for name, rest in re.findall(r"<([a-z][a-z0-9]*)([^>]*)>", html):
        names = sorted(re.findall(r'([a-z-]+)(?:="[^"]*")?', rest))
        found[" ".join([name, *names])] += 1
    return found


# The journal as a whole


def test_there_are_at_least_twenty_four_published_articles() -> None:
    assert len(published()) >= 24


@pytest.mark.parametrize(
    ("category", "least"),
    [("analytical-articles", 11), ("field-reports", 5), ("feature-articles", 4), ("news-digest", 4)],
)
def test_every_category_has_its_share(category: str, least: int) -> None:
    assert category in CATEGORIES
    assert sum(article["category"] == category for article in published()) >= least


def test_the_articles_span_six_years_and_none_is_newer_than_the_current_issue() -> None:
    moments = [article["published_at"] for article in ARTICLES.values() if "published_at" in article]
    assert {moment.year for moment in moments} == {2021, 2022, 2023, 2024, 2025, 2026}
    assert max(moments) < datetime(2026, 11, 19, tzinfo=UTC)


def test_a_draft_a_review_and_a_withdrawn_article_are_among_them() -> None:
    assert Counter(article["status"] for article in ARTICLES.values() if article["status"] != "published") == {
        "draft": 1,
        "review": 1,
        "withdrawn": 1,
    }
    assert all(("withdrawal_notice" in a) == (a["status"] == "withdrawn") for a in ARTICLES.values())


def test_some_articles_were_last_modified_before_publication_and_some_after() -> None:
    pairs = [(a["modified_at"], a["published_at"]) for a in published() if "modified_at" in a]
    assert sum(modified < out for modified, out in pairs) >= 2
    assert sum(modified > out for modified, out in pairs) >= 2


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        (r"<small data-note>", 8),
        (r"<table>", 4),
        (r"<[uo]l>", 4),
        (r"<blockquote>", 4),
        (r"<figure data-image=[^>]+ data-alt=.*?<figcaption>", 3),
        (r"<sub>", 2),
        (r"<sup>", 3),
        (r"<h3>", 4),
        (r"<h4>", 1),
        (r"<a href=", 3),
    ],
)
def test_every_feature_of_the_text_is_shown(pattern: str, least: int) -> None:
    assert showing(pattern) >= least


def test_bylines_have_one_two_and_three_names() -> None:
    assert {len(article["authors"]) for article in published()} == {1, 2, 3}


def test_two_titles_are_very_long_and_one_has_a_second_script() -> None:
    titles = [article["title"] for article in published()]
    assert sum(len(title) > 200 for title in titles) >= 2
    assert any(re.search(r"[\u10d0-\u10ff]", title) for title in titles)


def test_no_paragraph_occurs_twice() -> None:
    texts = [rich(article) for article in ARTICLES.values()] + [page["body"] for page in PAGES.values()]
    paragraphs = Counter(plain(p).strip() for text in texts for p in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", text))
    assert [text for text, times in paragraphs.items() if times > 1] == []


def test_no_sentence_occurs_twice() -> None:
    text = " ".join(plain(rich(article)) for article in ARTICLES.values())
    sentences = Counter(s for s in re.split(r"(?<=[.?!])\s+", text) if len(s.split()) >= 6)
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


def test_links_lead_to_example_domains_only() -> None:
    files = [path.read_text(encoding="utf-8") for path in SAMPLE.rglob("*.toml")]
    hosts = {host for text in files for host in re.findall(r"(?:https?://|mailto:[a-z]+@)([a-z.-]+)", text)}
    assert hosts <= {"example.org", "example.com"}


# Each article


@every_article
def test_an_article_has_the_length_of_its_category(key: str) -> None:
    article = ARTICLES[key]
    least, most = LENGTHS[article["category"]]
    assert least <= sum(words(article.get(name, "")) for name in TEXTS) <= most


@every_article
def test_an_article_has_a_summary_of_sixty_to_a_hundred_and_ten_words(key: str) -> None:
    assert 60 <= words(ARTICLES[key]["summary"]) <= 110


@every_article
def test_an_article_has_sections_or_a_body_as_its_category_says(key: str) -> None:
    article = ARTICLES[key]
    expected = SECTIONS if article["category"] in ("analytical-articles", "field-reports") else ("body",)
    assert tuple(name for name in TEXTS[1:] if name in article) == expected


@every_article
def test_the_html_of_an_article_is_within_the_subset(key: str) -> None:
    for name in TEXTS:
        html = ARTICLES[key].get(name, "")
        allowed = PROSE if name == "summary" else RICH
        cleaned = nh3.clean(html, tags=allowed, attributes=ATTRIBUTES, link_rel=None)
        assert plain(cleaned).split() == plain(html).split()
        assert tags_and_attributes(cleaned) == tags_and_attributes(html)


@every_article
def test_an_article_has_no_placeholder_and_no_straight_quote(key: str) -> None:
    text = plain(rich(ARTICLES[key]))
    assert not re.search(r"lorem|ipsum|\bTODO\b|\bTBD\b|xxx", text, re.IGNORECASE)
    assert not re.search(r"[\"']", text)


@every_article
def test_the_keys_that_an_article_names_exist(key: str) -> None:
    article = ARTICLES[key]
    assert set(article["authors"]) <= set(PEOPLE)
    assert {article.get("lead_image"), *re.findall(r'data-image="([^"]+)"', rich(article))} - {None} <= set(IMAGES)
    assert article["category"] in CATEGORIES
    assert "lead_image" not in article or (article["lead_image_alt"] and article["lead_image_caption"])
    for name in ("byline_affiliations", "bios"):
        assert len(article.get(name) or article["authors"]) == len(article["authors"])


@every_article
def test_an_article_stands_in_the_issue_it_names(key: str) -> None:
    dates = {str(issue["date"]) for issue in ISSUES if key in issue["articles"]}
    assert dates == ({ARTICLES[key]["issue"]} if "issue" in ARTICLES[key] else set())


@every_article
def test_a_number_of_imported_reads_has_its_date(key: str) -> None:
    article = ARTICLES[key]
    assert ("imported_reads" in article) == ("imported_reads_on" in article)


def test_slugs_and_titles_and_dois_are_unique() -> None:
    for name in ("slug", "title", "doi"):
        given = [article[name] for article in ARTICLES.values() if name in article]
        assert len(given) == len(set(given))


# Issues, people, publications, partners, pages, pictures


def test_eight_issues_are_released_and_one_is_in_preparation() -> None:
    released = [issue["date"] for issue in ISSUES if issue["released"]]
    assert len(released) == 8
    assert max(released) == date(2026, 11, 18)
    assert [issue["date"] for issue in ISSUES if not issue["released"]] == [date(2026, 12, 2)]


def test_each_issue_holds_two_to_four_articles_that_exist() -> None:
    for issue in ISSUES:
        assert 2 <= len(issue["articles"]) <= 4
        assert set(issue["articles"]) <= set(ARTICLES)


def test_twelve_people_write_and_each_has_written() -> None:
    assert len(PEOPLE) == 12
    assert {slug for article in published() for slug in article["authors"]} == set(PEOPLE)
    assert all(person["name"] and person["affiliation"] and person["bio"] for person in PEOPLE.values())
    assert sum("portrait" in person for person in PEOPLE.values()) == 6


def test_orcids_are_invented_and_end_in_their_check_digit() -> None:
    orcids = [person["orcid"] for person in PEOPLE.values() if "orcid" in person]
    assert len(orcids) == 4
    for orcid in orcids:
        assert re.fullmatch(r"0000-0000-\d{4}-\d{3}[\dX]", orcid)
        assert orcid[-1] == check_digit(orcid)


def test_publications_say_their_date_no_more_precisely_than_it_is_known() -> None:
    assert len(PUBLICATIONS) == 16
    for publication in PUBLICATIONS:
        known = [part for part in ("year", "month", "day") if part in publication]
        expected = {"day": ["year", "month", "day"], "month": ["year", "month"], "season": ["year"], "year": ["year"]}
        assert known == expected[publication["precision"]]
        assert publication["title"] in publication["printed"]
        assert " ".join(publication["date_text"].split()) in " ".join(publication["printed"].split())


def test_authors_of_publications_are_people_of_the_journal_or_names() -> None:
    for publication in PUBLICATIONS:
        assert publication["authors"]
        assert all(author in PEOPLE or " " in author for author in publication["authors"])
    assert sum("cover" in publication for publication in PUBLICATIONS) == 6


def test_five_partners_three_of_them_with_a_logo() -> None:
    assert [partner["order"] for partner in PARTNERS] == [1, 2, 3, 4, 5]
    assert sum("logo" in partner for partner in PARTNERS) == 3


def test_the_pages_are_the_five_of_the_footer() -> None:
    assert set(PAGES) == {"about", "contact", "imprint", "for-authors", "privacy"}
    for page in PAGES.values():
        cleaned = nh3.clean(page["body"], tags=RICH, attributes=ATTRIBUTES, link_rel=None)
        assert tags_and_attributes(cleaned) == tags_and_attributes(page["body"])
    assert "The Analyst" in PAGES["imprint"]["body"]
    assert "The Littoral Institute" in PAGES["imprint"]["body"]


def test_every_picture_is_used_and_drawn_by_a_function_that_exists() -> None:
    used = {article.get("lead_image") for article in ARTICLES.values()}
    used |= {key for article in ARTICLES.values() for key in re.findall(r'data-image="([^"]+)"', rich(article))}
    used |= {person.get("portrait") for person in PEOPLE.values()}
    used |= {entry.get("cover") for entry in PUBLICATIONS} | {entry.get("logo") for entry in PARTNERS}
    assert used - {None} == set(IMAGES)
    assert {image["drawing"] for image in IMAGES.values()} == set(DRAWINGS)
    assert all(image["credit"] and image["rights"] for image in IMAGES.values())


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_the_same_for_the_same_seed(name: str) -> None:
    text = {"cover": "Series|A Title|Last line", "logo": "coast|One|Two"}.get(name, "")
    one = draw(name, 3, (160, 160), text)
    assert one == draw(name, 3, (160, 160), text)
    assert one.startswith(b"\x89PNG" if name == "logo" else b"\xff\xd8")
