"""The image that others show beside a link to a page of ours."""

import math
import re
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import TestCase, override_settings
from PIL import Image as Pillow
from selectolax.lexbor import LexborHTMLParser

from analyst.settings import BASE_DIR
from articles import cards
from articles.cards import Card
from articles.models import Article, Image
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_issue,
    make_page,
    make_publication,
)

SITE = "http://localhost:8000"


def opened(data: bytes) -> Pillow.Image:
    with Pillow.open(BytesIO(data)) as picture:
        picture.load()
        return picture


def photograph(width: int = 1600, height: int = 1200) -> Image:
    """Red above, blue below."""
    picture = Pillow.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width, height // 2))
    out = BytesIO()
    picture.save(out, "JPEG")
    return Image.objects.add(out)


def is_card(picture: Pillow.Image) -> bool:
    """By the bar at its head."""
    red, green, blue = picture.getpixel((600, 4))  # type: ignore[misc]
    return abs(red - 0x77) + abs(green - 0x1C) + abs(blue - 0x22) < 20


def kept(article: Article) -> list[str]:
    return default_storage.listdir(f"shared/article-{article.pk}")[1]


class ShareTests(TestCase):
    def said(self, path: str) -> dict[str, str]:
        page = LexborHTMLParser(self.client.get(path).content.decode())
        found = [meta.attributes for meta in page.css("meta[property^='og:image']")]
        names = [meta["property"] for meta in found]
        self.assertEqual(len(names), len(set(names)), path)
        return {(meta["property"] or "").removeprefix("og:"): meta["content"] or "" for meta in found}

    def shown(self, path: str) -> Pillow.Image:
        answer = self.client.get(self.said(path)["image"].removeprefix(SITE))
        self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "image/jpeg"), path)
        self.assertLessEqual(len(answer.content), 1_000_000)
        return opened(answer.content)


class EveryPageTests(ShareTests):
    def test_every_page_has_one_of_1200_by_630_and_says_what_it_shows(self) -> None:
        author = make_author(name="Ann Lee", slug="ann")
        make_article(
            slug="grain", title="Grain", authors=[author], tags=["Water"], issue=make_issue(date=date(2016, 3, 16))
        )
        make_article(slug="harbour", lead_image=photograph(), lead_image_alt="A harbour")
        make_article(slug="taken-back").withdraw("It rested on a forged letter.")
        make_publication(slug="low-water", title="Low water", authors=["Ann Lee"])
        make_page(slug="about", title="About")
        for path in (
            "/", "/articles/", "/articles/grain/", "/articles/harbour/", "/articles/taken-back/", "/tags/water/",
            "/categories/analytical-articles/", "/authors/", "/authors/ann/", "/issues/", "/issues/2016-03-16/",
            "/publications/", "/publications/low-water/", "/about/", "/search/?q=grain", "/nothing/",
        ):  # fmt: skip
            said = self.said(path)
            self.assertEqual((said["image:width"], said["image:height"]), ("1200", "630"), path)
            self.assertEqual(said["image:type"], "image/jpeg")
            self.assertTrue(said["image:alt"], path)
            self.assertEqual(self.shown(path).size, (1200, 630), path)

    def test_each_kind_of_page_has_an_address_for_it(self) -> None:
        make_article(slug="grain", authors=[make_author(slug="ann")], issue=make_issue(date=date(2016, 3, 16)))
        make_publication(slug="low-water")
        for path in (
            "/share.jpg", "/articles/grain/share.jpg", "/authors/ann/share.jpg", "/issues/2016-03-16/share.jpg",
            "/publications/low-water/share.jpg",
        ):  # fmt: skip
            answer = self.client.get(path)
            self.assertEqual((answer.status_code, answer["Cache-Control"]), (200, "public, max-age=300"), path)
            self.assertEqual(self.client.get(path, headers={"if-none-match": answer["ETag"]}).status_code, 304)
            self.assertFalse(answer.cookies)

    def test_an_old_address_leads_to_it(self) -> None:
        article = make_article(slug="grain")
        article.slug = "corn"
        article.save()
        self.assertRedirects(self.client.get("/articles/grain/share.jpg"), "/articles/corn/share.jpg", 301)

    def test_its_words_say_whose_and_what(self) -> None:
        authors = [make_author(name="Ann Lee"), make_author(name="Bo Ek")]
        make_article(slug="grain", title="Grain", authors=authors)
        self.assertEqual(
            self.said("/articles/grain/")["image:alt"],
            "Grain, by Ann Lee and Bo Ek, Analytical Articles, 15 March 2016",
        )
        self.assertEqual(self.said("/")["image:alt"], "The Analyst")


