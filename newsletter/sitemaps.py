"""The editions that went out, and the events, in the sitemap."""

from articles.sitemaps import Section

from .models import Edition, Event

SECTIONS = (
    Section("editions", Edition.objects.public, "edition_detail"),
    Section("events", Event.objects.public, "event_detail"),
)
