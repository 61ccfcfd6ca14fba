"""Two people, or two tags, that are one are made one; nothing printed changes, no address dies, and it can be undone."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import TestCase

from articles.duplicates import likely
from articles.models import Author, Byline, Merger, NotOne, Tag
from publications.models import Publication
from reads.models import ReportLink
from tests.factories import make_article, make_author, make_draft, make_editor, make_image, make_publication

from .desk import DeskClient

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def merge(kept: Any, gone: Any) -> Merger:
    return Merger.objects.make(kept, gone, None, AT)


class OnePersonTests(TestCase):
    def setUp(self) -> None:
        self.kept = make_author(name="Stephen Person")
        self.gone = make_author(name="S. Person", affiliation="Littoral Institute", bio="<p>A fellow.</p>")
        self.article = make_article(title="Grain", authors=[self.gone])

    def test_what_pointed_at_one_points_at_the_other(self) -> None:
        publication = make_publication(authors=["S. Person"])
        merge(self.kept, self.gone)
        self.assertEqual(list(self.kept.bylines.values_list("article", flat=True)), [self.article.pk])
        self.assertEqual(publication.authorships.get().author, self.kept)
        self.assertFalse(Author.objects.filter(pk=self.gone.pk).exists())

    def test_names_stay_as_printed(self) -> None:
        merge(self.kept, self.gone)
        self.assertEqual(self.article.bylines.get().name, "S. Person")

    def test_the_old_address_leads_to_the_one_that_stays_and_so_do_older_ones(self) -> None:
        self.gone.slug = "sp"
        self.gone.save()
        merge(self.kept, self.gone)
        for old in ("/authors/s-person/", "/authors/sp/"):
            self.assertRedirects(self.client.get(old), "/authors/stephen-person/", status_code=301)

    def test_what_one_has_not_comes_from_the_other(self) -> None:
        merge(self.kept, self.gone)
        self.kept.refresh_from_db()
        self.assertEqual((self.kept.affiliation, self.kept.bio), ("Littoral Institute", "<p>A fellow.</p>"))

    def test_a_search_narrowed_to_the_person_finds_what_came_over(self) -> None:
        merge(self.kept, self.gone)
        self.assertContains(self.client.get(f"/search/?q=grain&author={self.kept.slug}"), "Grain")

    def test_both_on_one_article_are_two(self) -> None:
        Byline.objects.create(article=self.article, author=self.kept, position=2)
        with self.assertRaisesMessage(NotOne, "Both stand on “Grain”. Take one of them off it first."):
            merge(self.kept, self.gone)
        self.assertEqual(self.article.bylines.count(), 2)

    def test_two_orcids_are_two_people(self) -> None:
        Author.objects.filter(pk=self.kept.pk).update(orcid="0000-0002-1825-0097")
        Author.objects.filter(pk=self.gone.pk).update(orcid="0000-0001-5109-3700")
        with self.assertRaisesMessage(NotOne, "so they are two"):
            merge(self.kept, self.gone)

    def test_an_old_revision_brings_back_the_one_that_stays(self) -> None:
        before = self.article.snapshot()
        merge(self.kept, self.gone)
        self.article.restore(before)
        self.assertEqual(self.article.bylines.get().author, self.kept)
        self.assertFalse(Author.objects.filter(name="S. Person").exists())

    def test_of_a_chain_too(self) -> None:
        before = self.article.snapshot()
        merge(self.kept, self.gone)
        last = make_author(name="Stephen J. Person")
        merge(last, self.kept)
        self.article.restore(before)
        self.assertEqual(self.article.bylines.get().author, last)

    def test_undone_both_are_as_they_were(self) -> None:
        self.gone.photo = make_image()
        self.gone.save()
        mine, others = make_article(authors=[self.kept]), ReportLink.objects.create(author=self.gone)
        ReportLink.objects.create(author=self.kept)
        merger = merge(self.kept, self.gone)
        self.assertEqual(ReportLink.objects.count(), 1)
        merger.undo(AT)
        gone, kept = Author.objects.get(pk=self.gone.pk), Author.objects.get(pk=self.kept.pk)
        self.assertEqual((gone.slug, gone.bio, gone.photo_id), ("s-person", "<p>A fellow.</p>", self.gone.photo_id))
        self.assertEqual((kept.affiliation, kept.bio, kept.photo), ("", "", None))
        self.assertEqual(self.article.bylines.get().author, gone)
        self.assertEqual(mine.bylines.get().author, kept)
        self.assertEqual(gone.report_link.secret, others.secret)
        self.assertEqual(self.client.get("/authors/s-person/").status_code, 200)

    def test_what_was_changed_since_stays_when_it_is_undone(self) -> None:
        merger = merge(self.kept, self.gone)
        Author.objects.filter(pk=self.kept.pk).update(bio="<p>Written since.</p>")
        third = make_author(name="Third Person")
        self.article.bylines.update(author=third)
        merger.undo(AT)
        self.kept.refresh_from_db()
        self.assertEqual((self.kept.bio, self.kept.affiliation), ("<p>Written since.</p>", ""))
        self.assertEqual(self.article.bylines.get().author, third)

    def test_it_is_undone_once(self) -> None:
        merger = merge(self.kept, self.gone)
        merger.undo(AT)
        with self.assertRaises(NotOne):
            merger.undo(AT)

    def test_an_address_that_is_somebody_elses_by_then_is_not_taken(self) -> None:
        merger = merge(self.kept, self.gone)
        Author.objects.create(name="Somebody", slug="s-person")
        self.assertEqual(merger.undo(AT).slug, "s-person-2")


class OneTagTests(TestCase):
    def setUp(self) -> None:
        self.first = make_article(tags=["Rail freight"])
        self.both = make_article(tags=["Rail freight", "Railways"])
        self.gone, self.kept = Tag.objects.get(name="Rail freight"), Tag.objects.get(name="Railways")

    def test_its_articles_have_the_other_once(self) -> None:
        merge(self.kept, self.gone)
        self.assertEqual(list(self.first.tags.names()), ["Railways"])
        self.assertEqual(list(self.both.tags.names()), ["Railways"])

    def test_its_address_leads_to_the_other(self) -> None:
        merge(self.kept, self.gone)
        self.assertRedirects(self.client.get("/tags/rail-freight/"), "/tags/railways/", status_code=301)

    def test_typed_again_it_becomes_the_other(self) -> None:
        merge(self.kept, self.gone)
        self.assertEqual(Tag.objects.spelt(["rail freight", "Railways", "Ports"]), ["Railways", "Ports"])

    def test_an_old_revision_brings_back_the_other(self) -> None:
        before = self.first.snapshot()
        merge(self.kept, self.gone)
        self.first.restore(before)
        self.assertEqual(list(self.first.tags.names()), ["Railways"])

    def test_undone_both_are_as_they_were(self) -> None:
        merge(self.kept, self.gone).undo(AT)
        self.assertEqual(sorted(self.both.tags.names()), ["Rail freight", "Railways"])
        self.assertEqual(list(self.first.tags.names()), ["Rail freight"])
        self.assertContains(self.client.get("/tags/rail-freight/"), self.both.title)

    def test_a_search_narrowed_to_the_tag_finds_what_had_both_again_when_it_is_undone(self) -> None:
        merger = merge(self.kept, self.gone)
        self.assertNotContains(self.client.get("/search/?q=freight"), self.both.title)
        self.both.published_at = AT
        self.both.save()
        merger.undo(AT)
        self.assertContains(self.client.get("/search/?q=happened&tag=rail-freight"), self.both.title)
        listed = self.client.get("/tags/rail-freight/").context["listing"].page
        self.assertEqual(listed, [self.both, self.first])


class LikelyTests(TestCase):
    def test_names_that_may_be_one_persons(self) -> None:
        for one, other in [
            ("José Pérez", "Jose Perez"), ("Kim Chi-ha", "Chi-ha Kim"), ("S. Blank", "Stephen Blank"),
            ("Stephen J. Blank", "Stephen Blank"), ("Svante Cornell", "Svante Cornel"), ("Айгүл Нур", "Айгул Нур"),
        ]:  # fmt: skip
            self.assertEqual(len(likely([(1, one), (2, other)])), 1, (one, other))

    def test_names_that_are_two_peoples(self) -> None:
        for one, other in [
            ("John Smith", "Jane Smith"), ("Li Wei", "Li Na"), ("S. Blank", "Robert Blank"), ("Ada", "Ida"),
        ]:  # fmt: skip
            self.assertEqual(likely([(1, one), (2, other)]), [], (one, other))


class DeskTests(TestCase):
    client_class = DeskClient

    def setUp(self) -> None:
        self.client.force_login(make_editor())
        self.kept, self.gone = make_author(name="Stephen Person"), make_author(name="S. Person")
        self.pair = {"pk": [self.kept.pk, self.gone.pk]}

    def test_pairs_are_suggested_until_somebody_says_that_they_are_two(self) -> None:
        self.assertContains(self.client.get("/admin/articles/author/"), "Are two of them one person?")
        page = self.client.get("/admin/articles/author/duplicates/")
        self.assertContains(page, "S. Person")
        self.assertContains(page, f"/admin/articles/author/merge/?pk={self.kept.pk}&amp;pk={self.gone.pk}")
        page = self.client.post("/admin/articles/author/duplicates/", self.pair, follow=True)
        self.assertContains(page, "are two people; you are not asked again")
        self.assertContains(page, "No two names look alike.")

    def test_chosen_in_the_list_they_are_made_one_and_two_again(self) -> None:
        chosen = {"action": "merge_selected", "_selected_action": self.pair["pk"]}
        page = self.client.post("/admin/articles/author/", chosen, follow=True)
        self.assertContains(page, "Which one stays?")
        page = self.client.post("/admin/articles/author/merge/", self.pair | {"kept": self.kept.pk}, follow=True)
        self.assertContains(page, "“S. Person” is one with “Stephen Person” now")
        merger = Merger.objects.get()
        page = self.client.post(f"/admin/articles/author/merges/{merger.pk}/undo/", follow=True)
        self.assertContains(page, "“S. Person” stands by itself again.")
        self.assertContains(self.client.get("/admin/articles/author/merges/"), "Nothing was made one.")

    def test_tags_too(self) -> None:
        one, other = Tag.objects.create(name="Rails"), Tag.objects.create(name="Railways")
        chosen = {"pk": [one.pk, other.pk], "kept": other.pk}
        self.assertEqual(self.client.get(f"/admin/articles/tag/merge/?pk={one.pk}&pk={other.pk}").status_code, 200)
        page = self.client.post("/admin/articles/tag/merge/", chosen, follow=True)
        self.assertContains(page, "“Rails” is one with “Railways” now")
        self.assertContains(self.client.get("/admin/articles/tag/merges/"), "Rails")
        self.client.post(f"/admin/articles/tag/merges/{Merger.objects.get().pk}/undo/")
        self.assertEqual(Tag.objects.count(), 2)

    def test_what_cannot_be_says_why(self) -> None:
        make_draft(title="Grain", authors=[self.kept, self.gone])
        page = self.client.post("/admin/articles/author/merge/", self.pair | {"kept": self.kept.pk}, follow=True)
        self.assertContains(page, "Both stand on “Grain”.")
        for data, said in [
            ({"pk": [self.kept.pk], "kept": self.kept.pk}, "Choose two"),
            (self.pair, "Choose the one that stays."),
            ({"pk": ["x", "9" * 30]}, "Tick two or more"),
        ]:
            self.assertContains(self.client.post("/admin/articles/author/merge/", data), said)
        self.assertEqual(Author.objects.count(), 2)

    def test_it_needs_the_rights_to_change_and_to_delete(self) -> None:
        editor = User.objects.create(username="reader", is_staff=True)
        editor.user_permissions.add(*Permission.objects.filter(codename__in=["change_author", "view_author"]))
        self.client.force_login(editor)
        for url in ("/admin/articles/author/merge/", "/admin/articles/author/duplicates/",
                    "/admin/articles/author/merges/1/undo/"):  # fmt: skip
            self.assertEqual(self.client.post(url, self.pair | {"kept": self.kept.pk}).status_code, 403, url)
        self.assertEqual(Author.objects.count(), 2)

    def test_images_without_credit_or_rights_or_use_are_found(self) -> None:
        used = make_image(credit="Ada", rights="CC BY")
        make_article(lead_image=used)
        stray = make_image(65, 40)
        for query, found in [
            ("credit=missing", stray),
            ("credit=rights", stray),
            ("use=nowhere", stray),
            ("use=public", used),
        ]:
            rows = self.client.get(f"/admin/articles/image/?{query}").context["cl"].queryset
            self.assertEqual(list(rows), [found], query)


class PublicationTests(TestCase):
    def test_both_authors_of_one_work_are_two(self) -> None:
        publication: Publication = make_publication(authors=["Ada Person", "A. Person"])
        one, other = Author.objects.order_by("pk")
        with self.assertRaisesMessage(NotOne, f"Both stand on “{publication}”"):
            merge(one, other)
