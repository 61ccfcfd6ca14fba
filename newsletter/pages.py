"""What the newsletter has for every reader: the editions that went out, and events."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from articles.feeds import TYPES, tag_uri
from articles.machines import absolute, sayable, xml
from articles.rich_text import text_of

from .composing import contents_of
from .models import Edition, Event

NEWEST = 20
LISTED = 500  # events that are over


@require_safe
def edition_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Written anew from what is public today: what was taken back since is not here either."""
    edition = get_object_or_404(
        Edition.objects.public().select_related("issue").defer("mail_html", "mail_text"), slug=slug
    )
    context = {"edition": edition, "text": edition.laid_out(), "contents": contents_of(edition, timezone.now())}
    return render(request, "newsletter/edition_detail.html", context)


@require_safe
def edition_feed(request: HttpRequest) -> HttpResponse:
    editions = list(Edition.objects.public().order_by("-started_at").defer("mail_html", "mail_text")[:NEWEST])
    entries = [(edition, tag_uri("edition", edition.pk), absolute(edition.get_absolute_url())) for edition in editions]
    context = {
        "entries": entries, "id": tag_uri("feed", "editions"), "journal": settings.JOURNAL_NAME,
        "site": settings.SITE_URL, "updated": editions[0].started_at if editions else None,
    }  # fmt: skip
    return xml(render_to_string("newsletter/feed.atom", context), TYPES["atom"])


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    context = {"upcoming": Event.objects.upcoming(at), "past": Event.objects.past(at)[:LISTED]}
    return render(request, "newsletter/event_list.html", context)


@require_safe
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.public(), slug=slug)
    return render(request, "newsletter/event_detail.html", {"event": event, "is_over": event.over_at <= timezone.now()})


@require_safe
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The event as a file for calendars (RFC 5545)."""
    event = get_object_or_404(Event.objects.public(), slug=slug)
    response = HttpResponse(_calendar(event), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{event.slug}.ics")
    return response


def _calendar(event: Event) -> str:
    values = {
        "UID": f"event-{event.pk}@{settings.HOST}",
        "DTSTAMP": _utc(event.changed_at),
        "DTSTART": _utc(event.starts_at),
        "DTEND": _utc(event.ends_at or event.over_at),
        "SUMMARY": _value(event.title),
        "LOCATION": _value(event.place),
        "DESCRIPTION": _value(text_of(event.description)),
        "URL": absolute(event.get_absolute_url()),
    }
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_value(settings.JOURNAL_NAME)}//Events//EN", "BEGIN:VEVENT",
        *(f"{name}:{value}" for name, value in values.items() if value), "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _value(text: str) -> str:
    text = sayable(text).replace("\r\n", "\n").replace("\r", "\n")
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> str:
    """No line is longer than 75 bytes, and none ends within a letter."""
    lines, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > 74:
            lines.append(" ")
            size = 1
        lines[-1] += letter
        size += width
    return "\r\n".join(lines)
