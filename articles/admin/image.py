from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from articles import images
from articles.models import Autosave, Image, Revision
from articles.models.image import make_renditions
from articles.models.revision import showing
from articles.views import send_rendition

from .desk import DeskAdmin
from .filters import CreditFilter, FileFilter, UseFilter
from .image_form import ImageForm

CHOICES = 24
_MISSING = "Its file is missing or damaged. Choose it again below, or ask for it to be put back from a backup."


@admin.register(Image)
class ImageAdmin(DeskAdmin[Image]):
    form = ImageForm
    list_display = ["thumbnail", "credit_or_name", "dimensions", "rights", "created_at"]
    list_display_links = ["thumbnail", "credit_or_name"]
    list_filter = [FileFilter, CreditFilter, UseFilter]
    actions = ["make_anew"]
    search_fields = ["credit", "source", "rights"]
    ordering = ["-pk"]
    fieldsets = [
        (None, {"fields": ["preview", "upload", "credit", "source", "accessed_on", "rights"]}),
        ("Where it is used", {"fields": ["used_in"]}),
    ]
    readonly_fields = ["preview", "used_in"]

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["upload", "credit", "source", "accessed_on", "rights"]})]
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": ["preview", "credit", "source", "accessed_on", "rights", "used_in"]})]
        return self.fieldsets

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        if form.taken:
            obj.take(form.taken)
        else:
            super().save_model(request, obj, form, change)

    def must_stay(self, row: Image) -> str:
        for relation in row._meta.related_objects:
            rows: QuerySet[Any] = relation.related_model._default_manager.filter(**{relation.field.name: row})
            if relation.many_to_many and (shown := rows.first()):  # Django protects the others
                return f"“{row}” stands in the text of “{shown}”. Take it out there first."
        for rows in (Revision.objects.waiting(), Autosave.objects.select_related("article")):
            if found := showing(rows, row).first():
                where = f"“{found.article}”" if found.article else "a new article"
                return f"“{row}” stands in what somebody has written in {where} and not published yet."
        return ""

    # What the pages show

    @admin.display(description="picture")
    def thumbnail(self, image: Image) -> SafeString | str:
        if not image.file:
            return "no file yet"
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', _address(image))

    @admin.display(description="image")
    def credit_or_name(self, image: Image) -> str:
        return str(image)

    @admin.display(description="pixels")
    def dimensions(self, image: Image) -> str:
        size = f"{image.width} × {image.height}" if image.width else "–"
        return f"{size} (file missing or damaged)" if image.missing_at else size

    @admin.display(description="image")
    def preview(self, image: Image) -> SafeString | str:
        if not image.file:
            return "The file is still awaited."
        shown = format_html(
            '<img class="preview" src="{}" alt="" width="{}" height="{}">', _address(image), image.width, image.height
        )
        return format_html("{}<p>{}</p>", shown, _MISSING) if image.missing_at else shown

    @admin.display(description="used in")
    def used_in(self, image: Image) -> SafeString | str:
        users = [user for relation in Image._meta.related_objects for user in _users(image, relation)]
        if not users:
            return "Nowhere yet."
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((user,) for user in users)))

    @admin.action(description="Look for the files, and make missing sizes anew", permissions=["change"])
    def make_anew(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        chosen = list(queryset.values_list("pk", flat=True))
        for pk in chosen:
            make_renditions.enqueue(pk)
        self.message_user(request, f"The worker looks for {len(chosen)} images and marks what it does not find.")

    # Its own addresses

    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        return [
            path("thumbnail/", own(require_safe(self.send_thumbnail)), name="articles_image_thumbnail"),
            path("choose/", own(require_safe(self.choose)), name="articles_image_choose"),
            path("upload/", own(require_POST(self.upload)), name="articles_image_upload"),
            path("<slug:key>/<int:width>.<slug:extension>", own(require_safe(self.send)), name="article_image"),
            *super().get_urls(),
        ]

    def send(self, request: HttpRequest, key: str, width: int, extension: str) -> FileResponse:
        """A rendition, of whatever is not public too."""
        self._may_see(request)
        return send_rendition(get_object_or_404(Image, key=key), width, extension)

    def send_thumbnail(self, request: HttpRequest) -> FileResponse | HttpResponse:
        """The first rendition of the image with this number, or with this key; nothing while its file is awaited."""
        self._may_see(request)
        pk, key = request.GET.get("pk", ""), request.GET.get("key", "")
        which = Q(pk=int(pk)) if pk.isdecimal() and len(pk) < 19 else Q(key=key)
        image = get_object_or_404(Image, which)
        if not image.file:
            return HttpResponse(status=204)
        return send_rendition(image, images.first_width(image.width), "jpg")

    def _may_see(self, request: HttpRequest) -> None:
        """Whoever may see articles sees their images."""
        if not self.has_view_permission(request) and not request.user.has_perm("articles.view_article"):
            raise PermissionDenied

    def choose(self, request: HttpRequest) -> JsonResponse:
        """Images for the editor's dialog, newest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = request.GET.get("q", "")[:100]
        found, _ = self.get_search_results(request, Image.objects.filter(width__gt=0), typed)
        return JsonResponse({"images": [_as_choice(image) for image in found[:CHOICES]]})

    def upload(self, request: HttpRequest) -> JsonResponse:
        """An image for the text, from the editor's dialog."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            return JsonResponse({"error": "Choose the image file."}, status=400)
        try:
            image = Image.objects.add(upload, credit=request.POST.get("credit", "")[:300])
        except ValidationError as problem:
            return JsonResponse({"error": " ".join(problem.messages)}, status=400)
        self.log_addition(request, image, [{"added": {}}])
        return JsonResponse(_as_choice(image), status=201)


def _address(image: Image) -> str:
    return image.url(view="admin:article_image")


def _as_choice(image: Image) -> dict[str, str]:
    return {"key": image.key, "label": str(image), "thumbnail": _address(image)}


def _users(image: Image, relation: Any) -> list[SafeString | str]:
    """Links to the rows that point at an image."""
    rows: QuerySet[Any] = relation.related_model._default_manager.filter(**{relation.field.name: image})
    kind = relation.related_model._meta
    try:
        return [format_html('{}: <a href="{}">{}</a>', kind.verbose_name, _change_url(row), row) for row in rows[:50]]
    except NoReverseMatch:
        return []


def _change_url(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
