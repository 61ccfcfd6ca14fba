import random
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.test import TestCase
from django.utils import timezone

from analyst.models import Page
from articles.models import Article, Author, Category, Issue, OldAddress, Tag
from publications.models import Publication
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_draft,
    make_issue,
    make_page,
    make_publication,
)


def move(row, slug):
    row.slug = slug
    row.save()


class OldAddressTests(TestCase):
    def assertLeadsTo(self, old, new):
        response = self.client.get(old)
        self.assertEqual((response.status_code, response.headers.get("Location")), (301, new))

    def test_it_leads_to_the_new_address_of_an_article(self):
        move(make_article(slug="grain"), "wheat")
        self.assertLeadsTo("/articles/grain/", "/articles/wheat/")
        self.assertEqual(self.client.get("/articles/wheat/").status_code, 200)

    def test_it_works_for_every_kind_of_page(self):
        author, category, publication, page = (
            make_author(slug="a"), make_category(slug="c"), make_publication(slug="p"), make_page(slug="old-page")
        )  # fmt: skip
        article = make_article(authors=[author], tags=["Water"])
        tag = Tag.objects.get()
        for row in (author, category, publication, page, tag):
            move(row, f"new-{row.slug}")
        self.assertLeadsTo("/authors/a/", "/authors/new-a/")
        self.assertLeadsTo("/categories/c/", "/categories/new-c/")
        self.assertLeadsTo("/publications/p/", "/publications/new-p/")
        self.assertLeadsTo("/old-page/", "/new-old-page/")
        self.assertLeadsTo("/tags/water/", "/tags/new-water/")
        self.assertEqual(article.tags.get().slug, "new-water")

    def test_it_leads_to_the_new_date_of_an_issue(self):
        issue = make_issue(date=date(2016, 3, 15))
        issue.date = date(2016, 3, 16)
        issue.save()
        self.assertLeadsTo("/issues/2016-03-15/", "/issues/2016-03-16/")

    def test_it_keeps_the_path_below_it_and_the_query(self):
        move(make_article(slug="grain"), "wheat")
        self.assertLeadsTo("/articles/grain/cite.bib?a=1&b=%C3%B6", "/articles/wheat/cite.bib?a=1&b=%C3%B6")
        category = make_category(slug="field")
        move(category, "reports")
        self.assertLeadsTo("/categories/field/?page=2", "/categories/reports/?page=2")
        self.assertLeadsTo("/categories/field/feed.atom", "/categories/reports/feed.atom")

    def test_it_needs_one_step_after_many_moves(self):
        article = make_article(slug="s0")
        for n in range(1, 51):
            move(article, f"s{n}")
        for n in range(50):
            self.assertLeadsTo(f"/articles/s{n}/", "/articles/s50/")

    def test_it_needs_one_step_without_the_slash_too(self):
        move(make_article(slug="grain"), "wheat")
        self.assertLeadsTo("/articles/grain", "/articles/wheat/")

    def test_two_articles_may_swap_their_addresses(self):
        a, b = make_article(slug="a"), make_article(slug="b")
        move(a, "between")
        move(b, "a")
        move(a, "b")
        self.assertContains(self.client.get("/articles/a/"), b.title)
        self.assertContains(self.client.get("/articles/b/"), a.title)
        self.assertLeadsTo("/articles/between/", "/articles/b/")

    def test_the_new_owner_of_an_address_wins(self):
        move(make_article(slug="grain"), "wheat")
        newcomer = make_article(slug="grain")
        self.assertContains(self.client.get("/articles/grain/"), newcomer.title)
        move(newcomer, "barley")
        self.assertLeadsTo("/articles/grain/", "/articles/barley/")

    def test_nothing_below_a_living_page_leads_away(self):
        article = make_article(slug="a")
        move(article, "b")
        move(article, "a")
        self.assertEqual(self.client.get("/articles/a/zzz").status_code, 404)
        move(make_article(slug="x"), "y")
        make_article(slug="x")
        self.assertEqual(self.client.get("/articles/x/zzz").status_code, 404)

    def test_a_file_named_after_its_page_moves_with_it(self):
        publication = make_publication(slug="old")
        publication.pdf.save("paper.pdf", ContentFile(b"%PDF-1.7 invented"))
        move(publication, "new")
        self.assertLeadsTo("/publications/old/old.pdf", "/publications/new/new.pdf")
        self.assertEqual(self.client.get("/publications/new/new.pdf").status_code, 200)
        issue = make_issue(date=date(2016, 3, 15))
        issue.date = date(2016, 3, 16)
        issue.save()
        self.assertLeadsTo("/issues/2016-03-15/2016-03-15.pdf", "/issues/2016-03-16/2016-03-16.pdf")

    def test_the_filters_of_a_list_know_old_addresses_too(self):
        category, author = make_category(slug="field"), make_author(slug="ann")
        make_article(title="Grain", category=category, authors=[author], tags=["Water"])
        for row, slug in ((category, "reports"), (author, "ann-lee"), (Tag.objects.get(), "rivers")):
            move(row, slug)
        for query in ("category=field", "author=ann", "tag=water"):
            self.assertContains(self.client.get(f"/articles/?{query}"), "Grain")

    def test_an_address_that_was_public_is_remembered_when_the_date_is_emptied(self):
        article = make_article(slug="grain")
        article.status, article.published_at = Article.Status.DRAFT, None
        article.save()
        move(article, "wheat")
        article.publish()
        self.assertLeadsTo("/articles/grain/", "/articles/wheat/")

    def test_an_address_that_was_only_planned_is_not(self):
        article = make_article(slug="grain", published_at=timezone.now() + timedelta(days=9))
        move(article, "wheat")
        self.assertFalse(OldAddress.objects.exists())

    def test_a_draft_with_a_reused_address_hides_nothing(self):
        move(make_article(slug="grain"), "wheat")
        make_draft(slug="grain")
        self.assertLeadsTo("/articles/grain/", "/articles/wheat/")

    def test_it_never_tells_the_address_of_a_draft(self):
        article = make_article(slug="grain")
        move(article, "secret")
        Article.objects.update(status="draft")
        self.assertEqual(self.client.get("/articles/grain/").status_code, 404)
        self.assertEqual(self.client.get("/articles/grain/").content, self.client.get("/articles/never-was/").content)

    def test_a_move_of_something_that_was_never_public_leaves_no_sign(self):
        move(make_draft(slug="working-title"), "title")
        self.assertFalse(OldAddress.objects.exists())

    def test_a_moved_article_that_was_withdrawn_says_so_in_one_step(self):
        article = make_article(slug="grain")
        move(article, "wheat")
        article.withdraw("An error of fact.")
        self.assertLeadsTo("/articles/grain/", "/articles/wheat/")
        self.assertEqual(self.client.get("/articles/wheat/").status_code, 410)

    def test_there_are_no_loops_whatever_was_renamed(self):
        shuffled = random.Random(7)
        articles = [make_article(slug=f"n{n}") for n in range(6)]
        seen = {article.slug for article in articles}
        for step in range(60):
            article = shuffled.choice(articles)
            free = f"m{step}" if shuffled.random() < 0.5 else shuffled.choice(sorted(seen))
            if not Article.objects.filter(slug=free).exists():
                move(article, free)
                seen.add(free)
        for slug in seen:
            response = self.client.get(f"/articles/{slug}/", follow=True)
            self.assertEqual(response.status_code, 200, slug)
            self.assertLessEqual(len(response.redirect_chain), 1, slug)

    def test_it_works_in_any_script(self):
        move(make_article(slug="зерно"), "пшеница")
        response = self.client.get("/articles/зерно/")
        self.assertEqual(response.status_code, 301)
        self.assertEqual(self.client.get(response.headers["Location"]).status_code, 200)
        move(make_article(slug="zürich"), "basel")
        self.assertLeadsTo("/articles/zu\u0308rich/", "/articles/basel/")

    def test_a_deleted_row_leaves_no_sign_that_leads_nowhere(self):
        page = make_page(slug="old-page")
        move(page, "new-page")
        page.delete()
        self.assertFalse(OldAddress.objects.exists())
        self.assertEqual(self.client.get("/old-page/").status_code, 404)

    def test_every_page_of_the_site_that_has_an_address_is_known_to_answer_or_not(self):
        for model in (Article, Author, Category, Issue, Page, Publication, Tag):
            self.assertTrue(hasattr(model.objects.all(), "public"), model)
