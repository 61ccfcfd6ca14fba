"""The list of articles in the desk: columns, filters, search, actions, and what it costs."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Category
from tests.factories import analytical, make_article, make_author, make_draft, make_editor, make_issue

from .desk import DeskClient

LIST = "/admin/articles/article/"


class ListTests(TestCase):
    client_class = DeskClient
    editor: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = make_editor(username="nadia")

    def setUp(self) -> None:
        self.client.force_login(self.editor)

    def titles(self, query: str = "") -> list[str]:
        page = self.client.get(LIST + query)
        self.assertEqual(page.status_code, 200, query)
        return [article.title for article in page.context["cl"].result_list]

    def act(self, action: str, *articles: Article, **more: str) -> Any:
        chosen = {"action": action, "_selected_action": [article.pk for article in articles]}
        return self.client.post(LIST, chosen | more, follow=True)


class ColumnTests(ListTests):
    def test_it_works(self) -> None:
        issue = make_issue(date=date(2016, 3, 15))
        make_article(title="Grain", authors=[make_author(name="Ada"), make_author(name="Ben")], issue=issue)
        page = self.client.get(LIST)
        for shown in ("Grain", "Published", "Analytical Articles", "Ada, Ben", "15 Mar 2016", "View on site"):
            self.assertContains(page, shown)

    def test_each_row_is_chosen_by_a_box_that_names_it(self) -> None:
        article = make_article(title='"Ice" & grain')
        box = f'<input type="checkbox" name="_selected_action" value="{article.pk}" class="action-select" '
        label = 'aria-label="Select this object for an action - &quot;Ice&quot; &amp; grain">'
        self.assertContains(self.client.get(LIST), box + label, html=True)

    def test_it_shows_what_is_still_ahead_as_scheduled(self) -> None:
        make_article(published_at=timezone.now() + timedelta(days=1))
        self.assertContains(self.client.get(LIST), "Scheduled")

    def test_it_leads_to_the_site_only_where_the_site_answers(self) -> None:
        there, draft = make_article(slug="there"), make_draft(slug="not-yet")
        page = self.client.get(LIST)
        self.assertContains(page, 'href="/articles/there/"')
        self.assertNotContains(page, "/articles/not-yet/")
        self.assertContains(page, f'href="/admin/articles/article/{draft.pk}/preview/"')
        self.assertNotContains(page, f'href="/admin/articles/article/{there.pk}/preview/"')

    def test_it_leads_to_the_import_of_a_manuscript(self) -> None:
        self.assertContains(self.client.get(LIST), 'href="/admin/articles/article/import/"')

    def test_it_has_nothing_to_type_into(self) -> None:
        make_article()
        self.assertNotContains(self.client.get(LIST), "form-0-")


class FilterTests(ListTests):
    def test_by_status(self) -> None:
        make_article(title="Out")
        make_draft(title="Draft")
        self.assertEqual(self.titles("?status__exact=draft"), ["Draft"])

    def test_by_category(self) -> None:
        digest = Category.objects.get(slug="news-digest")
        make_article(title="One", category=analytical())
        make_article(title="Two", category=digest)
        self.assertEqual(self.titles(f"?category__id__exact={digest.pk}"), ["Two"])

    def test_by_issue(self) -> None:
        issue = make_issue()
        make_article(title="In it", issue=issue)
        make_article(title="Not in it")
        self.assertEqual(self.titles(f"?issue={issue.pk}"), ["In it"])

    def test_by_author(self) -> None:
        ada, ben = make_author(name="Ada"), make_author(name="Ben")
        make_article(title="Both", authors=[ada, ben])
        make_article(title="Ben alone", authors=[ben])
        self.assertEqual(self.titles(f"?author={ada.pk}"), ["Both"])
        self.assertEqual(self.titles(f"?author={ben.pk}"), ["Ben alone", "Both"])

    def test_all_together(self) -> None:
        ada, issue = make_author(), make_issue()
        make_article(title="This", authors=[ada], issue=issue)
        make_article(title="No", authors=[ada])
        self.assertEqual(self.titles(f"?author={ada.pk}&issue={issue.pk}&status__exact=published&q=this"), ["This"])

    def test_it_names_what_is_chosen_and_lists_nothing_else(self) -> None:
        ada = make_author(name="Ada")
        for _ in range(40):
            make_author()
        page = self.client.get(f"{LIST}?author={ada.pk}")
        self.assertContains(page, f'<option value="{ada.pk}" selected>Ada</option>', html=True)
        self.assertLess(page.content.count(b"<option"), 12)

    def test_nonsense_is_not_an_error(self) -> None:
        for query in (
            "?author=zzz",
            "?author=99999999999999999999",
            "?status__exact=zzz",
            "?p=zzz",
        ):
            self.assertIn(self.client.get(LIST + query).status_code, (200, 302), query)


class SearchTests(ListTests):
    def test_by_title_address_and_author(self) -> None:
        make_article(title="Grain and power", slug="a")
        make_article(title="Other", slug="harbour-tolls")
        make_article(title="Third", slug="c", authors=[make_author(name="Karim van der Berg")])
        self.assertEqual(self.titles("?q=GRAIN"), ["Grain and power"])
        self.assertEqual(self.titles("?q=harbour"), ["Other"])
        self.assertEqual(self.titles("?q=van+berg"), ["Third"])

    def test_by_tag_and_by_an_unfinished_word_and_drafts_too(self) -> None:
        make_draft(title="Unfinished aqueducts", tags=["Water"])
        for query in ("?q=aque", "?q=water", "?q=unfinished+wat"):
            self.assertEqual(self.titles(query), ["Unfinished aqueducts"], query)
        for query in ("?q=*", "?q=%22", "?q=-water", "?q=" + "x" * 3000):
            self.assertEqual(self.titles(query), [], query)

    def test_every_word_is_somewhere(self) -> None:
        make_article(title="Grain", authors=[make_author(name="Ada")])
        make_article(title="Grain", authors=[make_author(name="Ben")])
        self.assertEqual(len(self.titles("?q=grain+ben")), 1)

    def test_an_article_of_two_is_found_once(self) -> None:
        make_article(title="Grain", authors=[make_author(name="Ada Berg"), make_author(name="Ben Berg")])
        self.assertEqual(self.titles("?q=berg"), ["Grain"])


class CostTests(ListTests):
    def queries(self, query: str = "") -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            self.client.get(LIST + query)
        return [found["sql"] for found in captured.captured_queries]

    def test_its_cost_does_not_grow_with_the_list(self) -> None:
        for _ in range(30):
            make_article(authors=[make_author(), make_author()], issue=make_issue(), tags=["Ports"])
        with self.assertNumQueries(6):  # session, user; then categories, count, articles, bylines
            self.client.get(LIST)

    def test_with_every_filter_it_asks_six_questions_of_its_own(self) -> None:
        ada, issue = make_author(), make_issue()
        make_article(authors=[ada], issue=issue)
        query = f"?author={ada.pk}&issue={issue.pk}&category__id__exact={analytical().pk}&q=article"
        with self.assertNumQueries(
            8
        ):  # session, user; then categories, issue's name, author's, count, articles, bylines
            self.client.get(LIST + query)

    def test_it_loads_no_text(self) -> None:
        make_article(background="<p>Long.</p>", authors=[make_author()])
        asked = " ".join(self.queries())
        for name in ("summary", "background", "implications", "conclusions", "body", "bio"):
            self.assertNotIn(f'"{name}"', asked)


class ActionTests(ListTests):
    def test_publish_works(self) -> None:
        draft = make_draft(title="Grain", body="<p>At length.</p>")
        page = self.act("publish", draft)
        self.assertContains(page, "Published: 1 article.")
        draft.refresh_from_db()
        self.assertTrue(draft.is_published())
        self.assertEqual([revision.editor for revision in draft.revisions.all()], [self.editor])

    def test_publish_says_what_is_missing(self) -> None:
        poor, empty = make_draft(title="Poor", category=None), make_draft(title="Empty", summary="", category=None)
        page = self.act("publish", poor, empty)
        self.assertContains(page, "“Poor” is not published: it has no category.")
        self.assertContains(page, "“Empty” is not published: it has no category and no text.")
        poor.refresh_from_db()
        self.assertEqual((poor.status, poor.revisions.count()), (Article.Status.DRAFT, 0))

    def test_publish_leaves_what_is_published(self) -> None:
        article = make_article()
        self.act("publish", article)
        self.assertEqual(article.revisions.count(), 0)

    def test_withdraw_asks_for_the_notice_first(self) -> None:
        article = make_article(title="Grain")
        page = self.act("withdraw", article)
        self.assertContains(page, "What readers are told when they look for it")
        article.refresh_from_db()
        self.assertEqual(article.status, Article.Status.PUBLISHED)

    def test_withdraw_works(self) -> None:
        article = make_article(title="Grain")
        page = self.act("withdraw", article, withdraw="Withdraw", notice="It rested on an error.")
        self.assertContains(page, "“Grain” is withdrawn.")
        article.refresh_from_db()
        self.assertEqual(article.withdrawal_notice, "It rested on an error.")
        self.assertEqual(article.revisions.count(), 1)

    def test_withdraw_leaves_what_somebody_else_has_withdrawn(self) -> None:
        article = make_article(title="Grain")
        article.withdraw("The first notice.")
        page = self.act("withdraw", article, withdraw="Withdraw", notice="Another.")
        self.assertContains(page, "“Grain” is withdrawn already; its notice stays as it is.")
        article.refresh_from_db()
        self.assertEqual(article.withdrawal_notice, "The first notice.")

    def test_withdraw_needs_the_notice(self) -> None:
        article = make_article()
        self.assertContains(self.act("withdraw", article, withdraw="Withdraw", notice=" "), "Say why it is withdrawn")
        article.refresh_from_db()
        self.assertEqual(article.status, Article.Status.PUBLISHED)

    def test_those_who_may_only_look_have_no_actions(self) -> None:
        reader = User.objects.create(username="reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_article"))
        self.client.force_login(reader)
        draft = make_draft()
        self.act("publish", draft)
        draft.refresh_from_db()
        self.assertEqual(draft.status, Article.Status.DRAFT)


class DeletingTests(ListTests):
    def test_a_draft_is_deleted(self) -> None:
        draft = make_draft()
        self.client.post(f"/admin/articles/article/{draft.pk}/delete/", {"post": "yes"})
        self.assertFalse(Article.objects.exists())

    def test_what_has_been_public_is_not(self) -> None:
        article = make_article(title="Grain")
        url = f"/admin/articles/article/{article.pk}/delete/"
        self.assertContains(self.client.get(url), "Withdraw it instead")
        self.assertContains(self.client.post(url, {"post": "yes"}), "Withdraw it instead")
        self.assertTrue(Article.objects.exists())

    def test_what_was_only_planned_is(self) -> None:
        planned = make_article(published_at=timezone.now() + timedelta(days=1))
        self.client.post(f"/admin/articles/article/{planned.pk}/delete/", {"post": "yes"})
        self.assertFalse(Article.objects.exists())

    def test_the_form_of_what_has_been_public_offers_no_delete(self) -> None:
        article = make_article()
        url = f"/admin/articles/article/{article.pk}/delete/"
        self.assertNotContains(self.client.get(f"/admin/articles/article/{article.pk}/change/"), url)

    def test_nor_by_the_list(self) -> None:
        article, draft = make_article(title="Grain"), make_draft()
        self.assertContains(self.act("delete_selected", article, draft), "Withdraw it instead")
        self.act("delete_selected", article, draft, post="yes")
        self.assertEqual(Article.objects.count(), 2)

    def test_a_choice_that_is_no_row_is_refused(self) -> None:
        for pk in ("x", "9" * 40, "-1"):
            answer = self.client.post(LIST, {"action": "publish", "_selected_action": pk})
            self.assertEqual(answer.status_code, 400, pk)

    def test_a_nul_in_the_address_is_refused(self) -> None:
        for query in ("?status__exact=%00", "?q=%00", "?issue=%00", "?zzz=a%00b"):
            self.assertEqual(self.client.get(LIST + query).status_code, 400, query)

    def test_drafts_are_deleted_by_the_list(self) -> None:
        self.act("delete_selected", make_draft(), make_draft(), post="yes")
        self.assertFalse(Article.objects.exists())
