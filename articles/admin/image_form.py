"""Uploading an image: checked while the form is, stored when it is saved."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from js_asset import Media, Script

from articles import images
from articles.models import Image


class ImageUpload(forms.FileField):
    """An image file. Its clean value is a Master: checked, without metadata, upright."""

    def __init__(self, **kwargs: Any) -> None:
        accept = {"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif", "class": "image-upload"}
        super().__init__(widget=UploadInput(accept), **kwargs)

    def clean(self, data: "UploadedFile[Any] | None", initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        return images.read_master(upload) if isinstance(upload, UploadedFile) else None


class UploadInput(forms.FileInput):
    @property
    def media(self) -> forms.Media:
        return Media(js=[Script("articles/thumbnails.js", type="module")])


class ImageForm(forms.ModelForm[Image]):
    upload = ImageUpload(
        label="image file",
        required=False,
        help_text="JPEG, PNG, WebP, AVIF or GIF, up to 25 MB. Where it was taken and by what camera is removed.",
    )

    class Meta:
        model = Image
        fields = ["credit", "source", "accessed_on", "rights"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk is None and not cleaned.get("upload") and "upload" not in self.errors:
            self.add_error("upload", "Choose the image file.")
        return cleaned

    def save(self, commit: bool = True) -> Image:
        self.taken = self.cleaned_data.get("upload")
        return super().save(commit)
