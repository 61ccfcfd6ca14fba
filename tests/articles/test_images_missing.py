"""An image whose file is gone: no page breaks, readers see a quiet sheet, the worker makes what it can, the desk is told."""

import random
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404
from django.test import RequestFactory, TestCase
from django.urls import resolve
from django_tasks_db.models import DBTaskResult
from PIL import Image as Pillow

from articles.images import read_master
from articles.models import Image
from articles.models.image import make_renditions
from tests.factories import (
    make_article,
    make_author,
    make_editor,
    make_image,
    make_issue,
    make_partner,
    make_publication,
    picture_bytes,
)

from .desk import DeskClient


def body(answer: Any) -> bytes:
    return b"".join(answer)


def put_back(image: Image, data: bytes) -> None:
    image.file.storage.delete(image.file.name)
    image.file.storage.save(image.file.name, ContentFile(data))


def cut_off(name: str) -> None:
    """What is left of a file when the disk was full."""
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b""))


class MissingTests(TestCase):
    def setUp(self) -> None:
        self.image = make_image(900, 600, credit="A harbour")
        make_renditions.call(self.image.pk)
        self.image.refresh_from_db()
        with self.image.file.open() as file:
            self.master = file.read()
        DBTaskResult.objects.all().delete()
        make_article(
            slug="grain", title="Grain", lead_image=self.image, authors=[make_author(slug="ann", photo=self.image)],
            issue=make_issue(), body=f'<figure data-image="{self.image.key}" data-alt="A harbour"></figure>',
        )  # fmt: skip

    def lose_renditions(self) -> None:
        for width in self.image.widths:
            for extension in ("avif", "webp", "jpg"):
                default_storage.delete(self.image.rendition_name(width, extension))

    def lose_master(self) -> None:
        self.image.file.storage.delete(self.image.file.name)

    def is_marked(self) -> bool:
        return Image.objects.lacking().filter(pk=self.image.pk).exists()

    def test_a_sheet_of_its_size_stands_for_it_and_nobody_keeps_that(self) -> None:
        self.lose_renditions()
        self.lose_master()
        for width, extension in ((400, "avif"), (800, "webp"), (900, "jpg")):
            answer = self.client.get(f"/media/{self.image.key}/{width}.{extension}")
            self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "image/png"))
            self.assertEqual(answer["Cache-Control"], "no-store")
            with Pillow.open(BytesIO(body(answer))) as sheet:
                self.assertEqual(sheet.size, (width, round(width * 2 / 3)))

    def test_every_page_list_feed_and_shared_image_goes_on(self) -> None:
        make_publication(slug="low-water", cover=self.image)
        make_partner(logo=self.image)
        self.lose_renditions()
        self.lose_master()
        for path in (
            "/", "/articles/", "/articles/grain/", "/authors/ann/", "/publications/", "/publications/low-water/", "/sitemap.xml",
            "/feeds/articles.atom", "/feeds/articles.rss", "/feeds/articles.json", "/articles/grain/share.jpg",
        ):  # fmt: skip
            self.assertEqual(self.client.get(path).status_code, 200, path)

    def test_the_worker_makes_renditions_anew_from_the_master(self) -> None:
        self.lose_renditions()
        self.client.get(f"/media/{self.image.key}/400.avif")
        self.assertTrue(self.is_marked())
        self.assertEqual(DBTaskResult.objects.get().args_kwargs["args"], [self.image.pk])
        make_renditions.call(self.image.pk)
        answer = self.client.get(f"/media/{self.image.key}/400.avif")
        self.assertEqual((answer["Content-Type"], answer["Cache-Control"]), ("image/avif", "public, max-age=300"))
        self.assertFalse(self.is_marked())

    def test_it_is_tried_once_in_five_minutes_however_many_ask(self) -> None:
        self.lose_renditions()
        for width in (400, 800, 900):
            self.client.get(f"/media/{self.image.key}/{width}.avif")
        self.assertEqual(DBTaskResult.objects.count(), 1)
        self.image.refresh_from_db()
        assert self.image.missing_at
        with time_machine.travel(self.image.missing_at + timedelta(minutes=6)):
            self.client.get(f"/media/{self.image.key}/400.avif")
        self.assertEqual(DBTaskResult.objects.count(), 2)

    def test_a_rendition_that_was_cut_off_is_made_anew(self) -> None:
        name = self.image.rendition_name(400, "jpg")
        cut_off(name)
        self.assertEqual(self.client.get(f"/media/{self.image.key}/400.jpg")["Content-Type"], "image/png")
        make_renditions.call(self.image.pk)
        self.assertEqual(self.client.get(f"/media/{self.image.key}/400.jpg")["Content-Type"], "image/jpeg")
        self.assertEqual(len(default_storage.listdir(name.rpartition("/")[0])[1]), 15)

    def test_a_master_that_is_gone_or_damaged_parks_the_job_until_it_is_back(self) -> None:
        self.lose_renditions()
        for damaged in (None, b"", b"nonsense", self.master[: len(self.master) // 2]):
            self.lose_master()
            if damaged is not None:
                put_back(self.image, damaged)
            make_renditions.call(self.image.pk)
            self.assertTrue(self.is_marked(), damaged)
        put_back(self.image, self.master)
        make_renditions.call(self.image.pk)
        self.assertFalse(self.is_marked())
        self.assertEqual(self.client.get(f"/media/{self.image.key}/900.jpg")["Content-Type"], "image/jpeg")

    def test_other_pixels_are_not_marked_as_missing(self) -> None:
        self.lose_master()
        make_renditions.call(self.image.pk)
        self.image.take(read_master(BytesIO(picture_bytes(64, 40))))
        self.assertFalse(self.is_marked())


class UnreadableStorage(FileSystemStorage):
    """A disk that has gone away."""

    def exists(self, name: str) -> bool:
        raise OSError("Input/output error")

    def _open(self, name: str, mode: str = "rb") -> Any:
        raise OSError("Input/output error")


@pytest.mark.django_db
def test_a_storage_that_fails_shows_a_sheet_and_a_card(client, settings, monkeypatch, tmp_path: Path):
    image = make_image(1300, 900)
    make_article(slug="grain", lead_image=image)
    broken = {"BACKEND": f"{__name__}.UnreadableStorage", "OPTIONS": {"location": tmp_path / "gone"}}
    settings.STORAGES = settings.STORAGES | {"default": broken}
    monkeypatch.setattr(Image._meta.get_field("file"), "storage", UnreadableStorage(tmp_path / "gone"))
    assert client.get("/articles/grain/").status_code == 200
    answer = client.get(f"/media/{image.key}/800.jpg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    shared = client.get("/articles/grain/share.jpg")
    assert (shared.status_code, shared["Content-Type"]) == (200, "image/jpeg")
    with Pillow.open(BytesIO(shared.content)) as card:
        assert card.getpixel((600, 400)) > (240, 240, 230)  # paper, not navy


class DeskTests(TestCase):
    client_class = DeskClient

    def setUp(self) -> None:
        self.client.force_login(make_editor())
        self.lost, self.whole = make_image(credit="Lost"), make_image(credit="Whole")
        self.lost.file.storage.delete(self.lost.file.name)
        make_renditions.call(self.lost.pk)
        self.awaited = Image.objects.create(credit="Awaited")

    def listed(self, query: str) -> str:
        return self.client.get(f"/admin/articles/image/{query}").content.decode()

    def test_the_list_marks_and_finds_images_whose_file_is_missing(self) -> None:
        self.assertEqual(self.listed("").count("(file missing or damaged)"), 1)
        for query, there, gone in (("?file=missing", "Lost", "Whole"), ("?file=awaited", "Awaited", "Lost")):
            page = self.listed(query)
            self.assertIn(f">{there}</a>", page)
            self.assertNotIn(f">{gone}</a>", page)

    def test_its_page_says_what_to_do(self) -> None:
        page = self.client.get(f"/admin/articles/image/{self.lost.pk}/change/")
        self.assertContains(page, "Its file is missing or damaged.")
        self.assertEqual(self.client.get(f"/admin/articles/image/{self.lost.key}/64.jpg").status_code, 200)

    def test_an_editor_has_the_files_looked_for(self) -> None:
        DBTaskResult.objects.all().delete()
        chosen = {"action": "make_anew", "_selected_action": [self.lost.pk, self.whole.pk, self.awaited.pk]}
        answer = self.client.post("/admin/articles/image/", chosen, follow=True)
        self.assertContains(answer, "The worker looks for 3 images")
        self.assertEqual(DBTaskResult.objects.count(), 3)


def is_not_found(path: str) -> bool:
    """Without the page that says so, which is what takes time."""
    try:
        match = resolve(path)
        match.func(RequestFactory().get(path), *match.args, **match.kwargs)
    except Http404:
        return True
    return False


@pytest.mark.django_db
def test_a_thousand_sizes_that_there_are_not_are_not_found_and_write_nothing(client, tmp_path: Path):
    image = make_image(900, 600)
    make_article(lead_image=image)
    before, jobs = sorted(tmp_path.rglob("*")), DBTaskResult.objects.count()
    dice = random.Random(7)
    specs = ("800x600", "0800", "+800", "800.0", "fill-800", "-800", "8e2", "", "800-q10", "８００", "9" * 40)
    paths = []
    while len(paths) < 1000:
        width = dice.choice([str(dice.randrange(1, 5000)), dice.choice(specs)])
        extension = dice.choice(["jpg", "avif", "webp", "png", "svg", "gif", "jpeg", "JPG", "jpg.html", "pdf"])
        if width not in ("100", "200", "400", "800", "900") or extension not in ("jpg", "avif", "webp"):
            paths.append(f"/media/{image.key}/{width}.{extension}")
    assert [path for path in paths if not is_not_found(path)] == []
    assert {client.get(path).status_code for path in paths[:10]} == {404}
    assert (sorted(tmp_path.rglob("*")), DBTaskResult.objects.count()) == (before, jobs)