class HiddenTests(ShareTests):
    def test_what_is_not_public_answers_as_what_never_was(self) -> None:
        make_draft(slug="draft")
        make_article(slug="ahead", published_at=datetime(2100, 1, 1, tzinfo=UTC))
        make_article(slug="taken-back").withdraw("Forged.")
        make_author(slug="nobody")
        make_issue(date=date(2031, 3, 16), released_at=None)
        make_publication(slug="hidden", is_listed=False)
        never = self.client.get("/articles/never-was/share.jpg")
        for path in (
            "/articles/draft/share.jpg", "/articles/ahead/share.jpg", "/articles/taken-back/share.jpg",
            "/authors/nobody/share.jpg", "/issues/2031-03-16/share.jpg", "/publications/hidden/share.jpg",
        ):  # fmt: skip
            answer = self.client.get(path)
            self.assertEqual(answer.status_code, 404, path)
            self.assertEqual(answer.content, never.content, path)
        self.assertFalse(default_storage.exists("shared"))


class LeadImageTests(ShareTests):
    def test_its_middle_is_shown(self) -> None:
        make_article(slug="grain", lead_image=photograph(), lead_image_alt="A harbour")
        picture = self.shown("/articles/grain/")
        self.assertEqual(self.said("/articles/grain/")["image:alt"], "A harbour")
        self.assertGreater(picture.getpixel((600, 20))[0], 200)  # type: ignore[index]
        self.assertGreater(picture.getpixel((600, 610))[2], 200)  # type: ignore[index]

    def test_one_that_would_be_blurred_gives_way_to_the_words(self) -> None:
        make_article(slug="grain", title="Grain", lead_image=photograph(640, 400), lead_image_alt="A harbour")
        self.assertTrue(is_card(self.shown("/articles/grain/")))
        self.assertIn("Grain", self.said("/articles/grain/")["image:alt"])

    def test_one_whose_file_is_missing_gives_way_until_it_is_back(self) -> None:
        image = photograph()
        article = make_article(slug="grain", lead_image=image)
        with image.file.open() as file:
            data = file.read()
        image.file.storage.delete(image.file.name)
        self.assertTrue(is_card(self.shown("/articles/grain/")))
        image.file.storage.save(image.file.name, ContentFile(data))
        self.assertGreater(self.shown("/articles/grain/").getpixel((600, 20))[0], 200)  # type: ignore[index]
        self.assertEqual(len(kept(article)), 1)

    def test_the_busiest_picture_is_under_a_megabyte(self) -> None:
        noise = BytesIO()
        bands = [Pillow.effect_noise((1300, 700), 250) for _ in "RGB"]
        Pillow.merge("RGB", bands).save(noise, "JPEG", quality=95)
        make_article(slug="grain", lead_image=Image.objects.add(noise))
        self.shown("/articles/grain/")


class KeepingTests(ShareTests):
    def test_it_is_made_once(self) -> None:
        article = make_article(slug="grain")
        for _ in range(2):
            self.client.get("/articles/grain/share.jpg?v=anything")
        [name] = kept(article)
        default_storage.delete(f"shared/article-{article.pk}/{name}")
        default_storage.save(f"shared/article-{article.pk}/{name}", ContentFile(b"as it was kept"))
        self.assertEqual(self.client.get("/articles/grain/share.jpg").content, b"as it was kept")

    def test_other_words_give_it_another_address_and_delete_the_old_one(self) -> None:
        article = make_article(slug="grain", title="Grain")
        before, _ = self.said("/articles/grain/")["image"], self.shown("/articles/grain/")
        old = kept(article)
        article.title = "Grain and power"
        article.save()
        self.shown("/articles/grain/")
        self.assertNotEqual(self.said("/articles/grain/")["image"], before)
        self.assertEqual((len(kept(article)), kept(article) == old), (1, False))

    def test_a_disk_that_is_full_keeps_nobody_from_seeing_it(self) -> None:
        make_article(slug="grain")
        default_storage.save("shared", ContentFile(b"a file where the folder would be"))
        self.assertEqual(self.shown("/articles/grain/").size, (1200, 630))


