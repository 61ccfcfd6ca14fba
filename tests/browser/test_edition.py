"""An editor's way through an edition: from the issue to the mailbox and the archive, by a real mail server."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from analyst.roles import NEWSLETTER, PUBLISHER, give
from newsletter.models import Edition
from newsletter.sending import send_due
from tests.factories import make_article, make_issue, make_publication
from tests.newsletter.makers import make_event, make_subscriber
from tests.newsletter.sink import Sink, running

from .conftest import Contexts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
READERS = 20


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    sink = Sink()
    sink.pipelines = True
    with running(sink) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
        settings.NEWSLETTER_RATE = 0
        yield sink


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, contexts: Contexts, settings: Any) -> Page:
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000  # as Django's formsets do
    settings.SITE_URL = live_server.url
    mara = User.objects.create_user("mara", "mara@journal.example", is_staff=True)
    give(mara, [NEWSLETTER, PUBLISHER])
    signed_in = Client()
    signed_in.force_login(mara)
    context = contexts.watch(browser.new_context(viewport={"width": 1440, "height": 1000}, base_url=live_server.url))
    context.add_cookies([{"name": "sessionid", "value": signed_in.cookies["sessionid"].value, "url": live_server.url}])
    context.route("**/at-work/", lambda route: route.fulfill(json={}))
    return context.new_page()


def test_an_edition_is_composed_tried_scheduled_watched_and_read(page: Page, sink: Sink) -> None:
    issue = make_issue(date=date(2016, 3, 16), volume=18, number=5)
    for n, title in enumerate(("Grain and power", "Rail across the sands"), 1):
        conclusions = "<p>It pays. It pays for all.</p>"
        make_article(title=title, issue=issue, issue_position=n, conclusions=conclusions)
    (
        make_publication(title="Ports and people"),
        make_event(title="A talk on ports", starts_at=timezone.now() + timedelta(9)),
    )
    readers = [make_subscriber().email for _ in range(READERS)]

    page.goto("/admin/newsletter/edition/")
    page.get_by_role("link", name="From an issue").click()
    page.get_by_label("Issue").select_option(label=str(issue))
    page.get_by_role("button", name="Compose").click()
    page.get_by_label("Subject").fill("What grain does to power")
    page.locator(".field-body .ProseMirror[contenteditable=true]").click()
    page.keyboard.type("Dear reader, two texts on who pays.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("#result_list").get_by_role("link", name="What grain does to power").click()
    page.get_by_role("link", name="Preview and send").click()
    seen = page.frame_locator("iframe[title='The mail by day']")
    page.locator("iframe[title='The mail by day']").scroll_into_view_if_needed()
    for text in ("two texts on who pays", "Grain and power", "It pays.", "Ports and people", "A talk on ports"):
        expect(seen.get_by_text(text).first).to_be_visible()
    expect(page.get_by_text(f"It would reach {READERS} people now.")).to_be_visible()

    page.get_by_role("button", name="Send a test to mara@journal.example").click()
    expect(page.get_by_text("A test was sent to mara@journal.example.")).to_be_visible()
    assert (sink.to, sink.mails[0]["Subject"]) == (["mara@journal.example"], "[Test] What grain does to power")
    tomorrow = timezone.localdate() + timedelta(1)
    page.get_by_label("Date").fill(f"{tomorrow:%Y-%m-%d}")
    page.get_by_label("Time").fill("09:00")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("Scheduled: goes out on")).to_be_visible()
    assert not send_due()

    page.wait_for_load_state("networkidle")  # in memory SQLite takes no two at once: previews are still being read
    Edition.objects.update(send_at=timezone.now())  # and the morning comes
    stop = threading.Event()
    sink.at_rcpt = lambda email: stop.set() if len(sink.to) == READERS // 2 else None
    send_due(stop)
    page.reload()
    half = len(sink.to) - 1
    assert 0 < half < READERS
    expect(page.get_by_label(f"{half} of {READERS} ({100 * half // READERS} %)")).to_be_visible()
    expect(page.get_by_text("a second")).to_be_visible()
    page.wait_for_load_state("networkidle")
    send_due()
    page.reload()
    expect(page.get_by_label(f"{READERS} of {READERS} (100 %)")).to_be_visible()
    expect(page.get_by_text("The account is closed.")).to_be_visible()
    assert sorted(sink.to[1:]) == sorted(readers)

    page.goto("/newsletter/")
    page.get_by_role("link", name="What grain does to power").click()
    expect(page.get_by_role("heading", name="What grain does to power")).to_be_visible()
    page.get_by_role("link", name="Rail across the sands").first.click()
    expect(page.get_by_role("heading", name="Rail across the sands")).to_be_visible()
