from django.contrib import admin

from articles.admin.desk import DeskAdmin
from newsletter.models import Event, Item


@admin.register(Event)
class EventAdmin(DeskAdmin[Event]):
    list_display = ["title", "when", "place", "is_listed"]
    search_fields = ["title", "place"]
    fieldsets = [
        (None, {"fields": ["title", ("starts_at", "ends_at"), "zone", "place", "link", "description"]}),
        ("Where it stands", {"fields": ["slug", "is_listed"]}),
    ]

    def must_stay(self, row: Event) -> str:
        told = Item.objects.filter(event=row, edition__started_at__isnull=False).exists()
        return f"“{row}” was told of in an edition. Take it from the site instead." if told else ""

    @admin.display(ordering="starts_at")
    def when(self, event: Event) -> str:
        return event.when