class CardTests(TestCase):
    """What is drawn cannot be read here; but where something stands, and that nothing stands where it must not."""

    def inked(self, card: Card) -> Any:
        """The box around all that is dark."""
        return (
            card.draw().convert("L").point(lambda light: 255 if light < 120 else 0).crop((0, 20, 1200, 630)).getbbox()
        )

    def test_any_title_and_names_stay_within_the_margins(self) -> None:
        many = tuple(f"Gulnara Person{n} kyzy" for n in range(9))
        for title in (
            "Rail", "x" * 300, "A title about pipelines, parliaments and ports. " * 6, "Қазақстан мен Өзбекстан", "—",
            "Donaudampfschifffahrtsgesellschaftskapitänsverordnung", "საქართველო", "ئۇيغۇر تىلى 2016", "A (بازار) B",
            "中国的中亚政策" * 40, "e\u0301t\u0301", "a\0b\ud800c\u200d", "🚢", "   ",
        ):  # fmt: skip
            self.within(Card(title, "Analytical Articles", many, "15 March 2016"))
        for names in ((), ("Stephen Blank",), ("x" * 200,), ("李明",), many * 20):
            self.within(Card("Rail", "A category with a long name" * 5, names, "An affiliation" * 20))

    def within(self, card: Card) -> None:
        left, _, right, bottom = self.inked(card)
        self.assertGreaterEqual(left, 70, card)
        self.assertLessEqual(right, 1130, card)
        self.assertLessEqual(bottom, 573, card)

    def test_a_long_title_keeps_off_the_names(self) -> None:
        long = (
            Card("A title about pipelines, parliaments and ports. " * 6, names=tuple("ABCDEFGHI")).draw().convert("L")
        )
        rows = [(long.crop((76, y, 1124, y + 1)).getextrema())[0] > 200 for y in range(380, 500)]  # type: ignore[operator]
        self.assertIn([True] * 12, [rows[n : n + 12] for n in range(len(rows))])

    def test_a_title_from_right_to_left_stands_at_the_right(self) -> None:
        def side(title: str) -> bool:
            title_alone = Card(title).draw().convert("L").crop((0, 140, 1200, 500))
            box = title_alone.point(lambda light: 255 if light < 120 else 0).getbbox()
            assert box
            return box[0] > 1200 - box[2]

        self.assertEqual((side("تىلى"), side("Rail")), (True, False))

    def test_letters_that_no_file_has_leave_the_journals_name_and_the_date(self) -> None:
        self.assertEqual(
            Card("\U00013000 x", foot="15 March 2016").draw().tobytes(), Card(foot="15 March 2016").draw().tobytes()
        )

    def test_a_journal_with_a_long_name_has_a_card(self) -> None:
        with override_settings(
            JOURNAL_NAME="The Central Asia-Caucasus Analyst and Review of Books", JOURNAL_PUBLISHER="P" * 90
        ):
            for card in (Card(), Card("Rail", "Analytical Articles", foot="15 March 2016")):
                self.assertLessEqual(self.inked(card)[2], 1130)

    def test_its_colours_are_those_of_the_pages_by_day(self) -> None:
        tokens = (Path(BASE_DIR) / "analyst/static/css/tokens.css").read_text()
        for name, colour in (("paper", cards.PAPER), ("ink", cards.INK), ("accent", cards.ACCENT)):
            found = re.search(rf"--{name}: light-dark\(oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)", tokens)
            assert found
            self.assertEqual(colour, in_srgb(*map(float, found.groups())))


def in_srgb(lightness: float, chroma: float, hue: float) -> str:
    """oklch as #rrggbb: https://www.w3.org/TR/css-color-4/#color-conversion-code"""
    light, a, b = lightness / 100, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    bent = [12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in linear]
    return "#" + "".join(f"{round(255 * part):02x}" for part in bent)
