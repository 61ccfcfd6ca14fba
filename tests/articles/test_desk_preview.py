"""Seeing an article before readers do."""

from django.contrib.auth.models import Permission, User
from django.test import TestCase

from articles.images import first_width
from articles.models import Article, Image
from tests.factories import make_article, make_draft, make_editor, make_image


def staff(*codenames: str) -> User:
    user = User.objects.create(username="-".join(codenames) or "nobody", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return user


class PreviewTests(TestCase):
    draft: Article
    url: str

    @classmethod
    def setUpTestData(cls) -> None:
        cls.draft = make_draft(title="Grain and power", background="<p>In 2022 the ports closed.</p>")
        cls.url = f"/admin/articles/article/{cls.draft.pk}/preview/"

    def test_it_works(self) -> None:
        self.client.force_login(make_editor())
        page = self.client.get(self.url)
        self.assertContains(page, "Grain and power")
        self.assertContains(page, "In 2022 the ports closed.")

    def test_nothing_may_keep_or_index_it(self) -> None:
        self.client.force_login(make_editor())
        page = self.client.get(self.url)
        self.assertIn("no-store", page["Cache-Control"])
        self.assertEqual(page["X-Robots-Tag"], "noindex")

    def test_the_public_address_stays_closed_to_staff_too(self) -> None:
        self.client.force_login(make_editor())
        self.assertEqual(self.client.get(self.draft.get_absolute_url()).status_code, 404)

    def test_strangers_are_asked_to_sign_in(self) -> None:
        self.assertRedirects(self.client.get(self.url), f"/admin/login/?next={self.url}", fetch_redirect_response=False)

    def test_it_needs_the_permission_to_see_articles(self) -> None:
        self.client.force_login(staff())
        self.assertEqual(self.client.get(self.url).status_code, 403)
        self.client.force_login(staff("view_article"))
        self.assertEqual(self.client.get(self.url).status_code, 200)

    def test_it_is_only_looked_at(self) -> None:
        self.client.force_login(make_editor())
        self.assertEqual(self.client.post(self.url).status_code, 405)

    def test_there_is_none_of_what_is_not_there(self) -> None:
        self.client.force_login(make_editor())
        self.assertEqual(self.client.get("/admin/articles/article/999999/preview/").status_code, 404)


class ImageOfADraftTests(TestCase):
    def setUp(self) -> None:
        self.image = make_image(1000, 600)
        self.address = f"/admin/articles/image/{self.image.key}/800.jpg"
        self.draft = make_draft(lead_image=self.image, background=f'<figure data-image="{self.image.key}"></figure>')

    def test_staff_see_it_where_readers_do_not(self) -> None:
        self.assertEqual(self.client.get(f"/media/{self.image.key}/800.jpg").status_code, 404)
        self.client.force_login(staff("view_article"))
        shown = self.client.get(self.address)
        self.assertEqual((shown.status_code, shown["Content-Type"]), (200, "image/jpeg"))
        self.assertIn("no-store", shown["Cache-Control"])
        b"".join(shown)

    def test_the_preview_asks_for_it_there(self) -> None:
        self.client.force_login(make_editor())
        page = self.client.get(f"/admin/articles/article/{self.draft.pk}/preview/")
        self.assertContains(page, self.address, count=2)
        self.assertNotContains(page, f'src="/media/{self.image.key}/')

    def test_others_do_not(self) -> None:
        self.assertEqual(self.client.get(self.address).status_code, 302)
        self.client.force_login(staff())
        self.assertEqual(self.client.get(self.address).status_code, 403)

    def test_only_the_widths_there_are(self) -> None:
        self.client.force_login(make_editor())
        for rest in ("801.jpg", "800.svg", "800.html", "999.avif"):
            self.assertEqual(self.client.get(f"/admin/articles/image/{self.image.key}/{rest}").status_code, 404, rest)

    def test_view_on_site_of_a_published_article_is_its_own_address(self) -> None:
        self.client.force_login(make_editor())
        article = make_article(slug="grain")
        self.assertContains(self.client.get(f"/admin/articles/article/{article.pk}/change/"), 'href="/articles/grain/"')

    def test_the_first_width_is_the_one_asked_for(self) -> None:
        self.assertEqual(first_width(Image.objects.get().width), 800)
