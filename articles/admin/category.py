from django.contrib import admin

from articles.models import Category

from .desk import DeskAdmin


@admin.register(Category)
class CategoryAdmin(DeskAdmin[Category]):
    list_display = ["name", "has_sections", "is_news", "position", "slug"]
    fields = ["name", "description", ("has_sections", "is_news"), "position", "slug"]
    search_fields = ["name"]
