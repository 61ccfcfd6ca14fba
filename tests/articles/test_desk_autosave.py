"""What is typed and not saved is kept, offered back, and nothing that readers could find."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from articles.models import Article, Author, Autosave, Byline, Presence
from tests.factories import analytical, make_article, make_author, make_draft, make_editor

from .desk import byline_row, form_of
from .test_desk_article import ADD, DeskTests, change

KEY = "0123456789abcdef" * 2


def at_work(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/at-work/"


class AutosaveTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.article = make_draft(
            title="Grain", background="<p>Then.</p>", conclusions="<p>So.</p>", authors=[make_author(name="Ada")]
        )
        self.article.revise()

    def type(self, article: Article | None = None, **changes: Any) -> Any:
        article = article or self.article
        return self.client.post(at_work(article), form_of(self.client, change(article)) | changes)

    def form(self, query: str = "") -> str:
        return self.client.get(change(self.article) + query).content.decode()

    def test_it_is_one_row_and_no_revision(self) -> None:
        for text in ("<p>N</p>", "<p>No</p>", "<p>Now.</p>"):
            self.assertEqual(self.type(background=text).status_code, 200)
        autosave = Autosave.objects.get()
        self.assertEqual((autosave.snapshot["background"], autosave.base), ("<p>Now.</p>", 1))
        self.article.refresh_from_db()
        self.assertEqual((self.article.background, self.article.revisions.count()), ("<p>Then.</p>", 1))

    def test_it_is_offered_back_with_what_is_different(self) -> None:
        self.type(background="<p>Now.</p>")
        page = self.form()
        self.assertIn("you had typed a\n", page)
        self.assertIn("<del>Then.</del><ins>Now.</ins>", page)
        self.assertEqual(form_of(self.client, change(self.article))["background"], "<p>Then.</p>")

    def test_taken_it_stands_in_the_form_and_is_saved_by_saving(self) -> None:
        author = make_author(name="Ben Orlo")
        typed = {"tags": "Rail", "bylines-TOTAL_FORMS": 2, **byline_row(1, author, 2, bio="<p>B.</p>")}
        self.type(background="<p>Now.</p>", **typed)
        taken = form_of(self.client, f"{change(self.article)}?unsaved={Autosave.objects.get().pk}")
        self.assertSaved(self.client.post(change(self.article), taken))
        self.article.refresh_from_db()
        self.assertEqual((self.article.background, [*self.article.tags.names()]), ("<p>Now.</p>", ["Rail"]))
        self.assertEqual([byline.name for byline in self.article.bylines.all()], ["Ada", "Ben Orlo"])
        self.assertEqual(Autosave.objects.count(), 0)

    def test_saving_drops_it(self) -> None:
        opened = form_of(self.client, change(self.article)) | {"background": "<p>Now.</p>"}
        self.client.post(at_work(self.article), opened)
        self.assertSaved(self.client.post(change(self.article), opened | {"background": "<p>Now, and more.</p>"}))
        self.assertEqual(Autosave.objects.count(), 0)

    def test_what_was_offered_and_not_answered_survives_a_save(self) -> None:
        self.type(background="<p>Now.</p>")
        self.save(self.article, title="Grain and power")
        self.assertEqual(Autosave.objects.get().snapshot["background"], "<p>Now.</p>")

    def test_one_that_comes_after_the_save_is_not_offered(self) -> None:
        opened = form_of(self.client, change(self.article)) | {"background": "<p>Now.</p>"}
        self.client.post(change(self.article), opened)
        self.client.post(at_work(self.article), opened)
        self.assertEqual(Autosave.objects.count(), 0)
        self.assertNotIn("you had typed a", self.form())

    def test_nor_when_somebody_else_has_changed_that_part_since(self) -> None:
        opened = form_of(self.client, change(self.article)) | {"background": "<p>Now.</p>"}
        self.assertSaved(self.client.post(change(self.article), opened))
        self.client.force_login(make_editor())
        self.assertSaved(self.save(self.article, background="<p>Theirs.</p>"))
        self.client.force_login(self.editor)
        self.client.post(at_work(self.article), opened)
        self.assertEqual(Autosave.objects.count(), 0)

    def test_dropped_it_is_gone(self) -> None:
        self.type(background="<p>Now.</p>")
        self.client.post(f"/admin/articles/article/autosaves/{Autosave.objects.get().pk}/drop/")
        self.assertEqual(Autosave.objects.count(), 0)

    def test_to_look_at_it_changes_nothing(self) -> None:
        self.type(background="<p>Now.</p>")
        before = [*Autosave.objects.values()]
        self.form(f"?unsaved={before[0]['id']}")
        self.assertEqual([*Autosave.objects.values()], before)
        self.assertEqual(self.client.get(f"/admin/articles/article/autosaves/{before[0]['id']}/drop/").status_code, 405)

    def test_a_stale_one_merges_with_what_others_saved(self) -> None:
        self.type(background="<p>Now.</p>")
        self.client.force_login(make_editor(username="ben"))
        self.save(self.article, conclusions="<p>Theirs.</p>")
        self.client.force_login(self.editor)
        taken = form_of(self.client, f"{change(self.article)}?unsaved={Autosave.objects.get().pk}")
        self.assertEqual((taken["background"], taken["conclusions"]), ("<p>Now.</p>", "<p>Theirs.</p>"))
        self.assertSaved(self.client.post(change(self.article), taken))

    def test_of_a_part_that_both_changed_both_are_shown_and_nothing_is_overwritten(self) -> None:
        self.type(background="<p>Mine it is.</p>")
        self.client.force_login(make_editor(username="ben"))
        self.save(self.article, background="<p>Theirs it is.</p>")
        self.client.force_login(self.editor)
        url = f"{change(self.article)}?unsaved={Autosave.objects.get().pk}"
        self.assertIn("<del>Theirs </del><ins>Mine </ins>it is.", self.client.get(url).content.decode())
        taken = form_of(self.client, url)
        self.assertEqual(self.client.post(change(self.article), taken).status_code, 409)
        self.assertSaved(self.client.post(change(self.article), taken | {"replaces": 2}))
        self.article.refresh_from_db()
        self.assertEqual(self.article.background, "<p>Mine it is.</p>")

    def test_it_is_its_editors_alone(self) -> None:
        self.type(background="<p>Now.</p>")
        mine = Autosave.objects.get().pk
        self.client.force_login(make_editor())
        self.assertNotIn("you had typed a", self.form())
        self.assertEqual(form_of(self.client, f"{change(self.article)}?unsaved={mine}")["background"], "<p>Then.</p>")
        self.assertEqual(self.client.post(f"/admin/articles/article/autosaves/{mine}/drop/").status_code, 404)

    def test_no_reader_sees_it(self) -> None:
        public = make_article(title="Ports", slug="ports", background="<p>Then.</p>")
        self.type(public, background="<p>Xylophones.</p>", title="Xylophones")
        self.assertEqual(Autosave.objects.count(), 1)
        for url in ("/articles/ports/", "/search/?q=xylophones", "/articles/", "/feeds/articles.atom"):
            self.assertNotIn("Xylophones", self.client.get(url).content.decode(), url)

    def test_a_text_typed_back_leaves_nothing(self) -> None:
        self.type(background="<p>Now.</p>")
        self.type()
        self.assertEqual(Autosave.objects.count(), 0)

    def test_what_is_no_text_is_kept_as_far_as_it_goes(self) -> None:
        odd = {"title": "Grain\0", "base": "x", "dateline_on": "32 March", "issue_position": "9" * 40, "category": "²"}
        self.assertEqual(self.type(**odd).status_code, 200)
        self.assertEqual(
            self.type(title="Rail\0", slug="\0", **byline_row(0, make_author(), name="\0")).status_code, 200
        )
        self.assertEqual(Autosave.objects.get().snapshot["title"], "Rail")

    def test_who_may_not_write_keeps_nothing(self) -> None:
        self.client.logout()
        self.assertEqual(self.client.post(at_work(self.article), {"title": "x"}).status_code, 302)
        self.client.force_login(make_editor(is_superuser=False))
        self.assertEqual(self.client.post(at_work(self.article), {"title": "x"}).status_code, 403)
        self.assertEqual(self.client.post("/admin/articles/article/add/at-work/", {"title": "x"}).status_code, 403)
        self.assertEqual(Autosave.objects.count(), 0)


class NewArticleTests(DeskTests):
    URL = "/admin/articles/article/add/at-work/"

    def type(self, **changes: Any) -> None:
        written = form_of(self.client, ADD) | {"key": KEY, "title": "Grain", "category": analytical().pk} | changes
        self.assertEqual(self.client.post(self.URL, written).status_code, 200)

    def test_a_text_that_has_no_article_yet_is_kept_and_offered(self) -> None:
        author = make_author(name="Ada Orlo")
        rows = {"bylines-TOTAL_FORMS": 1, **byline_row(0, author, affiliation="Ismere University")}
        self.type(background="<p>Now.</p>", tags="Rail, Ports", **rows)
        self.assertContains(self.client.get(ADD), "“Grain”")
        taken = form_of(self.client, f"{ADD}?unsaved={Autosave.objects.get().pk}")
        self.assertSaved(self.client.post(ADD, taken))
        article = Article.objects.get()
        self.assertEqual((article.title, article.background), ("Grain", "<p>Now.</p>"))
        self.assertEqual(sorted(article.tags.names()), ["Ports", "Rail"])
        self.assertEqual(article.bylines.get().affiliation, "Ismere University")
        self.assertEqual(Autosave.objects.count(), 0)

    def test_two_new_ones_do_not_mix(self) -> None:
        self.type()
        self.type(key="f" * 32, title="Rail")
        self.assertEqual(Autosave.objects.count(), 2)

    def test_an_empty_form_is_nothing_to_keep(self) -> None:
        self.type(title="")
        self.assertEqual(Autosave.objects.count(), 0)


class PresenceTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.article = make_draft()
        self.ben = make_editor(username="ben")

    def beat(self, **said: str) -> Any:
        return self.client.post(at_work(self.article), {"base": "0"} | said).json()

    def test_others_are_named_with_since_when_and_whether_they_type(self) -> None:
        since = timezone.now() - timedelta(minutes=50)
        Presence.objects.beat(self.article, self.ben, since, is_typing=False)
        for minutes in range(48, -1, -2):
            Presence.objects.beat(
                self.article, self.ben, timezone.now() - timedelta(minutes=minutes), is_typing=minutes == 0
            )
        named = {"name": "ben", "since": f"{timezone.localtime(since):%H:%M}", "typing": True}
        self.assertEqual(self.beat()["others"], [named])

    def test_oneself_is_no_other(self) -> None:
        self.assertEqual([self.beat()["others"], self.beat(typing="1")["others"]], [[], []])

    def test_a_hidden_tab_that_speaks_once_a_minute_is_still_there(self) -> None:
        Presence.objects.beat(self.article, self.ben, timezone.now() - timedelta(seconds=100), is_typing=False)
        self.assertEqual(len(self.beat()["others"]), 1)

    def test_who_left_or_fell_silent_is_gone(self) -> None:
        Presence.objects.beat(self.article, self.ben, timezone.now() - timedelta(minutes=4), is_typing=False)
        self.assertEqual(self.beat()["others"], [])
        self.beat(leaves="1")
        self.assertEqual(Presence.objects.filter(editor=self.editor).count(), 0)

    def test_what_somebody_saved_meanwhile_is_told(self) -> None:
        self.article.revise(self.ben)
        told = self.beat()["saved"]
        self.assertEqual((told["number"], told["name"]), (1, "ben"))
        self.assertNotIn("saved", self.beat(base="1"))

    def test_a_form_that_was_signed_out_gets_a_new_token_by_asking(self) -> None:
        self.assertTrue(self.client.get(at_work(self.article)).json()["token"])


class ShownBylinesTests(DeskTests):
    def test_a_form_makes_nobody_anew(self) -> None:
        article = make_article(authors=[make_author(name="Ada"), make_author(name="Ben")])
        self.save(article, background="<p>Now.</p>")
        Byline.objects.all().delete()
        Author.objects.filter(name="Ada").delete()
        page = form_of(self.client, change(article))
        self.assertEqual((page["bylines-0-author"], page["bylines-0-name"]), ("", "Ada"))
        self.assertEqual(Author.objects.count(), 1)

    def test_two_people_of_a_waiting_text_stay_two(self) -> None:
        article = make_article(authors=[make_author(name="Ada"), make_author(name="Ben")])
        self.save(article, background="<p>Now.</p>")
        self.assertSaved(self.publish(article, **{"bylines-0-affiliation": "Here", "bylines-1-affiliation": "There"}))
        rows = article.bylines.values_list("name", "affiliation")
        self.assertEqual([*rows], [("Ada", "Here"), ("Ben", "There")])
