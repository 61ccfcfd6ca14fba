from unicodedata import normalize

from django.core.exceptions import ValidationError
from django.test import TestCase

from articles.models import Tag
from articles.slugs import slug_of
from tests.factories import make_article, make_author, make_draft, make_page


class SlugTests(TestCase):
    def test_it_is_made_from_the_title(self):
        self.assertEqual(make_article(title="Grain & Power: 2022").slug, "grain-power-2022")

    def test_two_equal_titles_get_two_slugs(self):
        slugs = [make_article(title="Grain").slug for _ in range(3)]
        self.assertEqual(slugs, ["grain", "grain-2", "grain-3"])

    def test_it_keeps_letters_of_any_script(self):
        self.assertEqual(make_article(title="საქართველოს რკინიგზა").slug, "საქართველოს-რკინიგზა")
        self.assertEqual(make_article(title="Қазақстан жолы").slug, "қазақстан-жолы")
        self.assertEqual(make_article(title="中亚 与 里海").slug, "中亚-与-里海")

    def test_it_is_in_normal_form_c(self):
        article = make_article(title=normalize("NFD", "Çiğdem Söz"))
        self.assertEqual(article.slug, normalize("NFC", article.slug))
        self.assertEqual(make_article(slug=normalize("NFD", "é")).slug, "é")

    def test_a_decomposed_address_finds_its_article(self):
        make_article(title="Müller")
        self.assertEqual(self.client.get("/articles/" + normalize("NFD", "müller") + "/").status_code, 200)

    def test_a_title_without_letters_gets_a_number(self):
        self.assertEqual(make_article(title="!!!").slug, "article-1")
        self.assertEqual(make_article(title="???").slug, "article-2")
        self.assertEqual(make_author(name="…").slug, "author-1")

    def test_a_long_title_is_cut_at_a_word(self):
        slug = slug_of("reform " * 60)
        self.assertLessEqual(len(slug), 180)
        self.assertTrue(slug.endswith("reform"))

    def test_a_slug_made_from_a_title_never_takes_an_old_address(self):
        article = make_article(title="Grain")
        article.slug = "wheat"
        article.save()
        self.assertEqual(make_article(title="Grain").slug, "grain-2")

    def test_a_tag_of_any_script_has_one(self):
        make_draft(tags=["Су", "水", "!"])
        self.assertEqual(set(Tag.objects.values_list("slug", flat=True)), {"су", "水", "tag"})

    def test_a_page_cannot_take_an_address_of_the_site(self):
        for slug in ("articles", "admin", "authors"):
            with self.assertRaises(ValidationError) as refusal:
                make_page().__class__(title="x", slug=slug).full_clean()
            self.assertIn("slug", refusal.exception.message_dict)
