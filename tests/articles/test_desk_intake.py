"""What was recognised stands beside the manuscript: doubts are settled, stray text is placed, later versions weighed."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from articles.models import Article, Source
from tests.factories import analytical, make_author, make_draft, make_editor

from .desk import DeskClient

IMPORT = "/admin/articles/article/import/"
TEXT = """Grain and Power
By Ada Person (3/12/2016 issue of the CACI Analyst)

The ports closed, and grain went by rail.

BACKGROUND: In 2022 the ports closed.

IMPLICATIONS: Much follows from the rails.

CONCLUSIONS: Little is certain.

AUTHOR'S BIO: Ada Person is a fellow at the Littoral Institute.
"""


class DeskCase(TestCase):
    client_class = DeskClient

    def setUp(self) -> None:
        self.editor = make_editor()
        self.client.force_login(self.editor)

    def send(self, text: str = TEXT, url: str = IMPORT, name: str = "grain.txt") -> Any:
        return self.client.post(url, {"file": SimpleUploadedFile(name, text.encode())}, follow=True)


class RecognisedTests(DeskCase):
    def test_each_part_says_how_sure_it_is(self) -> None:
        page = self.send()
        self.assertContains(page, 'class="part part-recognised" id="part-title"')
        self.assertContains(page, 'class="part part-doubtful" id="part-dateline"')
        self.assertContains(page, 'class="part part-missing" id="part-tags"')
        self.assertContains(page, "In 2022 the ports closed.", count=2)  # here, and in the manuscript

    def test_it_costs_few_queries(self) -> None:
        self.send()
        with self.assertNumQueries(10):
            self.client.get(self.at(Source.objects.get()))

    def test_it_is_for_those_who_may_change_the_article(self) -> None:
        self.send()
        reader = User.objects.create(username="reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_article"))
        self.client.force_login(reader)
        url = self.at(Source.objects.get())
        self.assertEqual((self.client.get(url).status_code, self.client.post(url).status_code), (403, 403))

    def test_a_source_belongs_to_its_article(self) -> None:
        self.send()
        url = f"/admin/articles/article/{make_draft().pk}/intake/{Source.objects.get().pk}/"
        self.assertEqual((self.client.get(url).status_code, self.client.post(url).status_code), (404, 404))

    @staticmethod
    def at(source: Source) -> str:
        return f"/admin/articles/article/{source.article_id}/intake/{source.pk}/"


class DoubtTests(DeskCase):
    """Each doubt is accepted or dismissed, once."""

    def taken_in(self, text: str = TEXT) -> Source:
        self.send(text)
        return Source.objects.get()

    def settle(self, source: Source, **data: Any) -> Any:
        newest = source.article.revisions.first()
        base = {"base": newest.number if newest else 0}
        return self.client.post(RecognisedTests.at(source), base | data, follow=True)

    def flag(self, source: Source, field: str) -> str:
        return next(flag.key for flag in source.open_flags() if flag.field == field)

    def test_one_of_two_readings_of_a_date_is_chosen(self) -> None:
        source = self.taken_in()
        page = self.client.get(RecognisedTests.at(source))
        self.assertContains(page, "Make it 2016-03-12")
        key = self.flag(source, "dateline")
        self.settle(source, key=key, accept="2016-12-03")
        article = Article.objects.get()
        self.assertEqual(f"{article.dateline_on}", "2016-12-03")
        source.refresh_from_db()
        self.assertEqual(source.settled[key], "accepted: 2016-12-03")
        newest = article.revisions.first()
        assert newest
        self.assertEqual((newest.note, newest.editor), ("Accepted: 2016-12-03", self.editor))

    def test_a_category_that_the_manuscript_does_not_say_is_one_press(self) -> None:
        source = self.taken_in()
        self.settle(source, key=self.flag(source, "category"), accept="Analytical Articles")
        article = Article.objects.get()
        assert article.category
        self.assertEqual(article.category.name, "Analytical Articles")

    def test_a_co_author_who_was_read_as_an_affiliation_gets_a_byline(self) -> None:
        article = make_draft()
        author = make_author(name="Ada Person")
        article.set_bylines([article.bylines.model(author=author, name="Ada Person", affiliation="Omar Reyes")])
        flag = {"field": "byline", "reason": "“Omar Reyes” is read as an affiliation.", "text": "Omar Reyes",
                "proposal": "a co-author, “Omar Reyes”"}  # fmt: skip
        source = Source.objects.create(article=article, file_name="a.txt", manuscript={"flags": [flag], "unplaced": []})
        self.settle(source, key="flag-0", accept="a co-author, “Omar Reyes”")
        printed = list(article.bylines.values_list("name", "affiliation"))
        self.assertEqual(printed, [("Ada Person", ""), ("Omar Reyes", "")])

    def test_a_subtitle_goes_to_the_title(self) -> None:
        source = self.taken_in(
            "Grain and Power\n\nRails after the ports\n\nBy Ada Person\n\n" + TEXT.split("\n\n", 1)[1]
        )
        self.settle(source, key=self.flag(source, "summary"), accept="a subtitle, after the title")
        article = Article.objects.get()
        self.assertEqual(article.title, "Grain and Power: Rails after the ports")
        self.assertNotIn("Rails after the ports", article.summary)

    def test_what_is_right_is_dismissed_and_the_text_stays(self) -> None:
        source = self.taken_in()
        before = Article.objects.get().snapshot()
        key = self.flag(source, "dateline")
        self.settle(source, key=key, dismiss="")
        source.refresh_from_db()
        self.assertEqual(source.settled, {key: "dismissed"})
        self.assertEqual(Article.objects.get().snapshot(), before)
        self.assertNotIn(key, [flag.key for flag in source.open_flags()])

    def test_nothing_is_accepted_over_somebody_elses_save(self) -> None:
        source = self.taken_in()
        source.article.revise(editor=make_editor())
        page = self.settle(source, key=self.flag(source, "dateline"), accept="2016-12-03", base=1)
        self.assertContains(page, "Somebody saved the article in the meantime.")
        self.assertIsNone(Article.objects.get().dateline_on)

    def test_what_it_no_longer_fits_it_leaves(self) -> None:
        source = self.taken_in()
        page = self.settle(source, key=self.flag(source, "dateline"), accept="1999-01-01")
        self.assertContains(page, "fits it no more")

    def test_a_doubt_is_settled_once(self) -> None:
        source = self.taken_in()
        key = self.flag(source, "dateline")
        self.settle(source, key=key, dismiss="")
        self.assertContains(self.settle(source, key=key, accept="2016-12-03"), "This is settled already.")
        self.assertContains(self.settle(source, key="flag-99", dismiss=""), "This is settled already.")

    def test_of_a_public_article_readers_see_it_when_it_is_published(self) -> None:
        source = self.taken_in()
        source.article.category = analytical()
        source.article.save()
        source.article.publish()
        self.settle(source, key=self.flag(source, "dateline"), accept="2016-12-03")
        article = Article.objects.get()
        waiting = article.working_copy()
        assert waiting
        self.assertEqual((article.dateline_on, waiting.snapshot["dateline_on"]), (None, "2016-12-03"))


class StrayTests(DeskCase):
    """A text that found no place is moved into one."""

    def setUp(self) -> None:
        super().setUp()
        article = make_draft(background="<p>The ports closed.</p>", authors=[make_author(name="Ada Person")])
        manuscript = {"flags": [], "unplaced": ["Rails & <roads> opened."], "pieces": [["unplaced", "Rails"]]}
        self.source = Source.objects.create(article=article, file_name="grain.txt", manuscript=manuscript)

    def move(self, **data: str) -> Any:
        newest = self.source.article.revisions.first()
        sent = {"key": "unplaced-0", "base": newest.number if newest else 0, "move": ""} | data
        return self.client.post(RecognisedTests.at(self.source), sent, follow=True)

    def test_to_the_end_or_the_beginning_of_a_section(self) -> None:
        self.move(to="background")
        self.assertEqual(
            Article.objects.get().background, "<p>The ports closed.</p><p>Rails &amp; &lt;roads&gt; opened.</p>"
        )
        Source.objects.update(settled={})
        self.move(to="background", at="front")
        self.assertTrue(Article.objects.get().background.startswith("<p>Rails"))

    def test_to_a_bio_a_line_a_tag_or_the_byline(self) -> None:
        for to in ("bio-0", "dateline", "tags", "bylines"):
            Source.objects.update(settled={})
            self.move(to=to)
        article = Article.objects.get()
        first, second = article.bylines.all()
        self.assertEqual(first.bio, "<p>Rails &amp; &lt;roads&gt; opened.</p>")
        self.assertEqual(second.name, "Rails & <roads> opened.")
        self.assertEqual(article.dateline, "Rails & <roads> opened.")
        self.assertEqual(list(article.tags.names()), ["Rails & <roads> opened."])

    def test_it_is_settled_then(self) -> None:
        self.assertContains(self.move(to="background"), "moved to: Background")
        self.source.refresh_from_db()
        self.assertEqual(self.source.left_unplaced(), [])

    def test_a_place_that_there_is_not_changes_nothing(self) -> None:
        for to in ("", "slug", "bio-7", "status"):
            self.assertContains(self.move(to=to), "Choose where this text belongs.")

    def test_a_line_that_it_does_not_fit_in_says_so(self) -> None:
        Article.objects.update(dateline="x" * 190)
        self.assertContains(self.move(to="dateline"), "holds 200 characters")

    def test_it_is_left_out(self) -> None:
        self.move(dismiss="")
        self.source.refresh_from_db()
        self.assertEqual(self.source.settled, {"unplaced-0": "dismissed"})


class LaterVersionTests(DeskCase):
    """The author's second version is a comparison with the article, not a second article."""

    def setUp(self) -> None:
        super().setUp()
        self.send()
        self.article = Article.objects.get()
        self.article.conclusions = "<p>Little is certain, we think.</p>"
        self.article.save()
        self.article.revise(editor=self.editor)

    def second(self, text: str) -> Any:
        return self.send(text, name="grain-2.txt")

    def test_nothing_is_written_over_an_editors_work(self) -> None:
        page = self.second(TEXT.replace("In 2022", "In 2023"))
        self.assertEqual(Article.objects.count(), 1)
        self.assertIn("In 2022", Article.objects.get().background)
        self.assertContains(page, "<del>2022 </del><ins>2023 </ins>")

    def test_what_only_the_author_changed_is_ticked(self) -> None:
        page = self.second(TEXT.replace("In 2022", "In 2023").replace("Little is", "Nothing is"))
        self.assertContains(page, "weighed-theirs", count=1)
        self.assertContains(page, "You changed this too, since the version before.", count=1)
        self.assertRegex(page.content.decode(), r'value="background"\s+checked')

    def test_what_only_the_editor_changed_says_so(self) -> None:
        self.assertContains(self.second(TEXT.replace("In 2022", "In 2023")), "Only you changed this;", count=1)

    def test_what_is_ticked_is_taken_over_and_nothing_else(self) -> None:
        self.second(TEXT.replace("In 2022", "In 2023").replace("Much follows", "Little follows"))
        page = self.take("background")
        self.assertContains(page, "Taken over: background.")
        article = Article.objects.get()
        self.assertIn("In 2023", article.background)
        self.assertIn("Much follows", article.implications)
        self.assertIn("we think", article.conclusions)
        newest = article.revisions.first()
        assert newest
        self.assertEqual(newest.note, "Taken over from grain-2.txt: background")

    def test_a_new_co_author_comes_with_the_byline(self) -> None:
        self.second(TEXT.replace("By Ada Person (", "By Ada Person and Omar Reyes ("))
        self.take("bylines")
        self.assertEqual([byline.name for byline in self.article.bylines.all()], ["Ada Person", "Omar Reyes"])

    def test_nothing_is_taken_over_a_save_in_the_meantime(self) -> None:
        self.second(TEXT.replace("In 2022", "In 2023"))
        self.article.revise(editor=make_editor())
        self.assertContains(self.take("background", base=2), "Somebody saved the article in the meantime.")
        self.assertIn("In 2022", Article.objects.get().background)

    def test_nothing_ticked_changes_nothing(self) -> None:
        self.second(TEXT.replace("In 2022", "In 2023"))
        self.assertContains(self.take(), "Nothing was ticked")

    def test_a_version_under_another_title_is_given_to_its_article(self) -> None:
        url = f"/admin/articles/article/{self.article.pk}/new-version/"
        self.assertContains(self.client.get(url), "The author’s new version")
        page = self.send(TEXT.replace("Grain and Power", "Grain, Power and Rails"), url, "grain-3.txt")
        self.assertContains(page, "Take over: Title")
        self.assertEqual((Article.objects.count(), self.article.sources.count()), (1, 2))

    def test_a_file_that_cannot_be_read_says_why(self) -> None:
        url = f"/admin/articles/article/{self.article.pk}/new-version/"
        self.assertContains(self.send("%PDF-1.7", url), "This is a PDF")

    def test_the_third_version_is_weighed_against_the_second(self) -> None:
        self.second(TEXT.replace("In 2022", "In 2023"))
        self.take("background")
        page = self.send(TEXT.replace("In 2022", "In 2024"), name="grain-3.txt")
        self.assertContains(page, "weighed-theirs", count=1)
        self.assertContains(page, "<del>2023 </del><ins>2024 </ins>")

    def test_a_version_that_says_the_same_asks_for_nothing(self) -> None:
        page = self.send(TEXT.replace("Little is certain.", "Little is certain, we think."), name="same.txt")
        self.assertContains(page, "There is nothing to do.")

    def take(self, *parts: str, base: int | None = None) -> Any:
        source = self.article.sources.first()
        newest = self.article.revisions.first()
        assert source
        assert newest
        url = f"/admin/articles/article/{self.article.pk}/version/{source.pk}/"
        return self.client.post(url, {"part": parts, "base": base or newest.number}, follow=True)
