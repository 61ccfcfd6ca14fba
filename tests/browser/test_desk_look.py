"""The desk as it looks and is reached: every page without a barrier, signing in with a passkey, saving by keyboard."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from analyst.roles import ADMINISTRATOR, NEWSLETTER, PUBLISHER, give
from articles.audit import Act, note
from articles.models import Deleted, Merger, Source
from newsletter.models import Consent, Edition
from newsletter.sending import start
from tests.factories import make_article, make_author, make_draft, make_image, make_issue, make_page, make_publication
from tests.newsletter.makers import make_edition, make_event, make_subscriber

from .conftest import Contexts
from .test_public_pages import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
PASSWORD = "harbour lights at dusk"
COLOURS = """
    axe.run(document, { runOnly: ["color-contrast", "link-in-text-block"], resultTypes: ["violations"] }).then(
        ({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)))
"""


@pytest.fixture(autouse=True)
def forms_look_up_each_row(settings: Any) -> None:
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000


@pytest.fixture
def ada() -> User:
    ada = User.objects.create_user("ada", "ada@example.org", PASSWORD, first_name="Ada")
    give(ada, [PUBLISHER, NEWSLETTER, ADMINISTRATOR])
    return ada


@pytest.fixture
def context(browser: Browser, live_server: LiveServer, ada: User, contexts: Contexts) -> BrowserContext:
    signed_in = Client()
    signed_in.force_login(ada)
    context = contexts.watch(browser.new_context(reduced_motion="reduce"))
    # A sign of life that came while the tables are emptied would find them locked.
    context.route("**/at-work/", lambda route: route.fulfill(json={}))
    context.add_cookies([{"name": "sessionid", "value": signed_in.cookies["sessionid"].value, "url": live_server.url}])
    return context


def paths_of_the_desk(ada: User) -> list[str]:
    image, issue = make_image(800, 500, credit="A harbour"), make_issue(date=date(2026, 12, 9), released_at=None)
    article = make_article(title="Grain", authors=[make_author()], lead_image=image, issue=issue, tags=["Ports"])
    article.revise(editor=ada)
    article.set_aside(article.snapshot() | {"title": "Grain and power"}, ada, None, "")
    make_draft(title="Mine", created_by=ada)
    make_article(title="Ahead", published_at=timezone.now() + timedelta(days=2))
    note(Act.REFUSED, ada, "A wrong password, from 203.0.113.0/24.")
    make_page(), make_publication(authors=["Ada"])
    one, other = make_author(name="Ada Person"), make_author(name="A. Person")
    kept, gone = make_author(name="Omar Reyes"), make_author(name="O. Reyes")
    Merger.objects.make(kept, gone, ada, timezone.now())
    Deleted.objects.take(make_draft(title="Not wanted"), ada, timezone.now())
    flag = {"field": "byline", "reason": "Perhaps.", "text": "Omar", "proposal": None}
    read = {"flags": [flag], "unplaced": ["A stray line"], "pieces": [["title", "Grain"], ["unplaced", "A stray line"]]}
    offer = {"title": "Grain, power and rails"}
    came = Source.objects.create(article=article, file_name="grain.docx", sha256="b" * 64, manuscript=read, offer=offer)
    own = f"/admin/articles/article/{article.pk}"
    return [
        "/admin/", "/admin/articles/article/", f"{own}/change/", f"{own}/revisions/", f"{own}/compare/?old=1&new=2",
        f"/admin/articles/issue/{issue.pk}/board/", "/admin/articles/issue/calendar/", "/admin/articles/article/import/",
        f"/admin/articles/image/{image.pk}/change/", "/admin/reads/total/", "/admin/auth/user/",
        f"/admin/auth/user/{ada.pk}/change/", "/admin/admin/logentry/", "/admin/articles/preferences/",
        f"{own}/intake/{came.pk}/", f"{own}/version/{came.pk}/", f"{own}/sign-offs/", "/admin/articles/author/duplicates/",
        f"/admin/articles/author/merge/?pk={one.pk}&pk={other.pk}", "/admin/articles/author/merges/",
        *paths_of_the_newsletter(), "/admin/articles/deleted/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/",
    ]  # fmt: skip


def paths_of_the_newsletter() -> list[str]:
    readers = [make_subscriber() for _ in range(4)]
    readers[0].stop(Consent.Kind.LEFT, timezone.now())
    make_edition(make_event(title="A talk on ports"), scheduled=False, subject="Not yet")
    half_way = make_edition(subject="Half way")
    start(half_way, timezone.now())
    half_way.refresh_from_db()
    half_way.deliveries.filter(subscriber=readers[1]).update(state="sent", done_at=timezone.now())
    half_way.deliveries.filter(subscriber=readers[2]).update(state="unsure", done_at=timezone.now())
    half_way.pause("The mail server: does not answer")
    own = "/admin/newsletter/edition"
    return [
        f"{own}/", f"{own}/compose/", *(f"{own}/{edition.pk}/send/" for edition in Edition.objects.all()),
        "/admin/newsletter/subscriber/", "/admin/newsletter/subscriber/import/",
    ]  # fmt: skip


def test_no_page_has_a_barrier_by_day_or_by_night(context: BrowserContext, live_server: LiveServer, ada: User) -> None:
    """One visit to each, in which the window and the light change; what the light changes is colours."""
    found: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: found.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    for path in paths_of_the_desk(ada):
        page.emulate_media(color_scheme="light")
        answer = page.goto(live_server.url + path, wait_until="load")
        assert answer is not None
        assert (answer.status, "no-store" in answer.headers["cache-control"]) == (200, True), path
        for width in (1440, 768):
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{path} is {wide} px wide, not {width}"] if wide > width else []
            page.emulate_media(color_scheme="light")
            found += [f"{path}, {width} px: {barrier}" for barrier in barriers(page)]
            page.emulate_media(color_scheme="dark")
            found += [f"{path}, {width} px, dark: {html}" for html in page.evaluate(COLOURS)]
    assert found == []


def test_a_passkey_is_added_and_signs_in(
    browser: Browser, live_server: LiveServer, ada: User, contexts: Contexts
) -> None:
    """First by password; then the passkey alone is enough, and the password alone is not."""
    site = live_server.url.replace("127.0.0.1", "localhost")  # a passkey needs a name
    context = contexts.watch(browser.new_context())
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{site}/accounts/login/?next=/accounts/2fa/")
    page.get_by_label("Name, or address of mail").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("The laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{site}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Hello, Ada")).to_be_visible()
    page.goto(f"{site}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Name, or address of mail").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Hello, Ada")).to_be_visible()


def test_the_keyboard_saves(context: BrowserContext, live_server: LiveServer, ada: User) -> None:
    author = make_author(name="Ada Orlo")
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/articles/author/{author.pk}/change/")
    page.get_by_label("Affiliation").fill("Ismere University")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    author.refresh_from_db()
    assert author.affiliation == "Ismere University"


def test_on_a_small_screen_the_side_is_behind_a_button(
    context: BrowserContext, live_server: LiveServer, ada: User
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 768, "height": 900})
    page.goto(f"{live_server.url}/admin/")
    side = page.get_by_role("navigation", name="The desk")
    expect(side).to_be_hidden()
    page.get_by_role("button", name="Menu").press("Enter")
    expect(side).to_be_visible()
    side.get_by_role("link", name="Audit log").click()
    expect(page.get_by_role("heading", name="Audit log")).to_be_visible()
    expect(side).to_be_hidden()
