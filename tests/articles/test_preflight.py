"""What is missing or doubtful before a text is published."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.test import TestCase

from articles.models import Article, Image, Source
from articles.preflight import MAILED, findings
from tests.factories import make_article, make_author, make_draft, make_image, make_issue, make_page, make_publication

from .desk import form_of
from .test_desk_article import ADD, DeskTests, change

WHOLE = {
    "title": "Grain and power",
    "category": 1,
    "summary": "<p>In short.</p>",
    "background": "<p>Then.</p>",
    "implications": "<p>So.</p>",
    "conclusions": "<p>Now.</p>",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "says", "field", "stops"),
    [
        ({"title": " "}, "has no title", "title", True),
        ({"category": None}, "has no category", "category", True),
        (dict.fromkeys(("summary", *Article.TEXTS), ""), "has no text", "summary", True),
        ({"implications": ""}, "has no implications", "implications", False),
        ({"body": "<p>B</p>"}, "has sections and a body", "body", False),
        (dict.fromkeys(Article.TEXTS, ""), "has no text but its summary", "summary", False),
        ({"summary": ""}, "has no summary", "summary", False),
        ({"summary": f"<p>{'x' * (MAILED + 1)}</p>"}, "has a summary of 901 characters", "summary", False),
        ({"background": "<h4>B</h4><h3>A</h3>"}, "has a small heading in background", "background", False),
        (
            {"background": '<figure data-image="k"></figure>'},
            "has a figure without alternative text",
            "background",
            False,
        ),
        ({"bylines": [{"author": None, "name": "Ada", "bio": ""}]}, "has no bio of Ada", "bylines-0-bio", False),
        (
            {"background": '<p><a href="/articles/gone/">a</a></p>'},
            "has a dead link in background",
            "background",
            False,
        ),
    ],
)
def test_it_is_found_where_it_is_put_right(change: dict[str, Any], says: str, field: str, stops: bool) -> None:
    found = [one for one in findings(None, WHOLE | change) if one.says.startswith(says)]
    assert [(one.field, one.stops) for one in found] == [(field, stops)]


@pytest.mark.django_db
def test_a_whole_text_has_none() -> None:
    assert findings(None, WHOLE) == []
    text = dict.fromkeys(Article.SECTIONS, "") | {"body": "<h3>A</h3><h4>B</h4><p>Text.</p>"}
    assert findings(None, WHOLE | text) == []


class LooksUpTests(TestCase):
    def says(self, article: Article | None = None, **changes: Any) -> list[str]:
        return [one.says for one in findings(article, WHOLE | changes)]

    def links(self, *addresses: str) -> list[str]:
        text = "".join(f'<p><a href="{address}">a</a></p>' for address in addresses)
        return [says.partition(": ")[2] for says in self.says(background=text)]

    def test_a_credit_is_looked_for_at_each_image(self) -> None:
        bare, credited = make_image(), make_image(credit="A harbour")
        figure = '<figure data-image="{}" data-alt="A ferry"></figure>'
        self.assertEqual(self.says(background=figure.format(credited.key)), [])
        self.assertEqual(self.says(conclusions=figure.format(bare.key)), ["has an image without credit"])
        self.assertEqual(self.says(lead_image=bare.pk, lead_image_alt="A"), ["has an image without credit"])

    def test_a_lead_image_says_what_it_shows_as_soon_as_there_is_one(self) -> None:
        there, awaited = make_image(credit="A harbour"), Image.objects.create(credit="To come")
        self.assertEqual(self.says(lead_image=there.pk), ["has a lead image without alternative text"])
        self.assertEqual(self.says(lead_image=awaited.pk), [])

    def test_the_bio_on_the_page_of_an_author_will_do(self) -> None:
        row = {"name": "Ada", "bio": ""}
        known, unknown = make_author(bio="<p>Writes.</p>"), make_author()
        self.assertEqual(self.says(bylines=[row | {"author": known.pk}]), [])
        self.assertEqual(self.says(bylines=[row | {"author": unknown.pk}]), ["has no bio of Ada"])

    def test_one_bio_may_be_of_several(self) -> None:
        rows = [{"author": None, "name": "Ada", "bio": "<p>Ada writes. Ben reads.</p>"}]
        self.assertEqual(self.says(bylines=[*rows, {"author": None, "name": "Ben", "bio": ""}]), [])

    def test_two_articles_of_one_title_are_told(self) -> None:
        other = make_article(title="grain and power")
        self.assertEqual(self.says(), ["has the title of another article"])
        self.assertEqual(self.says(other), [])

    def test_what_a_manuscript_left_open_is_told(self) -> None:
        article = make_draft()
        flags = [{"field": "dateline", "reason": "No year.", "text": "", "proposal": None}]
        source = Source(article=article, file_name="a.docx", manuscript={"flags": flags, "unplaced": ["junk"]})
        source.original.save("a.docx", ContentFile(b"x"))
        self.assertEqual(
            self.says(article),
            ["has 1 open doubt from a.docx", "leaves out text of a.docx that found no place"],
        )
        source.settle("flag-0", "dismissed")
        source.settle("unplaced-0", "left out")
        self.assertEqual(self.says(article), [])

    def test_links_to_our_pages_are_looked_up(self) -> None:
        moved = make_article(slug="grain", tags=["Rail"], issue=make_issue(), authors=[make_author(slug="ada")])
        make_draft(slug="draft")
        make_page(slug="about")
        make_publication(slug="paper")
        alive = [
            "/",
            "/articles/",
            "/articles/grain/",
            "/tags/rail/",
            "/authors/ada/",
            "/about/",
            "#p3",
            "/search/?q=a",
        ]
        alive += [f"/issues/{moved.issue.date}/", "/publications/paper/", "/feeds/articles.atom"]
        alive += ["http://localhost:8000/articles/grain/#p2", "https://example.org/x", "mailto:a@example.org"]
        self.assertEqual(self.links(*alive), [])
        dead = [
            "/articles/draft/",
            "/articles/nothing/",
            "/tags/nothing/",
            "/issues/1999-13-45/",
            "/nothing/",
            "/a/b/c/d",
        ]
        dead += ["http://localhost:8000/articles/nothing/", "https:///x", "http://[", "https://nohost", "mailto:"]
        self.assertEqual(self.links(*dead), dead)

    def test_a_link_to_where_a_page_was_leads_there(self) -> None:
        article = make_article(slug="old")
        article.slug = "new"
        article.save()
        self.assertEqual(self.links("/articles/old/"), [])


class AskingTests(DeskTests):
    def publish_it(self, article: Article, **changes: Any) -> Any:
        return self.save(article, status="published", **{"though": ""} | changes)

    def test_what_is_doubtful_needs_a_reason_that_is_kept(self) -> None:
        article = make_draft(background="<p>Then.</p>")
        refused = self.publish_it(article)
        self.assertRefused(refused, "It has no implications.")
        self.assertRefused(refused, "Say why it goes out with these, or put them right.")
        article.refresh_from_db()
        self.assertEqual(article.status, "draft")
        self.assertSaved(self.publish_it(article, though="A field report."))
        article.refresh_from_db()
        self.assertEqual(article.status, "published")
        kept = " ".join(LogEntry.objects.filter(object_id=article.pk).values_list("change_message", flat=True))
        self.assertIn("Published though it has no implications; has no conclusions. Reason: A field report.", kept)

    def test_a_whole_text_is_asked_nothing(self) -> None:
        article = make_draft(**{name: f"<p>{name}</p>" for name in Article.SECTIONS})
        self.assertSaved(self.publish_it(article))

    def test_a_draft_is_saved_as_it_is(self) -> None:
        self.assertSaved(self.save(make_draft(background="<p>Then.</p>"), though=""))

    def test_a_change_of_a_public_text_answers_for_what_it_brings(self) -> None:
        article = make_article(background="<p>Then.</p>")
        self.assertSaved(self.publish(article, background="<p>Them.</p>", though=""))
        dead = '<p><a href="/articles/gone/">Them.</a></p>'
        refused = self.publish(article, background=dead, though="")
        self.assertRefused(refused, "has a dead link in background")
        self.assertNotContains(refused, "It has no implications", status_code=refused.status_code)

    def test_the_list_publishes_nothing_that_is_doubtful(self) -> None:
        article = make_draft(background="<p>Then.</p>")
        sent = {"action": "publish", "_selected_action": article.pk}
        page = self.client.post("/admin/articles/article/", sent, follow=True)
        self.assertContains(page, "has no implications, and has no conclusions")
        article.refresh_from_db()
        self.assertEqual(article.status, "draft")

    def test_the_form_is_told_while_somebody_writes(self) -> None:
        article = make_draft(background="<p>Then.</p>")
        url = f"/admin/articles/article/{article.pk}/at-work/"
        told = self.client.post(url, form_of(self.client, change(article)) | {"looks": "1"}).json()
        doubt = {"says": "has no implications", "field": "implications", "stops": False, "waits": False}
        self.assertIn(doubt, told["doubts"])
        told = self.client.post("/admin/articles/article/add/at-work/", form_of(self.client, ADD)).json()
        self.assertEqual([doubt["stops"] for doubt in told["doubts"]], [True, True, True])
