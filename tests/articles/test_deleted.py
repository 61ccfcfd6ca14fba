"""What the desk deletes is kept for a month and comes back as it was; what is in use is not deleted at all."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, TestCase

from articles.models import Article, CannotComeBack, Deleted, OldAddress, Source, Tag
from publications.models import Publication
from tests.factories import analytical, make_article, make_author, make_draft, make_editor, make_image, make_publication

from .desk import DeskClient

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def whole_draft() -> Article:
    image = make_image(credit="Ada")
    text = f'<p>The ports closed.</p><figure data-image="{image.key}"></figure>'
    draft = make_draft(
        title="Grain", background=text, lead_image=make_image(65, 40), category=analytical(), tags=["Rails", "Ports"],
        authors=[make_author(name="Ada Person"), make_author(name="Omar Reyes")],
    )  # fmt: skip
    first = draft.revise(note="First")
    draft.conclusions = "<p>So.</p>"
    draft.save()
    draft.revise(note="Second")
    Source.objects.create(article=draft, file_name="a.docx", sha256="a", manuscript={"flags": []}, revision=first)
    return draft


class PuttingBackTests(TestCase):
    def test_an_article_comes_back_with_all_that_it_had(self) -> None:
        draft = whole_draft()
        before, notes = draft.snapshot(), list(draft.revisions.values_list("number", "note", "based_on"))
        taken = Deleted.objects.take(draft, None, AT)
        self.assertFalse(Article.objects.exists())
        back = taken.put_back()
        self.assertEqual(back, Article.objects.get())
        self.assertEqual(back.snapshot(), before)
        self.assertEqual(list(back.revisions.values_list("number", "note", "based_on")), notes)
        self.assertEqual(back.figures.count(), 1)
        self.assertEqual(back.sources.get().revision, back.revisions.get(number=1))
        self.assertFalse(Deleted.objects.exists())

    def test_it_is_found_again(self) -> None:
        back = Deleted.objects.take(whole_draft(), None, AT).put_back()
        back.publish()
        self.assertContains(self.client.get("/search/?q=grain"), "Grain")

    def test_a_tag_comes_back_on_its_articles(self) -> None:
        draft = make_draft(tags=["Rails"])
        back = Deleted.objects.take(Tag.objects.get(), None, AT).put_back()
        self.assertEqual([back.name], list(draft.tags.names()))

    def test_a_publication_comes_back_with_its_authors_and_old_addresses(self) -> None:
        publication = make_publication(title="Small Ports", authors=["Ada Person"])
        publication.slug = "ports"
        publication.save()
        signs = OldAddress.objects.count()
        Deleted.objects.take(publication, None, AT).put_back()
        self.assertEqual(Publication.objects.get().authorships.get().name, "Ada Person")
        self.assertEqual(OldAddress.objects.count(), signs)

    def test_an_address_that_is_somebody_elses_by_then_is_not_taken(self) -> None:
        taken = Deleted.objects.take(make_draft(title="Grain"), None, AT)
        make_draft(title="Grain")
        self.assertEqual(taken.put_back().slug, "grain-2")

    def test_what_cannot_come_back_stays_deleted_and_says_why(self) -> None:
        taken = Deleted.objects.take(Tag.objects.create(name="Rails"), None, AT)
        Tag.objects.create(name="Rails")
        with pytest.raises(CannotComeBack, match="is there again"):
            taken.put_back()
        self.assertEqual((Deleted.objects.count(), Tag.objects.count()), (1, 1))

    def test_what_it_stood_in_must_be_there(self) -> None:
        author = make_author(name="Ada Person")
        taken = Deleted.objects.take(make_draft(authors=[author]), None, AT)
        author.delete()
        with pytest.raises(CannotComeBack, match="what it stood in is gone"):
            taken.put_back()
        self.assertFalse(Article.objects.exists())

    def test_after_a_month_it_is_forgotten(self) -> None:
        Deleted.objects.take(make_draft(), None, AT)
        month = timedelta(days=30)
        self.assertFalse(Deleted.objects.old(AT + month).exists())
        self.assertTrue(Deleted.objects.old(AT + month + timedelta(seconds=1)).exists())


class DeskTests(TestCase):
    client_class: type[Client] = DeskClient

    def setUp(self) -> None:
        self.editor = make_editor()
        self.client.force_login(self.editor)

    def test_it_is_deleted_and_put_back_in_the_desk(self) -> None:
        draft = whole_draft()
        self.client.post(f"/admin/articles/article/{draft.pk}/delete/", {"post": "yes"})
        taken = Deleted.objects.get()
        self.assertEqual((taken.name, taken.deleted_by), ("Grain", self.editor))
        self.assertContains(self.client.get("/admin/articles/deleted/"), "Grain")
        chosen = {"action": "put_back", "_selected_action": taken.pk}
        page = self.client.post("/admin/articles/deleted/", chosen, follow=True)
        self.assertContains(page, "“Grain” is there again.")
        self.assertEqual(Article.objects.get().pk, draft.pk)

    def test_several_are_deleted_one_by_one(self) -> None:
        drafts = [make_draft(), make_draft()]
        chosen = {"action": "delete_selected", "_selected_action": [draft.pk for draft in drafts], "post": "yes"}
        self.client.post("/admin/articles/article/", chosen)
        self.assertEqual((Deleted.objects.count(), Article.objects.count()), (2, 0))

    def test_an_author_of_forty_texts_a_public_tag_and_an_image_in_use_stay(self) -> None:
        author, image = make_author(), make_image()
        for _ in range(40):
            make_article(authors=[author], tags=["Rails"], lead_image=image)
        for kind, pk in (("author", author.pk), ("tag", Tag.objects.get().pk), ("image", image.pk)):
            self.client.post(f"/admin/articles/{kind}/{pk}/delete/", {"post": "yes"})
        self.assertFalse(Deleted.objects.exists())
        self.assertEqual(
            Article.objects.filter(bylines__author=author, lead_image=image, tags__name="Rails").count(), 40
        )
