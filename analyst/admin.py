from django.conf import settings
from django.contrib import admin

from articles.admin.desk import DeskAdmin

from .models import Page

admin.site.site_title = f"{settings.JOURNAL_NAME}, the desk"
admin.site.site_header = settings.JOURNAL_NAME
admin.site.index_title = "The desk"


@admin.register(Page)
class PageAdmin(DeskAdmin[Page]):
    list_display = ["title", "slug", "place", "position", "is_published", "modified_at"]
    search_fields = ["title", "slug"]
    fieldsets = [
        (None, {"fields": ["title", "body"]}),
        ("Where it stands", {"fields": ["slug", ("place", "position"), "is_published"]}),
    ]
