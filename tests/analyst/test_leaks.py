"""Nothing that is not public is public anywhere: a word of its own in every field of a text, in every state of it, is
looked for in every public address that the resolver knows. An address without a line in LIVE fails the test.

Three things are asked: that no answer holds such a word; that no answer changes by a byte because such texts are there
(not its dates, its counts, its order or its ETag); and that their own addresses answer as those of what never was.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from unittest import mock

import time_machine
from django.http import HttpResponse
from django.test import TestCase
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone
from PIL import Image as Pillow

from articles.models import Article, Autosave, Image, Source
from newsletter.models import Item
from reads.models import ReportLink
from reads.tallying import rank
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_editor,
    make_issue,
    make_page,
    make_partner,
    make_publication,
)
from tests.newsletter.makers import make_edition, make_event

AHEAD, COVER = datetime(2090, 1, 1, tzinfo=UTC), date(2031, 1, 1)
FORMS = ("atom", "rss", "json")
HIDDEN = (
    "draft",
    "review",
    "scheduled",
    "withdrawn",
    "recalled",
    "deleted",
)  # and what waits over live ones, one retracted
NEVER = "zqneverwas"
WORD = re.compile(rb"zq[a-z]+")

# What is public is asked for at each of these.
LIVE = [
    "/", "/articles/", "/articles/?page=2", "/articles/?author=ann&tag=water&year=2016&category=analytical-articles",
    "/articles/?author=ann&before=9999999999999999-1", "/search/", "/search/?q=water", "/search/?q=water&sort=date&in=conclusions",
    "/articles/grain/", "/articles/grain/read", "/articles/grain/share.jpg", "/articles/grain/grain.pdf",
    "/articles/grain/cite.bib", "/articles/grain/cite.ris", "/articles/grain/cite.json",
    "/articles/rail/", "/articles/rail/changes/1/", "/articles/corn/", "/articles/corn/changes/1/", "/articles/corn/cite.json",
    "/categories/analytical-articles/", "/tags/water/", "/authors/", "/authors/ann/", "/authors/ann/share.jpg",
    "/authors/ann/cite.bib", "/authors/ann/cite.json", "/issues/", "/issues/2016-03-16/", "/issues/2016-03-16/share.jpg",
    "/issues/2016-03-16/2016-03-16.pdf", "/share.jpg", "/media/{key}/64.jpg", "/most-read/", "/most-read/?period=ever", "/reads/",
    "/reads/{secret}/", "/publications/", "/publications/?author=ann", "/publications/low-water/", "/publications/low-water/share.jpg",
    "/publications/low-water/cite.bib", "/publications/low-water/low-water.pdf", "/about/", "/robots.txt",
    "/.well-known/security.txt", "/sitemap.xml", "/sitemap-site.xml", "/sitemap-news.xml", "/healthz", "/readyz",
    *(f"/sitemap-{name}-1.xml" for name in ("articles", "issues", "authors", "categories", "tags", "publications", "pages")),
    *(f"{base}.{form}" for form in FORMS for base in (
        "/feeds/articles", "/categories/analytical-articles/feed", "/authors/ann/feed", "/tags/water/feed")),
    "/newsletter/", "/newsletter/sent/", "/newsletter/editions.atom", "/newsletter/editions/five/", "/events/", "/events/talk/",
    "/events/talk.ics",
    # Doors that open to whoever has a key, which nobody has here.
    "/sign-off/none/", "/sign-off/none/images/none.jpg", "/newsletter/confirm/none/", "/newsletter/preferences/none/",
    "/newsletter/unsubscribe/none/", "/csp-reports",
]  # fmt: skip

# Where a text that is not public, and what belongs to it alone, would stand.
OWN = [
    "/articles/{title}/", "/articles/{title}/share.jpg", "/articles/{title}/read", "/articles/{title}/cite.bib",
    "/articles/{title}/{title}.pdf", "/articles/{title}/changes/1/", "/authors/{author}/", "/authors/{author}/share.jpg",
    "/authors/{author}/cite.bib", "/authors/{author}/feed.atom", "/tags/{tag}/", "/tags/{tag}/feed.json",
    "/articles/?author={author}", "/articles/?tag={tag}", "/publications/?author={author}", "/media/{image}/64.jpg",
]  # fmt: skip
SEARCHED = ("title", "summary", "background", "implications", "conclusions", "author", "tag")


def public_routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from public_routes(pattern.url_patterns, route)
        elif not route.startswith(("admin/", "accounts/")):
            yield route


def word(state: str, field: str) -> str:
    return f"zq{state}{field}"


def picture(state: str) -> Image:
    """Its file holds where and by whom it was taken."""
    exif, file = Pillow.Exif(), BytesIO()
    exif[315], exif[270] = word(state, "photographer"), word(state, "exif")
    Pillow.new("RGB", (64, 40), (len(state), 40, ord(state[0]))).save(file, "JPEG", exif=exif)
    about = {name: word(state, name) for name in ("credit", "source", "rights")} if state != "live" else {}
    return Image.objects.add(BytesIO(file.getvalue()), **about)


class LeakTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = make_editor(username=word("desk", "editor"), email="zqdeskmail@example.org")
        cls.issue = make_issue(date=date(2016, 3, 16), volume=18, number=5)
        cls.ann = make_author(name="Ann Lee", slug="ann", email="zqdeskauthormail@example.org")
        cls.image = picture("live")
        common: dict[str, Any] = {"authors": [cls.ann], "tags": ["Water"], "issue": cls.issue}
        figure = f'<p>Water.</p><figure data-image="{cls.image.key}"><figcaption>A harbour</figcaption></figure>'
        cls.live = [
            make_article(title=title, slug=title.lower(), lead_image=cls.image, background=figure, **common)
            for title in ("Grain", "Rail", "Corn")
        ]
        for article in cls.live[1:]:
            old = article.revise(cls.editor, note=word("desk", "note"))
            article.background = "<p>Water, put right.</p>"
            article.save()
            article.correct("correction", "The year was wrong.", cls.editor, old, article.revise(cls.editor))
        cls.live[1].correct("retraction", "The data were invented.", cls.editor)
        cls.live[0].correct("typo", word("desk", "typo"), cls.editor)
        make_publication(slug="low-water", title="Low water", authors=["Ann Lee"], cover=cls.image)
        make_partner(logo=cls.image)
        make_page(slug="about")
        event = make_event(slug="talk")
        cls.edition = make_edition(
            *cls.live, event, scheduled=False, slug="five", state="sent", started_at=timezone.now(), issue=cls.issue
        )
        rank()
        cls.places = {"key": cls.image.key, "secret": ReportLink.objects.create(author=cls.ann).secret}

    # What is hidden

    def hide(self) -> dict[str, dict[str, str]]:
        """Put a text in each state beside the public ones; returns what their own addresses are made of."""
        pieces = {state: self.hidden(state) for state in HIDDEN}
        self.announce()
        changed = self.live[2]
        for article in self.live:
            self.write_aside(article, "changed")
        changed.set_aside(self.written("changed", picture("changed")), self.editor, None, word("changed", "note"))
        for article in self.live:
            Article.objects.filter(pk=article.pk).update(held_by=self.editor, due_on=COVER)
        return pieces

    def announce(self) -> None:
        """An edition that went out tells of all of them; another one, an event and a publication are in preparation."""
        for article in Article.objects.exclude(pk__in=[row.pk for row in self.live]):
            Item.objects.create(edition=self.edition, article=article)
        make_edition(
            scheduled=False,
            subject=word("edition", "draft"),
            slug=word("edition", "draft"),
            body=f"<p>{word('edition', 'body')}</p>",
        )
        make_event(title=word("event", "unlisted"), slug=word("event", "unlisted"), is_listed=False)
        make_publication(title=word("publication", "unlisted"), slug=word("publication", "unlisted"), is_listed=False)

    def written(self, state: str, image: Image) -> dict[str, Any]:
        """A snapshot with a word of its own in every field."""
        text = {name: f"<p>{word(state, name)}</p>" for name in ("summary", "implications", "conclusions", "body")}
        figure = f'<figure data-image="{image.key}" data-alt="{word(state, "alt")}"><figcaption>{word(state, "caption")}</figcaption>'
        text["background"] = f"<p>{word(state, 'background')}</p>{figure}</figure>"
        plain = {
            name: word(state, name.replace("_", "")) for name in ("title", "dateline", "licence", "lead_image_alt")
        }
        byline = {
            "author": self.ann.pk,
            "name": word(state, "byline"),
            "affiliation": word(state, "office"),
            "bio": f"<p>{word(state, 'bio')}</p>",
        }
        return self.live[2].snapshot() | text | plain | {
            "slug": word(state, "title"), "doi": f"10.5555/{word(state, 'doi')}", "lead_image": image.pk,
            "lead_image_caption": word(state, "lead"), "bylines": [byline], "tags": ["Water", word(state, "tag")],
        }  # fmt: skip

    def write_aside(self, article: Article, state: str) -> None:
        """What belongs to the desk: sources, what somebody is typing, what is asked of whom."""
        Source.objects.create(
            article=article, file_name=f"{word(state, 'file')}.docx", sha256=state, original=f"{word(state, 'original')}.docx",
            manuscript={"unplaced": [word(state, "unplaced")], "flags": []},
        )  # fmt: skip
        snapshot = {"title": word(state, "autosave")}
        Autosave.objects.create(editor=self.editor, article=article, snapshot=snapshot, typed_at=timezone.now())

    def hidden(self, state: str) -> dict[str, str]:
        image, author = (
            picture(state),
            make_author(
                name=word(state, "author"), bio=f"<p>{word(state, 'life')}</p>", affiliation=word(state, "house")
            ),
        )
        article = make_draft(
            category=self.live[0].category, created_by=self.editor, imported_reads=10**6, imported_reads_on=COVER
        )
        article.restore(self.written(state, image))
        article.issue = self.issue
        article.bylines.create(author=author, position=2, name=word(state, "author"))
        article.save()
        article.revise(self.editor, note=word(state, "note"))
        self.write_aside(article, state)
        getattr(self, f"make_{state}")(article)
        return {"title": word(state, "title"), "author": author.slug, "tag": word(state, "tag"), "image": image.key}

    def make_draft(self, article: Article) -> None:
        """As it is."""

    def make_review(self, article: Article) -> None:
        article.ask_for_review(self.editor)

    def make_scheduled(self, article: Article) -> None:
        article.publish(at=AHEAD, by=self.editor)

    def make_withdrawn(self, article: Article) -> None:
        article.publish(by=self.editor)
        article.withdraw(word("withdrawn", "notice"), self.editor)

    def make_recalled(self, article: Article) -> None:
        article.issue = make_issue(date=COVER, volume=99, number=1, released_at=None)
        article.save()
        article.issue.release(by=self.editor)
        article.slug = word("recalled", "moved")
        article.save()
        article.issue.recall(by=self.editor)

    def make_deleted(self, article: Article) -> None:
        article.delete()

    # What is asked

    def ask(self, path: str) -> HttpResponse:
        return self.client.get(path.format(**self.places))

    def answers(self) -> dict[str, tuple[int, bytes, bytes]]:
        found = {path: self.ask(path) for path in LIVE}
        return {path: (answer.status_code, headers(answer), body(answer)) for path, answer in found.items()}

    @mock.patch("articles.pdf.render", lambda paper: paper.html.encode())  # all that a PDF is made of, in plain letters
    @time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False)
    def test_nothing_leaks(self) -> None:
        before = self.answers()
        pieces = self.hide()
        after = self.answers()
        for path, (_, heads, text) in after.items():
            self.assertEqual(WORD.findall(heads + text), [], path)
            self.assertEqual(after[path], before[path], f"{path} is not what it was")
        for state, own in pieces.items():
            self.assert_it_answers_as_what_never_was(state, own)
        self.assert_nothing_is_found()

    def assert_it_answers_as_what_never_was(self, state: str, own: dict[str, str]) -> None:
        never = dict.fromkeys(own, NEVER)
        for pattern in [
            *OWN,
            *(["/issues/2031-01-01/", "/issues/2031-01-01/share.jpg"] if state == "recalled" else []),
        ]:
            path = pattern.format(**own)
            answer, other = self.client.get(path), self.client.get(pattern.format(**never).replace("2031", "2032"))
            if answer.status_code == 410:
                self.assertEqual((state, other.status_code), ("withdrawn", 404), path)
                told = {word(state, "title").encode(), word(state, "notice").encode()}
                self.assertEqual(set(WORD.findall(body(answer))), told, path)
                continue
            self.assertEqual(answer.status_code, 404, path)
            self.assertEqual((headers(answer), body(answer)), (headers(other), body(other)), path)
        if state == "recalled":
            others = [
                "articles/zqrecalledmoved",
                "newsletter/editions/zqeditiondraft",
                "events/zqeventunlisted",
                "publications/zqpublicationunlisted",
            ]
            for path in others:
                answer, other = self.client.get(f"/{path}/"), self.client.get(f"/{path.rpartition('/')[0]}/{NEVER}/")
                self.assertEqual((answer.status_code, body(answer)), (404, body(other)), path)

    def assert_nothing_is_found(self) -> None:
        nothing = body(self.client.get("/search/", {"q": NEVER}))
        for state in (*HIDDEN, "changed"):
            for field in SEARCHED:
                asked = word(state, field)
                found = body(self.client.get("/search/", {"q": asked}))
                self.assertEqual(found.replace(asked.encode(), NEVER.encode()), nothing, asked)

    def test_every_public_address_has_a_line(self) -> None:
        lines = {resolve(path.partition("?")[0].format(**self.places)).route for path in LIVE}
        self.assertEqual(set(public_routes(get_resolver().url_patterns)) - lines, set())

    def test_the_words_would_be_found_if_they_leaked(self) -> None:
        """Published, such a text is seen wherever it is looked for."""
        self.hide()
        Article.objects.get(slug="zqdrafttitle").publish()
        for path in ("/", "/articles/", "/authors/", "/authors/ann/", "/issues/2016-03-16/", "/tags/water/", "/search/?q=zqdraftbackground",
                     "/feeds/articles.atom", "/sitemap-articles-1.xml", "/sitemap-tags-1.xml", "/articles/zqdrafttitle/"):  # fmt: skip
            self.assertRegex(body(self.ask(path)).decode(), "zqdraft(title|author|tag)", path)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def headers(answer: Any) -> bytes:
    return "\n".join(f"{name}: {value}" for name, value in sorted(answer.headers.items())).encode()
