"""The smaller rooms of the desk: people, numbers, tags, categories, pages, old addresses, the first page."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.utils import timezone

from analyst.models import Page
from articles.models import Author, Issue, OldAddress, Tag
from tests.factories import make_article, make_author, make_draft, make_editor, make_image, make_issue, make_page

from .desk import DeskClient, form_of


class RoomTests(TestCase):
    client_class = DeskClient

    def setUp(self) -> None:
        self.editor = make_editor(username="nadia")
        self.client.force_login(self.editor)

    def post(self, url: str, **fields: Any) -> Any:
        return self.client.post(url, form_of(self.client, url) | fields)


class FirstPageTests(RoomTests):
    def test_it_works(self) -> None:
        make_draft(title="Being written")
        make_article(title="Comes out", published_at=timezone.now() + timedelta(days=1))
        make_article(title="Is out")
        page = self.client.get("/admin/")
        self.assertContains(page, "Being written")
        self.assertContains(page, "Comes out")
        self.assertNotContains(page, "Is out")
        self.assertContains(page, 'href="/admin/articles/article/import/"')

    def test_those_who_may_not_see_articles_see_none(self) -> None:
        make_draft(title="A secret")
        self.client.force_login(User.objects.create(username="other", is_staff=True))
        self.assertNotContains(self.client.get("/admin/"), "A secret")

    def test_every_list_of_the_desk_opens(self) -> None:
        make_article(authors=[make_author()], issue=make_issue(), tags=["Ports"])
        make_page()
        for name in ("article", "author", "category", "image", "issue", "oldaddress", "tag"):
            self.assertEqual(self.client.get(f"/admin/articles/{name}/?q=a").status_code, 200, name)
        self.assertEqual(self.client.get("/admin/analyst/page/").status_code, 200)


class ListTests(RoomTests):
    def test_every_list_is_headed_by_what_it_lists(self) -> None:
        headings = {
            "/admin/articles/author/": "Authors",
            "/admin/articles/category/": "Categories",
            "/admin/articles/tag/": "Tags",
            "/admin/publications/partner/": "Partner sites",
        }
        for url, heading in headings.items():
            self.assertContains(self.client.get(url), f"<h1>{heading}</h1>", html=True)


class AuthorTests(RoomTests):
    def test_an_orcid_is_taken_as_it_is_copied(self) -> None:
        self.post("/admin/articles/author/add/", name="Ada", orcid="https://orcid.org/0000-0002-1825-0097")
        self.assertEqual(Author.objects.get().orcid, "0000-0002-1825-0097")
        page = self.post("/admin/articles/author/add/", name="Ben", orcid="0000-0002-1825-0098")
        self.assertContains(page, "is mistyped")

    def test_it_works(self) -> None:
        answer = self.post("/admin/articles/author/add/", name="Karim van der Berg", bio="<p>Fellow.</p>")
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Author.objects.get().sort_name, "van der Berg, Karim")

    def test_it_suggests_the_sort_name(self) -> None:
        answer = self.client.get("/admin/articles/author/sort-name/?name=Karim+van+der+Berg")
        self.assertEqual(answer.json(), {"sort_name": "van der Berg, Karim"})

    def test_a_mistyped_orcid_is_named(self) -> None:
        answer = self.post("/admin/articles/author/add/", name="Ada", orcid="0000-0002-1825-0098")
        self.assertContains(answer, "is mistyped")

    def test_two_may_have_no_orcid(self) -> None:
        for name in ("Ada", "Ben"):
            self.assertEqual(self.post("/admin/articles/author/add/", name=name, orcid="").status_code, 302)

    def test_a_new_byline_begins_with_what_is_known(self) -> None:
        ada = make_author(name="Ada", affiliation="Ismere University", bio="<p>Fellow.</p>", email="ada@example.org")
        answer = self.client.get(f"/admin/articles/author/{ada.pk}/as-printed/")
        self.assertEqual(answer.json(), {"name": "Ada", "affiliation": "Ismere University", "bio": "<p>Fellow.</p>"})
        self.assertEqual(self.client.get("/admin/articles/author/999999/as-printed/").status_code, 404)

    def test_their_own_addresses_need_the_permission(self) -> None:
        ada = make_author()
        self.client.force_login(User.objects.create(username="other", is_staff=True))
        for url in ("sort-name/?name=A", f"{ada.pk}/as-printed/"):
            self.assertEqual(self.client.get(f"/admin/articles/author/{url}").status_code, 403)

    def test_one_with_bylines_is_not_deleted(self) -> None:
        ada = make_author(name="Ada")
        make_article(title="Grain", authors=[ada])
        url = f"/admin/articles/author/{ada.pk}/delete/"
        self.assertContains(self.client.get(url), "would require deleting the following protected related objects")
        self.client.post(url, {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": ada.pk, "post": "yes"}
        self.client.post("/admin/articles/author/", chosen)
        self.assertTrue(Author.objects.filter(pk=ada.pk).exists())

    def test_a_new_name_leaves_a_sign_at_the_old_address(self) -> None:
        ada = make_author(slug="ada")
        make_article(authors=[ada])
        self.post(f"/admin/articles/author/{ada.pk}/change/", slug="ada-person")
        self.assertEqual(self.client.get("/authors/ada/").headers["Location"], "/authors/ada-person/")


class IssueTests(RoomTests):
    def setUp(self) -> None:
        super().setUp()
        self.issue = make_issue(date=date(2016, 3, 15), volume=18, number=5, released_at=None)
        make_article(issue=self.issue, authors=[make_author()])
        self.url = f"/admin/articles/issue/{self.issue.pk}/change/"

    def test_a_number_needs_its_volume(self) -> None:
        self.assertContains(self.post(self.url, volume=""), "A number needs its volume.")

    def test_a_file_that_is_no_pdf_is_named(self) -> None:
        page = SimpleUploadedFile("issue.pdf", b"<html>", "application/pdf")
        self.assertContains(self.post(self.url, pdf=page), "This file is not a PDF")

    def test_it_is_found_by_date_month_and_number(self) -> None:
        make_issue(date=date(2017, 1, 2), volume=19, number=1)
        for typed in ("2016-03", "march 2016", "18 5"):
            answer = self.client.get(
                "/admin/autocomplete/",
                {"app_label": "articles", "model_name": "article", "field_name": "issue", "term": typed},
            )
            self.assertEqual([row["text"] for row in answer.json()["results"]], ["15 March 2016"], typed)

    def test_one_with_articles_is_not_deleted(self) -> None:
        self.client.post(f"/admin/articles/issue/{self.issue.pk}/delete/", {"post": "yes"})
        self.assertTrue(Issue.objects.exists())


class TagTests(RoomTests):
    def test_one_without_an_address_gets_one(self) -> None:
        make_article(tags=["Water"], slug="grain")
        tag = Tag.objects.get()
        self.post(f"/admin/articles/tag/{tag.pk}/change/", slug="")
        tag.refresh_from_db()
        self.assertEqual(tag.slug, "water")
        self.assertEqual(self.client.get("/articles/grain/").status_code, 200)

    def test_one_of_very_long_letters_has_a_short_address(self) -> None:
        article = make_article(tags=["\ufdfa" * 100])
        self.assertLessEqual(len(article.tags.get().slug), 100)

    def test_one_on_public_articles_is_not_deleted(self) -> None:
        make_article(tags=["Water"])
        url = f"/admin/articles/tag/{Tag.objects.get().pk}/delete/"
        self.assertContains(self.client.post(url, {"post": "yes"}), "stands on public articles")
        self.assertTrue(Tag.objects.exists())

    def test_names_with_quotes_and_commas_come_back_as_they_were(self) -> None:
        article = make_draft(tags=['"quoted" thing', "oil, gas", 'a "b", c', "plain"])
        before = set(article.tags.names())
        url = f"/admin/articles/article/{article.pk}/change/"
        self.post(url, title="Other")
        self.assertEqual(set(article.tags.names()), before)

    def test_case_is_set_aside_in_every_script(self) -> None:
        make_article(tags=["ödön"])
        article = make_draft()
        self.post(f"/admin/articles/article/{article.pk}/change/", tags="ÖDÖN, Tisza")
        self.assertEqual(sorted(article.tags.names()), ["Tisza", "ödön"])

    def test_a_megabyte_of_tags_is_refused_with_a_sentence(self) -> None:
        article = make_article()
        page = self.post(f"/admin/articles/article/{article.pk}/change/", tags="x" * 1_000_000)
        self.assertContains(page, "at most 5000 characters")

    def test_it_completes_what_begins_like_it_then_what_holds_it(self) -> None:
        Tag.objects.bulk_create(Tag(name=name, slug=name.lower()) for name in ("Trade", "Grain trade", "Ports"))
        answer = self.client.get("/admin/articles/tag/complete/?q=trad")
        self.assertEqual(answer.json(), {"names": ["Trade", "Grain trade"]})

    def test_it_completes_nothing_from_nothing(self) -> None:
        for typed in ("", "%20"):
            self.assertEqual(self.client.get(f"/admin/articles/tag/complete/?q={typed}").json(), {"names": []})

    def test_it_never_sends_a_page_of_them(self) -> None:
        Tag.objects.bulk_create(Tag(name=f"Port {n}", slug=f"port-{n}") for n in range(50))
        self.assertEqual(len(self.client.get("/admin/articles/tag/complete/?q=port").json()["names"]), 8)

    def test_it_needs_the_permission(self) -> None:
        other = User.objects.create(username="other", is_staff=True)
        self.client.force_login(other)
        self.assertEqual(self.client.get("/admin/articles/tag/complete/?q=a").status_code, 403)
        other.user_permissions.add(Permission.objects.get(codename="view_tag", content_type__app_label="articles"))
        self.assertEqual(self.client.get("/admin/articles/tag/complete/?q=a").status_code, 200)

    def test_the_slug_is_made_from_the_name(self) -> None:
        self.assertEqual(self.post("/admin/articles/tag/add/", name="Grain trade").status_code, 302)
        self.assertEqual(Tag.objects.get().slug, "grain-trade")


class OldAddressTests(RoomTests):
    def test_it_is_a_list_to_read(self) -> None:
        article = make_article(slug="grain")
        article.slug = "grain-and-power"
        article.save()
        page = self.client.get("/admin/articles/oldaddress/")
        self.assertContains(page, "/articles/grain/")
        self.assertContains(page, "/articles/grain-and-power/")
        for rest in ("add/", f"{OldAddress.objects.get().pk}/delete/"):
            self.assertEqual(self.client.get(f"/admin/articles/oldaddress/{rest}").status_code, 403, rest)

    def test_what_is_deleted_takes_its_signs_with_it(self) -> None:
        page = make_page(slug="about")
        page.slug = "about-us"
        page.save()
        self.client.post(
            "/admin/analyst/page/", {"action": "delete_selected", "_selected_action": page.pk, "post": "yes"}
        )
        self.assertFalse(OldAddress.objects.exists())


class PageTests(RoomTests):
    def test_it_works(self) -> None:
        answer = self.post("/admin/analyst/page/add/", title="About", body="<p>We are.<script>x</script></p>")
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Page.objects.get().body, "<p>We are.</p>")

    def test_a_title_that_is_an_address_of_the_site_gets_another(self) -> None:
        for title, slug in (("Articles", "articles-2"), ("Search", "search-2"), ("Imprint", "imprint")):
            self.post("/admin/analyst/page/add/", title=title, slug="")
            self.assertEqual(Page.objects.get(title=title).slug, slug)

    def test_a_figure_is_shown_and_its_image_stays(self) -> None:
        image = make_image()
        figure = f'<figure data-image="{image.key}" data-alt="A pier"><figcaption>The pier.</figcaption></figure>'
        self.post("/admin/analyst/page/add/", title="About", body=figure)
        self.assertContains(self.client.get("/about/"), f"/media/{image.key}/64.jpg")
        self.assertEqual(self.client.get(f"/media/{image.key}/64.jpg").status_code, 200)
        answer = self.client.post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})
        self.assertContains(answer, "stands in the text of “About”")
        Page.objects.update(is_published=False)
        self.assertEqual(self.client.get(f"/media/{image.key}/64.jpg").status_code, 404)

    def test_an_address_of_the_site_is_not_taken(self) -> None:
        self.assertContains(
            self.post("/admin/analyst/page/add/", title="X", slug="articles"), "is already a part of the site"
        )
