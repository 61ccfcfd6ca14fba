"""The index knows of every change at once, and of nothing that was undone."""

from datetime import UTC, datetime
from io import StringIO

from django.core.management import call_command
from django.db import transaction
from django.test import TestCase

from articles.models import Article, Byline, Entry, Tag
from articles.search import Query, find
from publications.models import Publication
from tests.factories import make_article, make_author, make_draft, make_publication


def titles(typed, **how):
    hits = find(Query.of(typed), **how).hits
    rows = [(Article if hit.kind == Article.KIND else Publication).objects.get(pk=hit.pk) for hit in hits]
    return [row.title for row in rows]


class IndexTests(TestCase):
    def test_an_article_is_found_by_its_title_its_text_its_authors_its_tags_and_its_address(self):
        make_article(
            title="Grain",
            slug="old-mill",
            body="<p>Silos burn.</p>",
            authors=[make_author(name="Ann Lee")],
            tags=["Water"],
        )
        for typed in ("grain", "silo", "lee", "water", "mill", "what happened"):
            self.assertEqual(titles(typed), ["Grain"], typed)

    def test_it_follows_every_change(self):
        article = make_article(
            title="Grain", body="<p>Silos burn.</p>", tags=["Water"], authors=[make_author(name="Ann Lee")]
        )
        article.body = "<p>Barns burn.</p>"
        article.save()
        article.tags.set(["Fire"])
        article.set_bylines([Byline(author=make_author(), name="Bo Ek")])
        self.assertEqual([titles(typed) for typed in ("silo", "water", "lee")], [[], [], []])
        self.assertEqual([titles(typed) for typed in ("barn", "fire", "ek")], [["Grain"]] * 3)
        article.restore(article.snapshot() | {"body": "<p>Sheds burn.</p>", "tags": ["Smoke"]})
        self.assertEqual([titles(typed) for typed in ("barn", "fire", "shed", "smoke")], [[], [], ["Grain"], ["Grain"]])

    def test_it_follows_a_tag_that_is_renamed_or_deleted(self):
        make_article(title="Grain", tags=["Water"])
        tag = Tag.objects.get(name="Water")
        tag.name = "Rivers"
        tag.save()
        self.assertEqual((titles("water"), titles("rivers")), ([], ["Grain"]))
        tag.delete()
        self.assertEqual(titles("rivers"), [])

    def test_what_was_rolled_back_was_never_found(self):
        with transaction.atomic():
            make_article(title="Grain")
            transaction.set_rollback(True)
        self.assertEqual(titles("grain"), [])

    def test_what_is_deleted_is_forgotten(self):
        draft = make_draft(title="Grain")
        self.assertEqual(titles("grain"), ["Grain"])
        draft.delete()
        self.assertFalse(Entry.objects.exists())
        self.assertEqual(find(Query.of("grain")).hits, [])

    def test_a_staff_publication_is_found_by_its_title_its_authors_and_its_outlet(self):
        publication = make_publication(title="Low water", authors=["Ann Lee"], outlet="The Post")
        for typed in ("low", "ann", "post", "op-ed"):
            self.assertEqual(titles(typed), ["Low water"], typed)
        publication.set_authors(["Bo Ek"])
        self.assertEqual((titles("ann"), titles("bo")), ([], ["Low water"]))

    def test_what_is_published_later_stands_before(self):
        later, first = make_draft(title="Grain two"), make_article(title="Grain one")
        self.assertEqual(titles("grain"), ["Grain one", "Grain two"])
        later.publish(datetime(2020, 1, 1, tzinfo=UTC))
        self.assertEqual(titles("grain"), ["Grain two", "Grain one"])
        self.assertEqual(titles("grain", filters=(f"category{first.category_id}", "year2020")), ["Grain two"])

    def test_a_text_longer_than_any_index_is_saved_and_found_by_its_beginning(self):
        letters = [chr(0x430 + n) for n in range(32)]
        words = (f"{a}{b}{c}{d}" for a in letters for b in letters for c in letters for d in letters)
        text = " ".join(next(words) for _ in range(90_000))
        make_article(title="Endless", body=f"<p>beginning {text}</p>")
        self.assertEqual(titles("beginning"), ["Endless"])

    def test_it_is_not_written_for_what_changes_no_word(self):
        article = make_article()
        self.assertEqual(Entry.objects.write(Article.for_index([article.pk])), 0)

    def test_reindex_mends_it(self):
        make_article(title="Grain")
        make_publication(title="Low water")
        Article.objects.update(title="Wheat")
        Entry.objects.filter(title__startswith="low").delete()
        Entry.objects.create(owner=4000, place=4000, filters="kind0", title="ghost", about="", text="", conclusions="")
        out = StringIO()
        call_command("reindex", stdout=out, stderr=StringIO())
        self.assertIn("2 texts", out.getvalue())
        self.assertEqual((titles("zzz wheat"), titles("wheat"), titles("low")), ([], ["Wheat"], ["Low water"]))
        self.assertEqual(find(Query.of("ghost")).hits, [])
