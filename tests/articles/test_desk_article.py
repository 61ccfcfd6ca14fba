"""The article's form in the desk."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from articles import moments
from articles.models import Article, Byline, Category, Image
from tests.factories import (
    LONG_AGO,
    analytical,
    make_article,
    make_author,
    make_draft,
    make_editor,
    make_image,
    make_issue,
    picture_bytes,
)

from .desk import DeskClient, byline_row, fields_in, form_of

ADD = "/admin/articles/article/add/"
GOES_OUT = {"though": "As agreed with the author."}  # with what the preflight finds in the short texts of tests


def change(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


class DeskTests(TestCase):
    client_class = DeskClient
    editor: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = make_editor(username="nadia")

    def setUp(self) -> None:
        self.client.force_login(self.editor)

    def save(self, article: Article, **changes: Any) -> Any:
        """Open the form, change some of it, save."""
        return self.client.post(change(article), form_of(self.client, change(article)) | GOES_OUT | changes)

    def publish(self, article: Article, **changes: Any) -> Any:
        """The same, and put it live."""
        return self.save(article, _publish_changes="x", **{"correction": "typo"} | changes)

    def assertSaved(self, response: Any) -> None:
        errors = response.context["errors"] if response.status_code == 200 and response.context else ""
        self.assertEqual(response.status_code, 302, errors)

    def assertRefused(self, response: Any, sentence: str) -> None:
        self.assertIn(response.status_code, (200, 409))
        self.assertContains(response, sentence, status_code=response.status_code)


class WritingTests(DeskTests):
    def test_it_works(self) -> None:
        author = make_author(name="Ada Orlo")
        written = form_of(self.client, ADD) | {
            "title": "Grain and power",
            "category": analytical().pk,
            "summary": "<p>In short.</p>",
            "background": "<p>In 2022 the ports closed.<small data-note>A note.</small></p>",
            "tags": "Grain trade, Ports",
            "bylines-TOTAL_FORMS": 1,
            **byline_row(0, author, affiliation="Ismere University"),
        }
        self.assertSaved(self.client.post(ADD, written))
        article = Article.objects.get()
        self.assertEqual(article.title, "Grain and power")
        self.assertEqual(article.status, Article.Status.DRAFT)
        self.assertIn("<small data-note", article.background)
        self.assertEqual(sorted(article.tags.names()), ["Grain trade", "Ports"])
        byline = article.bylines.get()
        self.assertEqual((byline.name, byline.affiliation, byline.position), ("Ada Orlo", "Ismere University", 1))

    def test_it_shows_what_it_saved(self) -> None:
        article = make_article(title="Grain", authors=[make_author(name="Ada Orlo")], tags=["Grain trade"])
        fields = form_of(self.client, change(article))
        self.assertEqual(fields["title"], "Grain")
        self.assertEqual(fields["tags"], "Grain trade")
        self.assertEqual(fields["bylines-0-name"], "Ada Orlo")

    def test_it_cleans_what_is_pasted(self) -> None:
        article = make_draft()
        pasted = '<p onclick="x()" class="MsoNormal">Text<script>alert(1)</script></p>'
        self.assertSaved(self.save(article, background=pasted, summary=pasted))
        article.refresh_from_db()
        self.assertEqual(article.background, "<p>Text</p>")
        self.assertEqual(article.summary, "<p>Text</p>")

    def test_it_needs_a_title(self) -> None:
        self.assertRefused(self.save(make_draft(), title="  "), "This field is required.")

    def test_its_fields_stand_in_the_order_of_writing(self) -> None:
        page = self.client.get(ADD).content.decode()
        order = ["title", "category", "summary", "background", "implications", "conclusions", "body",
                 "bylines-TOTAL_FORMS", "status", "lead_image", "issue", "dateline", "tags", "slug", "doi"]  # fmt: skip
        places = [page.index(f'name="{name}"') for name in order]
        self.assertEqual(places, sorted(places))

    def test_it_offers_sections_and_body_to_browsers_without_scripts(self) -> None:
        fields = form_of(self.client, change(make_draft(category=Category.objects.get(slug="news-digest"))))
        self.assertLessEqual({"background", "implications", "conclusions", "body"}, set(fields))

    def test_it_says_which_categories_have_sections(self) -> None:
        digest = Category.objects.get(slug="news-digest")
        page = self.client.get(ADD).content.decode()
        kinds = page[page.index('id="category-kinds"') :][:400]
        self.assertIn(f'"{digest.pk}": false', kinds)
        self.assertIn(f'"{analytical().pk}": true', kinds)

    def test_it_splits_tags_at_commas_only(self) -> None:
        article = make_draft(tags=["Old"])
        self.assertSaved(self.save(article, tags='Central Asia, "oil, gas", caspian, Caspian'))
        self.assertEqual(sorted(article.tags.names()), ["Caspian", "Central Asia", "oil, gas"])
        self.assertEqual(form_of(self.client, change(article))["tags"], 'Caspian, Central Asia, "oil, gas"')

    def test_it_refuses_a_tag_as_long_as_a_sentence(self) -> None:
        self.assertRefused(self.save(make_draft(), tags="word " * 30), "is longer than 100 characters")

    def test_what_is_saved_to_be_previewed_is_a_draft(self) -> None:
        written = form_of(self.client, ADD) | {"title": "Grain", "status": "published", "_continue": "draft"}
        self.assertSaved(self.client.post(ADD, written))
        self.assertEqual(Article.objects.get().status, "draft")

    def test_only_what_readers_can_open_is_viewed_on_the_site(self) -> None:
        for article, is_there in ((make_article(), True), (make_draft(), False)):
            page = self.client.get(change(article)).content.decode()
            self.assertEqual("View on site" in page, is_there)

    def test_it_refuses_a_doi_that_is_an_address_of_something_else(self) -> None:
        self.assertRefused(self.save(make_draft(), doi="https://example.org/x"), "A DOI begins with 10.")

    def test_it_keeps_a_doi_without_its_resolver(self) -> None:
        article = make_draft()
        self.assertSaved(self.save(article, doi="https://doi.org/10.5555/12345"))
        article.refresh_from_db()
        self.assertEqual(article.doi, "10.5555/12345")

    def test_it_leaves_a_sign_at_the_old_address(self) -> None:
        article = make_article(slug="grain")
        self.assertSaved(self.publish(article, slug="grain-and-power"))
        self.assertEqual(self.client.get("/articles/grain/").status_code, 301)

    def test_it_shows_the_whole_text_to_those_who_may_only_look(self) -> None:
        reader = User.objects.create(username="reader", is_staff=True)
        reader.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "view_byline"]))
        self.client.force_login(reader)
        article = make_article(title="Grain", background="<p>The <em>ports</em> closed.</p>", authors=[make_author()])
        article.bylines.update(bio="<p>A <em>fellow</em>.</p>")
        page = self.client.get(change(article))
        self.assertContains(page, "Grain")
        self.assertContains(page, "<p>The <em>ports</em> closed.</p>", html=True)
        self.assertContains(page, "<p>A <em>fellow</em>.</p>", html=True)
        self.assertNotContains(page, "&lt;p&gt;")
        self.assertNotContains(page, 'name="_save"')
        self.assertEqual(self.client.post(change(article), {"title": "Mine"}).status_code, 403)

    def test_it_is_closed_to_strangers(self) -> None:
        self.client.logout()
        for url in ("/admin/articles/article/", ADD, change(make_article())):
            self.assertEqual(self.client.get(url).status_code, 302, url)

    def test_an_image_is_uploaded_only_by_those_who_may_add_images(self) -> None:
        writer = User.objects.create(username="writer", is_staff=True)
        writer.user_permissions.set(Permission.objects.filter(codename__in=["change_article", "view_article"]))
        self.client.force_login(writer)
        article = make_draft()
        self.assertNotContains(self.client.get(change(article)), "lead_image_upload")
        upload = SimpleUploadedFile("a.jpg", picture_bytes())
        self.assertEqual(self.save(article, lead_image_upload=upload, lead_image_credit="A").status_code, 403)
        self.assertFalse(Image.objects.exists())

    def test_an_address_in_another_normal_form_is_read_in_ours(self) -> None:
        article = make_draft()
        self.assertSaved(self.save(article, slug="zu\u0308rich"))
        article.refresh_from_db()
        self.assertEqual(article.slug, "z\u00fcrich")


class StatusTests(DeskTests):
    def test_an_untouched_form_changes_nothing_though_the_date_was_made_here(self) -> None:
        article = make_draft(background="<p>Text.</p>")
        self.assertSaved(self.save(article, status="published"))
        self.assertEqual(article.revisions.count(), 2)
        article.refresh_from_db()
        self.assertSaved(self.save(article))
        self.assertEqual(article.revisions.count(), 2)

    def test_a_year_that_no_zone_can_hold_is_refused(self) -> None:
        article = make_draft()
        for day in ("9999-12-31", "0001-01-01"):
            page = self.save(article, published_at_0=day, published_at_1="23:59:59")
            self.assertContains(page, "This year is mistyped")

    def test_it_publishes_now_when_no_date_is_given(self) -> None:
        article = make_draft()
        before = moments.now()
        self.assertSaved(self.save(article, status="published"))
        article.refresh_from_db()
        self.assertTrue(article.is_published())
        assert article.published_at
        self.assertGreaterEqual(article.published_at, before)

    def test_it_schedules(self) -> None:
        article = make_draft()
        self.assertSaved(self.save(article, status="published", published_at_0="2090-01-01", published_at_1="12:00:00"))
        article.refresh_from_db()
        self.assertEqual(article.published_at, datetime(2090, 1, 1, 12, tzinfo=UTC))
        self.assertFalse(article.is_published())

    def test_it_does_not_publish_without_a_category(self) -> None:
        article = make_draft(category=None)
        self.assertRefused(self.save(article, status="published"), "It cannot be published without a category.")
        article.refresh_from_db()
        self.assertEqual(article.status, Article.Status.DRAFT)

    def test_it_does_not_publish_without_a_text(self) -> None:
        article = make_draft(summary="")
        self.assertRefused(self.save(article, status="published"), "It cannot be published without a text.")

    def test_it_does_not_withdraw_without_a_notice(self) -> None:
        article = make_article()
        self.assertRefused(self.save(article, status="withdrawn"), "Say what readers are told")
        article.refresh_from_db()
        self.assertEqual(article.status, Article.Status.PUBLISHED)

    def test_it_withdraws_with_a_notice(self) -> None:
        article = make_article()
        self.assertSaved(self.save(article, status="withdrawn", withdrawal_notice="It rested on an error."))
        self.assertEqual(self.client.get(article.get_absolute_url()).status_code, 410)

    def test_a_change_of_a_published_text_dates_it(self) -> None:
        article = make_article(modified_at=LONG_AGO)
        before = moments.now()
        self.assertSaved(self.publish(article, background="<p>Corrected.</p>"))
        article.refresh_from_db()
        assert article.modified_at
        self.assertGreaterEqual(article.modified_at, before)

    def test_a_change_of_a_published_text_keeps_the_date_that_the_editor_gives(self) -> None:
        article = make_article(modified_at=LONG_AGO)
        given = {"modified_at_0": "2016-03-09", "modified_at_1": "12:00:00"}
        self.assertSaved(self.publish(article, background="<p>Corrected.</p>", **given))
        article.refresh_from_db()
        self.assertEqual(article.modified_at, datetime(2016, 3, 9, 12, tzinfo=UTC))

    def test_a_change_of_a_draft_or_of_a_tag_dates_nothing(self) -> None:
        draft, article = make_draft(), make_article(modified_at=LONG_AGO)
        self.assertSaved(self.save(draft, background="<p>More.</p>"))
        self.assertSaved(self.publish(article, tags="Ports"))
        draft.refresh_from_db()
        article.refresh_from_db()
        self.assertEqual((draft.modified_at, article.modified_at), (None, LONG_AGO))


class BylineTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.ada, self.ben, self.cyd = (make_author(name=name) for name in ("Ada", "Ben", "Cyd"))
        self.article = make_draft(authors=[self.ada, self.ben])

    def names(self) -> list[str]:
        return list(self.article.bylines.values_list("name", flat=True))

    def test_two_change_places(self) -> None:
        self.assertSaved(self.save(self.article, **{"bylines-0-position": 2, "bylines-1-position": 1}))
        self.assertEqual(self.names(), ["Ben", "Ada"])
        self.assertEqual(list(self.article.bylines.values_list("position", flat=True)), [1, 2])

    def test_two_change_persons(self) -> None:
        swapped = {"bylines-0-author": self.ben.pk, "bylines-1-author": self.ada.pk}
        self.assertSaved(self.save(self.article, **swapped))
        self.assertEqual([byline.author for byline in self.article.bylines.all()], [self.ben, self.ada])

    def test_the_same_number_twice_keeps_the_order_of_the_page(self) -> None:
        self.assertSaved(self.save(self.article, **{"bylines-0-position": 1, "bylines-1-position": 1}))
        self.assertEqual(self.names(), ["Ada", "Ben"])

    def test_one_without_a_number_comes_last(self) -> None:
        more = {"bylines-TOTAL_FORMS": 3} | byline_row(2, self.cyd)
        self.assertSaved(self.save(self.article, **more))
        self.assertEqual(self.names(), ["Ada", "Ben", "Cyd"])

    def test_one_is_removed(self) -> None:
        self.assertSaved(self.save(self.article, **{"bylines-0-DELETE": "on"}))
        self.assertEqual(self.names(), ["Ben"])
        self.assertEqual(self.article.bylines.get().position, 1)

    def test_a_row_that_was_moved_in_the_page_is_still_known(self) -> None:
        """The script moves rows, and renumbers them when one is taken out: a new row may then stand first."""
        moved = {"bylines-TOTAL_FORMS": 2, "bylines-INITIAL_FORMS": 2} | byline_row(0, self.cyd, 1)
        self.assertSaved(self.save(self.article, **moved))
        self.assertEqual(self.names(), ["Cyd", "Ben"])

    def test_nobody_stands_twice(self) -> None:
        twice = {"bylines-1-author": self.ada.pk}
        self.assertRefused(self.save(self.article, **twice), "Ada stands twice in this list.")
        self.assertEqual(self.names(), ["Ada", "Ben"])

    def test_what_was_printed_stays(self) -> None:
        Byline.objects.filter(author=self.ada).update(name="Dr. Ada A.", affiliation="Then", bio="<p>Then.</p>")
        self.assertSaved(self.save(self.article, title="Another title"))
        byline = self.article.bylines.get(author=self.ada)
        self.assertEqual((byline.name, byline.affiliation, byline.bio), ("Dr. Ada A.", "Then", "<p>Then.</p>"))

    def test_a_bio_is_cleaned(self) -> None:
        self.assertSaved(self.save(self.article, **{"bylines-0-bio": "<p>Fellow.<script>x</script></p>"}))
        self.assertEqual(self.article.bylines.get(author=self.ada).bio, "<p>Fellow.</p>")


class RevisionTests(DeskTests):
    def test_each_save_is_one_revision(self) -> None:
        article = make_draft()
        article.revise(note="Import")
        self.assertSaved(self.save(article, title="One", background="<p>Text.</p>", tags="Ports"))
        newest = article.revisions.first()
        assert newest
        self.assertEqual((newest.number, newest.editor), (2, self.editor))
        self.assertEqual(newest.snapshot["title"], "One")
        self.assertEqual(newest.snapshot["tags"], ["Ports"])

    def test_a_new_article_begins_with_revision_one(self) -> None:
        self.assertSaved(self.client.post(ADD, form_of(self.client, ADD) | {"title": "Grain"}))
        self.assertEqual([revision.number for revision in Article.objects.get().revisions.all()], [1])

    def test_a_save_that_changes_nothing_is_none(self) -> None:
        article = make_article(background="<p>One.</p>\n<p>Two.</p>", authors=[make_author()], tags=["Ports"])
        article.revise()
        fields = form_of(self.client, change(article))
        fields["background"] = fields["background"].replace("\n", "\r\n")  # as browsers send it
        self.assertSaved(self.client.post(change(article), fields))
        self.assertEqual(article.revisions.count(), 1)

    def test_a_change_of_status_is_one(self) -> None:
        article = make_draft()
        article.revise()
        self.assertSaved(self.save(article, status="review"))
        self.assertEqual(article.revisions.count(), 2)

    def test_what_was_there_before_the_first_save_is_kept(self) -> None:
        article = make_article(title="As it came")
        self.assertSaved(self.save(article, title="As it is"))
        titles = [revision.snapshot["title"] for revision in article.revisions.all()]
        self.assertEqual(titles, ["As it is", "As it came"])

    def test_a_refused_form_is_none(self) -> None:
        article = make_draft()
        self.save(article, title="")
        self.assertEqual(article.revisions.count(), 0)

    def test_the_list_says_who_and_when(self) -> None:
        article = make_draft(title="Grain")
        self.save(article, title="Grain and power")
        page = self.client.get(f"/admin/articles/article/{article.pk}/revisions/")
        self.assertContains(page, "nadia")
        self.assertContains(page, "As it was before the first save in the desk")

    def test_the_list_of_a_thousand_costs_no_more(self) -> None:
        article = make_draft()
        first = article.revise()
        article.revisions.model.objects.bulk_create(
            type(first)(article=article, number=n, editor=self.editor, snapshot={}) for n in range(2, 1002)
        )
        with self.assertNumQueries(6):  # session, user, article, count, newest, revisions
            page = self.client.get(f"/admin/articles/article/{article.pk}/revisions/?p=2")
        self.assertContains(page, "901")

    def test_the_list_is_for_those_who_may_see_the_article(self) -> None:
        self.client.force_login(User.objects.create(username="other", is_staff=True))
        self.assertEqual(self.client.get(f"/admin/articles/article/{make_draft().pk}/revisions/").status_code, 403)


class TwoEditorsTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.article = make_draft(title="Grain", background="<p>First.</p>", authors=[make_author(name="Ada")])
        self.article.revise()
        self.mine = form_of(self.client, change(self.article)) | {"background": "<p>Mine.</p>"}

    def somebody_else_saves(self) -> None:
        self.client.force_login(make_editor(username="ben"))
        self.assertSaved(self.save(self.article, background="<p>Theirs.</p>"))
        self.client.force_login(self.editor)

    def test_the_second_is_told_and_nothing_is_written(self) -> None:
        self.somebody_else_saves()
        refused = self.client.post(change(self.article), self.mine | {"bylines-0-name": "Mine", "tags": "Mine"})
        self.assertEqual(refused.status_code, 409)
        self.assertContains(refused, "ben saved revision 2 at", status_code=409)
        self.article.refresh_from_db()
        self.assertEqual(self.article.background, "<p>Theirs.</p>")
        self.assertEqual(self.article.bylines.get().name, "Ada")
        self.assertEqual(self.article.revisions.count(), 2)
        self.assertEqual(self.article.tags.count(), 0)

    def test_the_text_of_the_second_is_kept_in_the_page(self) -> None:
        self.somebody_else_saves()
        refused = self.client.post(change(self.article), self.mine)
        self.assertEqual(fields_in(refused.content.decode())["background"], "<p>Mine.</p>")

    def test_the_second_stays_refused_until_they_say_so(self) -> None:
        self.somebody_else_saves()
        refused = self.client.post(change(self.article), self.mine)
        again = fields_in(refused.content.decode())
        self.assertEqual(self.client.post(change(self.article), again).status_code, 409)
        self.assertSaved(self.client.post(change(self.article), again | {"replaces": 2}))
        self.article.refresh_from_db()
        self.assertEqual(self.article.background, "<p>Mine.</p>")
        self.assertEqual(self.article.revisions.count(), 3)

    def test_saying_so_is_about_one_revision_only(self) -> None:
        self.somebody_else_saves()
        self.somebody_else_saves_once_more()
        self.assertEqual(self.client.post(change(self.article), self.mine | {"replaces": 2}).status_code, 409)

    def somebody_else_saves_once_more(self) -> None:
        self.client.force_login(make_editor(username="cyd"))
        self.assertSaved(self.save(self.article, background="<p>Theirs again.</p>"))
        self.client.force_login(self.editor)

    def test_an_import_counts_as_somebody(self) -> None:
        self.article.background = "<p>Imported.</p>"
        self.article.save()
        self.article.revise(note="Import of grain.docx")
        refused = self.client.post(change(self.article), self.mine)
        self.assertContains(refused, "An import saved revision 2", status_code=409)

    def test_an_action_of_the_list_counts_as_a_save(self) -> None:
        self.client.force_login(make_editor(username="ben"))
        self.client.post(
            "/admin/articles/article/",
            {"action": "withdraw", "_selected_action": self.article.pk, "withdraw": "x", "notice": "An error."},
        )
        self.client.force_login(self.editor)
        self.assertEqual(self.client.post(change(self.article), self.mine).status_code, 409)
        self.article.refresh_from_db()
        self.assertEqual(self.article.status, Article.Status.WITHDRAWN)

    def test_a_form_without_the_number_is_refused(self) -> None:
        self.assertEqual(self.client.post(change(self.article), self.mine | {"base": ""}).status_code, 409)


class LeadImageTests(DeskTests):
    def test_it_is_chosen(self) -> None:
        article, image = make_draft(), make_image(credit="A harbour")
        self.assertSaved(self.save(article, lead_image=image.pk, lead_image_alt="A harbour at night"))
        article.refresh_from_db()
        self.assertEqual(article.lead_image, image)
        self.assertContains(self.client.get(change(article)), f"/admin/articles/image/thumbnail/?pk={image.pk}")


class CostTests(DeskTests):
    def test_the_form_holds_no_page_of_options(self) -> None:
        for _ in range(30):
            make_article(authors=[make_author()], issue=make_issue())
        page = self.client.get(change(make_article(authors=[make_author()], issue=make_issue())))
        self.assertLess(page.content.count(b"<option"), 30)
