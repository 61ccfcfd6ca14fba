"""Images in the desk: uploading, replacing, choosing, and where they are used."""

from io import BytesIO
from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from PIL import Image as Pillow

from articles.models import Article, Author, Image
from tests.factories import make_article, make_author, make_draft, make_editor, make_image, picture_bytes

from .desk import DeskClient, form_of

ADD = "/admin/articles/image/add/"


def upload(data: bytes | None = None, name: str = "harbour.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if data is None else data, "image/jpeg")


def change(image: Image) -> str:
    return f"/admin/articles/image/{image.pk}/change/"


class ImageTests(TestCase):
    client_class = DeskClient

    def setUp(self) -> None:
        self.client.force_login(make_editor())

    def post(self, url: str, **fields: Any) -> Any:
        return self.client.post(url, form_of(self.client, url) | fields)


class UploadTests(ImageTests):
    def test_it_works(self) -> None:
        answer = self.post(ADD, upload=upload(picture_bytes(1000, 600)), credit="A harbour", accessed_on="2016-03-09")
        self.assertEqual(answer.status_code, 302)
        image = Image.objects.get()
        self.assertEqual((image.width, image.height, image.credit), (1000, 600, "A harbour"))
        self.assertEqual(str(image.accessed_on), "2016-03-09")
        shown = self.client.get(f"/admin/articles/image/thumbnail/?pk={image.pk}")
        with Pillow.open(BytesIO(b"".join(shown))) as picture:
            self.assertEqual(picture.width, 800)

    def test_it_needs_a_file(self) -> None:
        self.assertContains(self.post(ADD, credit="A harbour"), "Choose the image file.")
        self.assertFalse(Image.objects.exists())

    def test_a_wrong_file_is_named_and_nothing_is_stored(self) -> None:
        answer = self.post(ADD, upload=upload(b"<svg onload=alert(1)>"), credit="A harbour")
        self.assertContains(answer, "This image is damaged or is not an image.")
        self.assertFalse(Image.objects.exists())

    def test_an_empty_file_is_named(self) -> None:
        self.assertContains(self.post(ADD, upload=upload(b"")), "The submitted file is empty.")

    def test_it_keeps_nothing_of_where_it_was_taken(self) -> None:
        exif = Pillow.Exif()
        exif[0x8825] = {1: "N", 2: (43.0, 15.0, 0.0)}
        exif[0x010F] = "Camera maker"
        self.post(ADD, upload=upload(picture_bytes(exif=exif.tobytes())))
        image = Image.objects.get()
        with image.file.open() as kept, Pillow.open(kept) as picture:
            self.assertFalse(picture.getexif())
        with image.file.open() as kept:
            self.assertNotIn(b"Camera maker", kept.read())


class ReplacingTests(ImageTests):
    def test_it_gives_the_image_other_pixels(self) -> None:
        image = make_image(64, 40)
        self.assertEqual(self.post(change(image), upload=upload(picture_bytes(90, 90))).status_code, 302)
        image.refresh_from_db()
        self.assertEqual((image.width, image.height), (90, 90))
        shown = self.client.get(f"/admin/articles/image/{image.key}/90.jpg")
        with Pillow.open(BytesIO(b"".join(shown))) as picture:
            self.assertEqual(picture.size, (90, 90))

    def test_texts_go_on_showing_it(self) -> None:
        image = make_image(64, 40)
        article = make_article(background=f'<figure data-image="{image.key}"></figure>')
        self.post(change(image), upload=upload(picture_bytes(90, 90)))
        image.refresh_from_db()
        self.assertContains(self.client.get(article.get_absolute_url()), f"/media/{image.key}/90.jpg")
        self.assertEqual(self.client.get(f"/media/{image.key}/90.jpg").status_code, 200)

    def test_the_credit_alone_is_changed_without_a_file(self) -> None:
        image = make_image()
        self.assertEqual(self.post(change(image), credit="Another").status_code, 302)
        image.refresh_from_db()
        self.assertEqual((image.credit, image.width), ("Another", 64))

    def test_the_file_that_is_awaited_comes(self) -> None:
        awaited = Image.objects.create(credit="img.rt.com")
        self.assertContains(self.client.get(change(awaited)), "The file is still awaited.")
        self.post(change(awaited), upload=upload())
        awaited.refresh_from_db()
        self.assertEqual(awaited.width, 64)

    def test_a_wrong_file_leaves_what_was_there(self) -> None:
        image = make_image()
        before = image.sha256
        self.assertContains(self.post(change(image), upload=upload(b"GIF89a nonsense")), "This image is damaged")
        image.refresh_from_db()
        self.assertEqual(image.sha256, before)


class UseTests(ImageTests):
    def test_its_page_says_where_it_is_used(self) -> None:
        image = make_image()
        make_article(title="Leading", lead_image=image)
        make_draft(title="In the text", body=f'<figure data-image="{image.key}"></figure>')
        Author.objects.filter(pk=make_author(name="Ada").pk).update(photo=image)
        page = self.client.get(change(image))
        for user in ("Leading", "In the text", "Ada"):
            self.assertContains(page, f">{user}</a>")

    def test_an_unused_one_says_so(self) -> None:
        self.assertContains(self.client.get(change(make_image())), "Nowhere yet.")

    def test_one_in_use_is_not_deleted(self) -> None:
        lead, figure = make_image(credit="Lead"), make_image(credit="Figure")
        make_article(title="Grain", lead_image=lead, body=f'<figure data-image="{figure.key}"></figure>')
        for image in (lead, figure):
            url = f"/admin/articles/image/{image.pk}/delete/"
            self.assertContains(self.client.get(url), "Grain")
            self.client.post(url, {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": [lead.pk, figure.pk], "post": "yes"}
        self.client.post("/admin/articles/image/", chosen)
        self.assertEqual(Image.objects.count(), 2)

    def test_an_unused_one_is_deleted(self) -> None:
        self.client.post(f"/admin/articles/image/{make_image().pk}/delete/", {"post": "yes"})
        self.assertFalse(Image.objects.exists())

    def test_the_list_shows_thumbnails(self) -> None:
        image = make_image(credit="A harbour")
        self.assertContains(self.client.get("/admin/articles/image/"), f"/admin/articles/image/{image.key}/64.jpg")


class LeadImageUploadTests(ImageTests):
    def test_it_is_uploaded_in_place(self) -> None:
        article = make_draft()
        url = f"/admin/articles/article/{article.pk}/change/"
        answer = self.post(url, lead_image_upload=upload(), lead_image_credit="A harbour", lead_image_alt="At night")
        self.assertEqual(answer.status_code, 302)
        article.refresh_from_db()
        assert article.lead_image
        self.assertEqual((article.lead_image.credit, article.lead_image.width), ("A harbour", 64))
        newest = article.revisions.first()
        assert newest
        self.assertEqual(newest.snapshot["lead_image"], article.lead_image.pk)

    def test_a_wrong_file_refuses_the_form_and_keeps_the_text(self) -> None:
        article = make_draft(title="Grain")
        url = f"/admin/articles/article/{article.pk}/change/"
        answer = self.post(url, title="Grain and power", lead_image_upload=upload(b"%PDF-1.4"))
        self.assertContains(answer, "This image is damaged or is not an image.")
        self.assertContains(answer, "Grain and power")
        article.refresh_from_db()
        self.assertEqual(article.title, "Grain")
        self.assertFalse(Image.objects.exists())


class DialogTests(ImageTests):
    """What the editor's dialog asks for."""

    def test_it_finds_images_by_their_credit(self) -> None:
        harbour = make_image(credit="A harbour")
        make_image(credit="A ferry")
        Image.objects.create(credit="A harbour without a file")
        found = self.client.get("/admin/articles/image/choose/?q=harbour").json()["images"]
        self.assertEqual([image["key"] for image in found], [harbour.key])
        self.assertEqual(found[0]["thumbnail"], f"/admin/articles/image/{harbour.key}/64.jpg")

    def test_it_takes_an_upload(self) -> None:
        answer = self.client.post("/admin/articles/image/upload/", {"file": upload()})
        self.assertEqual(answer.status_code, 201)
        self.assertEqual(answer.json()["key"], Image.objects.get().key)

    def test_it_says_what_is_wrong_with_an_upload(self) -> None:
        for sent in ({"file": upload(b"<html>")}, {}):
            answer = self.client.post("/admin/articles/image/upload/", sent)
            self.assertEqual(answer.status_code, 400)
            self.assertTrue(answer.json()["error"])
        self.assertFalse(Image.objects.exists())

    def test_a_thumbnail_is_found_by_number_and_by_key(self) -> None:
        image = make_image()
        for query in (f"pk={image.pk}", f"key={image.key}"):
            self.assertEqual(self.client.get(f"/admin/articles/image/thumbnail/?{query}").status_code, 200)
        for query in ("", "pk=zzz", "pk=999999", "key=zzz", "pk=99999999999999999999"):
            self.assertEqual(self.client.get(f"/admin/articles/image/thumbnail/?{query}").status_code, 404, query)

    def test_an_image_whose_file_is_awaited_has_no_thumbnail(self) -> None:
        image = Image.objects.create(credit="A harbour")
        self.assertEqual(self.client.get(f"/admin/articles/image/thumbnail/?pk={image.pk}").status_code, 204)

    def test_each_door_has_its_permission(self) -> None:
        reader = User.objects.create(username="reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_author"))
        self.client.force_login(reader)
        image = make_image()
        for url in ("choose/", f"thumbnail/?pk={image.pk}", f"{image.key}/64.jpg"):
            self.assertEqual(self.client.get(f"/admin/articles/image/{url}").status_code, 403, url)
        self.assertEqual(self.client.post("/admin/articles/image/upload/", {"file": upload()}).status_code, 403)
        self.client.logout()
        for url in ("choose/", f"thumbnail/?pk={image.pk}", f"{image.key}/64.jpg"):
            self.assertEqual(self.client.get(f"/admin/articles/image/{url}").status_code, 302, url)

    def test_an_upload_needs_the_forms_token(self) -> None:
        strict = DeskClient(enforce_csrf_checks=True)
        strict.force_login(make_editor())
        self.assertEqual(strict.post("/admin/articles/image/upload/", {"file": upload()}).status_code, 403)
        self.assertEqual(strict.get("/admin/articles/image/upload/").status_code, 405)

    def test_nothing_is_written_for_an_article_by_looking(self) -> None:
        self.client.get("/admin/articles/image/choose/")
        self.assertFalse(Article.objects.exists())
