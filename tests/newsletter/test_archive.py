"""Editions and events for every reader: the same for everybody, and nothing that is not public."""

from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from newsletter.models import Edition
from newsletter.sending import send_due
from tests.factories import make_article, make_author, make_draft, make_image, make_publication
from tests.newsletter.makers import make_edition, make_event, make_subscriber

pytestmark = pytest.mark.django_db
CANARY = "xyzzy"


@pytest.fixture
def sent(sink):
    readers = [make_subscriber(), make_subscriber()]
    article = make_article(title="Grain", authors=[make_author(name="Ada Lee")], lead_image=make_image())
    event = make_event(slug="talk", title="A talk")
    edition = make_edition(article, make_publication(title="Low water"), event, slug="number-5", subject="Number 5")
    send_due()
    edition.refresh_from_db()
    edition.readers, edition.article = readers, article
    return edition


def test_an_edition_that_went_out_is_read_in_the_browser_and_is_nobodys_own(client, sent):
    page = client.get("/newsletter/editions/number-5/")
    for told in ("Number 5", "Dear reader.", "Grain", "Ada Lee", "Low water", "A talk"):
        assert told in page.content.decode(), told
    for reader in sent.readers:
        assert reader.leave_token not in page.content.decode()
        assert reader.email not in page.content.decode()
    assert page.content == client.get("/newsletter/editions/number-5/").content
    assert page.headers["Cache-Control"] == "public, max-age=0"
    assert "Number 5" in client.get("/newsletter/").content.decode()


def test_what_has_not_gone_out_is_nowhere(client):
    for state in ("draft", "scheduled"):
        make_edition(subject=f"{CANARY} {state}", slug=state, state=state, scheduled=False)
        assert client.get(f"/newsletter/editions/{state}/").status_code == 404
    make_event(title=CANARY, slug="hidden", is_listed=False)
    assert client.get("/events/hidden/").status_code == client.get("/events/hidden.ics").status_code == 404
    for path in (
        "/newsletter/",
        "/newsletter/editions.atom",
        "/events/",
        "/sitemap-editions-1.xml",
        "/sitemap-events-1.xml",
        "/sitemap.xml",
    ):
        assert CANARY not in client.get(path).content.decode(), path


def test_what_was_taken_back_since_is_not_in_the_archive_either(client, sent):
    sent.article.withdraw("An error of fact.")
    assert "Grain" not in client.get("/newsletter/editions/number-5/").content.decode()


def test_a_draft_that_slipped_into_a_sent_edition_is_not_shown(client, sent):
    sent.items.create(article=make_draft(title=CANARY, summary=f"<p>{CANARY}</p>"))
    assert CANARY not in client.get("/newsletter/editions/number-5/").content.decode()


def test_the_feed_tells_of_each_edition(client, sent):
    feed = feedparser.parse(client.get("/newsletter/editions.atom").content)
    assert not feed.bozo
    assert [(entry.title, entry.link) for entry in feed.entries] == [
        ("Number 5", "http://localhost:8000/newsletter/editions/number-5/")
    ]
    Edition.objects.update(subject="a\x0b < & ]]>")
    assert not feedparser.parse(client.get("/newsletter/editions.atom").content).bozo


def test_the_sitemap_agrees(client, sent):
    assert "/newsletter/editions/number-5/" in client.get("/sitemap-editions-1.xml").content.decode()
    assert "/events/talk/" in client.get("/sitemap-events-1.xml").content.decode()
    assert "/events/" in client.get("/sitemap-site.xml").content.decode()


def test_the_cost_does_not_grow_with_the_number_of_things(client, sent):
    paths = ("/newsletter/", "/newsletter/editions/number-5/", "/events/", "/newsletter/editions.atom")

    def costs():
        found = {}
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            found[path] = len(queries)
        return found

    few = costs()
    for n in range(8):
        rows = (
            make_article(authors=[make_author()], lead_image=make_image()),
            make_publication(cover=make_image()),
            make_event(),
        )
        for row in rows:
            sent.items.create(position=n + 5, **{row._meta.model_name: row})
        make_edition(state="sent", started_at=timezone.now(), scheduled=False)
    assert costs() == few
    assert max(few.values()) <= 8


# Events


def test_an_event_is_told_in_the_zone_of_its_place(client):
    begins = datetime(2030, 12, 3, 13, 0, tzinfo=UTC)
    make_event(
        slug="talk",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        zone="Asia/Almaty",
        place="Almaty",
        link="https://example.org/x",
    )
    page = client.get("/events/talk/").content.decode()
    assert "Tuesday, 3 December 2030, 18:00 to 20:00 (Asia/Almaty)" in page
    assert 'datetime="2030-12-03T18:00:00+05:00"' in page
    assert "https://example.org/x" in page


def test_what_is_over_is_told_apart(client):
    now = timezone.now()
    (
        make_event(title="Coming", starts_at=now + timedelta(days=1)),
        make_event(title="Gone", starts_at=now - timedelta(days=1)),
    )
    page = client.get("/events/").content.decode()
    assert page.index("Upcoming") < page.index("Coming") < page.index("Over") < page.index("Gone")


def test_a_calendar_takes_it_whatever_is_in_its_title(client):
    title = "Grain, “power”; water \\ " + "жито " * 20
    make_event(
        slug="talk",
        title=title,
        place="Port Sabel, 1\nQuay",
        description="<p>One.</p><p>Two.</p>",
        starts_at=datetime(2030, 12, 3, 13, tzinfo=UTC),
    )
    answer = client.get("/events/talk.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["LOCATION"]), str(event["DESCRIPTION"])) == (
        title,
        "Port Sabel, 1\nQuay",
        "One.\n\nTwo.",
    )
    assert event["DTSTART"].dt == datetime(2030, 12, 3, 13, tzinfo=UTC)
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
