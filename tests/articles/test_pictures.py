"""How pages show images: in several formats and widths, with their size, the first at once and the others when needed."""

from django.test import TestCase
from selectolax.lexbor import LexborHTMLParser, LexborNode

from articles.models import Image
from tests.factories import make_article, make_draft, make_editor, make_image, make_partner, make_publication


def made(width: int = 1700, height: int = 900) -> Image:
    image = make_image(width, height)
    image.make_renditions()
    image.refresh_from_db()
    return image


class PictureTests(TestCase):
    def page(self, path: str) -> LexborHTMLParser:
        return LexborHTMLParser(self.client.get(path).content.decode())

    def preloads(self, path: str) -> list[dict[str, str | None]]:
        return [link.attributes for link in self.page(path).css('link[rel="preload"][as="image"]')]

    def test_the_lead_image_is_asked_for_early_as_it_will_be_shown(self) -> None:
        image = made()
        make_article(slug="grain", lead_image=image)
        [early] = self.preloads("/articles/grain/")
        source = self.page("/articles/grain/").css_first('.lead-figure source[type="image/avif"]')
        assert source
        self.assertEqual(early["imagesrcset"], source.attributes["srcset"])
        self.assertEqual(early["imagesizes"], source.attributes["sizes"])
        self.assertEqual((early["type"], early["fetchpriority"]), ("image/avif", "high"))
        self.assertEqual(early["media"], "(min-width: 48rem)")  # on a phone it is below the first screen
        self.assertEqual(image.widths, [100, 200, 400, 800, 1200, 1600])

    def test_the_front_page_asks_early_for_the_image_that_it_begins_with(self) -> None:
        make_article(slug="grain", lead_image=made(300, 200))
        [early] = self.preloads("/")
        source = self.page("/").css_first('.lead source[type="image/avif"]')
        assert source
        self.assertEqual(early["imagesrcset"], source.attributes["srcset"])
        self.assertEqual(early["imagesizes"], source.attributes["sizes"])
        self.assertNotIn("media", early)

    def test_nothing_is_asked_for_early_that_is_not_there(self) -> None:
        make_article(slug="grain", lead_image=make_image())
        make_article(slug="without")
        make_article(slug="awaited", lead_image=Image.objects.create(credit="img.rt.com"))
        for slug in ("grain", "without", "awaited"):
            self.assertEqual(self.preloads(f"/articles/{slug}/"), [], slug)

    def test_a_preview_asks_at_the_desk(self) -> None:
        draft = make_draft(lead_image=made(300, 200))
        self.client.force_login(make_editor())
        [early] = self.preloads(f"/admin/articles/article/{draft.pk}/preview/")
        self.assertIn("/admin/articles/image/", early["imagesrcset"] or "")

    def test_only_an_image_that_a_page_begins_with_is_not_lazy_and_each_has_its_size(self) -> None:
        image = made(300, 200)
        make_publication(slug="low-water", cover=image)
        make_partner(logo=image)
        make_article(slug="grain", lead_image=image, body=f'<figure data-image="{image.key}"></figure>')
        for path, eager in (("/", 1), ("/articles/grain/", 0), ("/articles/", 0), ("/publications/low-water/", 1)):
            images = self.page(path).css("main img")
            self.assertEqual(sum(not is_lazy(node) for node in images), eager, path)
            self.assertTrue(all(node.attributes["width"] and node.attributes["height"] for node in images), path)
            self.assertTrue(images, path)


def is_lazy(node: LexborNode) -> bool:
    return node.attributes.get("loading") == "lazy"
