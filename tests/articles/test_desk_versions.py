"""Changes to a public text wait until they are published; every save is a revision that can be compared and restored."""

from typing import Any

from articles.models import Article, Autosave, Image
from tests.factories import LONG_AGO, make_article, make_author, make_draft, make_editor, make_image, make_issue

from .desk import form_of
from .test_desk_article import DeskTests, change


class WorkingCopyTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.article = make_article(
            title="Grain", slug="grain", background="<p>Then.</p>", authors=[make_author(name="Ada")], tags=["Ports"]
        )

    def read(self) -> str:
        return self.client.get("/articles/grain/").content.decode()

    def test_a_save_of_a_public_article_changes_nothing_for_readers(self) -> None:
        before = self.article.snapshot()
        changes = {"title": "Grain and power", "background": "<p>Now.</p>", "slug": "grain-and-power", "tags": "Rail"}
        self.assertSaved(self.save(self.article, **changes, **{"bylines-0-name": "Dr. Ada"}))
        self.article.refresh_from_db()
        self.assertEqual(self.article.snapshot(), before)
        self.assertIn("Then.", self.read())
        self.assertNotIn("Now.", self.read())
        self.assertEqual(self.client.get("/articles/grain-and-power/").status_code, 404)
        self.assertNotIn("Grain and power", self.client.get("/search/?q=power").content.decode())

    def test_the_form_shows_the_changes_that_wait(self) -> None:
        self.save(self.article, background="<p>Now.</p>", tags="Rail", **{"bylines-0-name": "Dr. Ada"})
        fields = form_of(self.client, change(self.article))
        self.assertEqual(
            (fields["background"], fields["tags"], fields["bylines-0-name"]), ("<p>Now.</p>", "Rail", "Dr. Ada")
        )
        self.assertContains(self.client.get(change(self.article)), "changes that readers do not see yet")

    def test_they_are_published_as_they_stand(self) -> None:
        self.save(self.article, background="<p>Now.</p>", slug="grain-now", tags="Rail", **{"bylines-0-name": "Dr. A"})
        self.assertSaved(self.publish(self.article))
        self.article.refresh_from_db()
        self.assertEqual(self.article.background, "<p>Now.</p>")
        self.assertEqual([self.article.bylines.get().name, *self.article.tags.names()], ["Dr. A", "Rail"])
        self.assertIsNone(self.article.working_copy())
        self.assertEqual(self.client.get("/articles/grain/").status_code, 301)

    def test_publishing_them_dates_the_change(self) -> None:
        self.article.modified_at = LONG_AGO
        self.article.save()
        self.save(self.article, background="<p>Now.</p>")
        self.article.refresh_from_db()
        self.assertEqual(self.article.modified_at, LONG_AGO)
        self.publish(self.article)
        self.article.refresh_from_db()
        assert self.article.modified_at
        self.assertGreater(self.article.modified_at, LONG_AGO)

    def test_they_are_dropped_and_stay_in_the_history(self) -> None:
        self.save(self.article, background="<p>Now.</p>")
        waiting = self.article.revisions.first()
        self.client.post(f"/admin/articles/article/{self.article.pk}/discard/", {"base": waiting.number})
        self.assertEqual(form_of(self.client, change(self.article))["background"], "<p>Then.</p>")
        self.assertTrue(self.article.revisions.filter(snapshot__background="<p>Now.</p>").exists())

    def test_what_somebody_saved_since_is_not_dropped(self) -> None:
        self.save(self.article, background="<p>Now.</p>")
        self.client.post(f"/admin/articles/article/{self.article.pk}/discard/", {"base": 1})
        self.assertEqual(form_of(self.client, change(self.article))["background"], "<p>Now.</p>")

    def test_an_untouched_form_keeps_them_waiting_and_adds_nothing(self) -> None:
        self.save(self.article, background="<p>Now.</p>")
        count = self.article.revisions.count()
        self.assertSaved(self.save(self.article))
        self.assertEqual(self.article.revisions.count(), count)
        self.assertIn("Then.", self.read())

    def test_a_move_in_the_issue_is_public_and_the_changes_still_wait(self) -> None:
        self.save(self.article, background="<p>Now.</p>")
        self.article.refresh_from_db()
        self.article.issue = make_issue()
        self.article.save()
        self.article.revise(note="Moved in its issue")
        fields = form_of(self.client, change(self.article))
        self.assertEqual((fields["background"], fields["issue"]), ("<p>Now.</p>", str(self.article.issue.pk)))
        self.assertIn("Then.", self.read())

    def test_a_status_of_a_public_article_acts_at_once(self) -> None:
        self.save(self.article, status="withdrawn", withdrawal_notice="It rested on an error.")
        self.assertEqual(self.client.get("/articles/grain/").status_code, 410)


class MergingTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.article = make_draft(title="Grain", background="<p>A.</p>", conclusions="<p>C.</p>", tags=["Ports"])
        self.article.revise()
        self.mine = form_of(self.client, change(self.article))

    def somebody_else_saves(self, **changes: object) -> None:
        self.client.force_login(make_editor(username="ben"))
        self.assertSaved(self.save(self.article, **changes))
        self.client.force_login(self.editor)

    def test_different_parts_merge_by_themselves(self) -> None:
        author = make_author(name="Ada")
        self.somebody_else_saves(
            conclusions="<p>Theirs.</p>",
            tags="Ports, Rail",
            **{"bylines-TOTAL_FORMS": 1, "bylines-0-author": author.pk},
        )
        self.assertSaved(self.client.post(change(self.article), self.mine | {"background": "<p>Mine.</p>"}))
        self.article.refresh_from_db()
        self.assertEqual((self.article.background, self.article.conclusions), ("<p>Mine.</p>", "<p>Theirs.</p>"))
        self.assertEqual(sorted(self.article.tags.names()), ["Ports", "Rail"])
        self.assertEqual(self.article.bylines.get().author, author)
        self.assertEqual(self.article.revisions.first().note, "Merged with revision 2")

    def test_of_one_part_that_both_changed_both_are_shown_and_the_rest_is_merged(self) -> None:
        self.somebody_else_saves(background="<p>Theirs it is.</p>", conclusions="<p>Also theirs.</p>")
        refused = self.client.post(change(self.article), self.mine | {"background": "<p>Mine it is.</p>"})
        self.assertEqual(refused.status_code, 409)
        self.assertContains(refused, "<del>Theirs </del><ins>Mine </ins>it is.", status_code=409)
        self.assertContains(refused, "&lt;p&gt;Also theirs.&lt;/p&gt;", status_code=409)
        self.article.refresh_from_db()
        self.assertEqual(self.article.background, "<p>Theirs it is.</p>")

    def test_a_change_of_status_meanwhile_is_never_undone_by_a_merge(self) -> None:
        self.somebody_else_saves(status="review")
        self.assertEqual(self.client.post(change(self.article), self.mine | {"title": "Mine"}).status_code, 409)


class ComparingTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.article = make_draft(title="Grain", background="<p>The ports closed.</p>")
        self.article.revise()
        self.save(self.article, background="<p>The ports opened.</p>")

    def compare(self, old: object, new: object) -> str:
        return f"/admin/articles/article/{self.article.pk}/compare/?old={old}&new={new}"

    def test_any_two_are_compared_word_by_word(self) -> None:
        page = self.client.get(self.compare(1, 2))
        self.assertContains(page, '<td dir="auto">The ports <del>closed.</del></td>', html=True)
        self.assertContains(page, '<td dir="auto">The ports <ins>opened.</ins></td>', html=True)
        self.assertContains(page, "nadia")

    def test_one_is_compared_with_the_text_as_it_is(self) -> None:
        self.assertContains(self.client.get(self.compare(2, "live")), "Nothing differs.")

    def test_what_is_no_revision_is_not_found(self) -> None:
        for number in ("", "x", "99", "9" * 30, "-1", "²"):
            self.assertEqual(self.client.get(self.compare(1, number)).status_code, 404, number)

    def test_a_text_is_never_markup(self) -> None:
        self.save(self.article, title="<b>Grain</b>")
        self.assertContains(self.client.get(self.compare(1, 3)), "&lt;b&gt;Grain&lt;/b&gt;")

    def test_an_old_one_is_restored_as_a_new_one(self) -> None:
        url = f"/admin/articles/article/{self.article.pk}/revisions/1/restore/"
        self.client.post(url, {"base": 2})
        self.article.refresh_from_db()
        self.assertEqual(self.article.background, "<p>The ports closed.</p>")
        newest = self.article.revisions.first()
        self.assertEqual((newest.number, newest.note), (3, "Restored from revision 1"))

    def test_a_stale_page_restores_nothing(self) -> None:
        url = f"/admin/articles/article/{self.article.pk}/revisions/1/restore/"
        self.client.post(url, {"base": 1})
        self.assertEqual(self.article.revisions.count(), 2)

    def test_of_a_public_article_the_restored_text_waits(self) -> None:
        self.article.refresh_from_db()
        self.article.publish()
        self.client.post(f"/admin/articles/article/{self.article.pk}/revisions/1/restore/", {"base": 2})
        self.article.refresh_from_db()
        self.assertEqual(self.article.background, "<p>The ports opened.</p>")
        self.assertEqual(form_of(self.client, change(self.article))["background"], "<p>The ports closed.</p>")


class KeepingTests(DeskTests):
    def delete(self, image: Image) -> Any:
        return self.client.post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})

    def test_an_image_that_waits_to_be_shown_is_not_deleted(self) -> None:
        lead, figure = make_image(), make_image(65, 40)
        article = make_article(title="Grain")
        changes = {"background": f'<figure data-image="{figure.key}" data-alt="A"></figure>', "lead_image": lead.pk}
        self.assertSaved(self.save(article, **changes))
        for image in (lead, figure):
            self.assertContains(self.delete(image), "has written in “Grain” and not published yet")
        self.assertEqual(Image.objects.count(), 2)

    def test_nor_is_one_that_is_typed_and_not_saved(self) -> None:
        image, article = make_image(), make_draft(title="Grain")
        Autosave.objects.keep(self.editor, article, "", 0, article.snapshot() | {"lead_image": image.pk}, LONG_AGO)
        self.assertContains(self.delete(image), "has written in “Grain” and not published yet")

    def test_one_that_nobody_uses_is(self) -> None:
        image = make_image()
        make_article(background="<p>Then.</p>").revise()
        self.assertEqual(self.delete(image).status_code, 302)
        self.assertEqual(Image.objects.count(), 0)


class HistoryTests(DeskTests):
    def test_each_revision_comes_back_as_it_was_and_none_changes(self) -> None:
        article = make_draft(title="Grain", authors=[make_author()])
        for n in range(12):
            rows = [row | {"bio": f"<p>{n}</p>"} for row in article.snapshot()["bylines"]]
            changes = {"title": f"Grain {n}", "background": f"<p>{n}<small data-note>n</small></p>", "bylines": rows}
            article.restore(article.snapshot() | changes | {"tags": [f"Tag {n}", "Ports"], "slug": f"grain-{n}"})
            article.revise(self.editor)
        before = {row.number: row.snapshot for row in article.revisions.all()}
        for number, snapshot in before.items():
            newest = article.revisions.count()
            url = f"/admin/articles/article/{article.pk}/revisions/{number}/restore/"
            self.client.post(url, {"base": newest})
            self.assertEqual(Article.objects.get().snapshot(), snapshot)
        self.assertEqual({row.number: row.snapshot for row in article.revisions.filter(number__lte=12)}, before)

    def test_the_form_of_an_article_with_fifty_revisions_asks_the_database_twelve_times(self) -> None:
        article = make_article(
            authors=[make_author(), make_author()], tags=["Ports"], issue=make_issue(), lead_image=make_image()
        )
        for _ in range(50):
            article.revise(self.editor)
        self.client.get(change(article))
        with self.assertNumQueries(12):
            self.client.get(change(article))
