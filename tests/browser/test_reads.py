"""A read in a browser: told once the page is looked at, and neither before nor twice."""

import subprocess
import time
from datetime import timedelta

import pytest
from django.core.signals import request_started
from django.db import OperationalError
from django.db.models import F
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from reads import readers
from reads.models import Read, Total, agent_of
from reads.tallying import fold
from tests.browser.conftest import CHROMIUM, QUIET
from tests.factories import make_article
from tests.reads.reading import FIREFOX

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
FORBIDDEN = ("count", "track", "hit", "stat", "analytic", "beacon", "pixel", "collect")


@pytest.fixture(autouse=True)
def nothing_remembered():
    agent_of.cache_clear()
    readers._salts.clear()


@pytest.fixture
def context(browser: Browser):
    made = browser.new_context(user_agent=FIREFOX)
    yield made
    made.close()


@pytest.fixture
def address(live_server) -> str:
    make_article(slug="grain", imported_reads=15880, imported_reads_on="2020-01-01")
    make_article(slug="water")
    return f"{live_server.url}/articles/grain/"


def stored(number: int, patience: float = 10) -> bool:
    """Whether there are so many reads soon, and no more a moment later."""
    deadline = time.monotonic() + patience
    found = -1
    while found != number and time.monotonic() < deadline:
        time.sleep(0.3)
        found = reads()
    time.sleep(0.2)
    return reads() == number


def reads() -> int:
    """The database in memory lets no two look at a table while one of them writes; -1 then."""
    try:
        return Read.objects.count()
    except OperationalError:
        return -1


def hide(page: Page, hidden: bool = True) -> None:
    """As the browser does when another tab is looked at."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_a_page_that_is_opened_is_read_once(context: BrowserContext, address):
    page = context.new_page()
    with page.expect_response(lambda answer: answer.url.endswith("/read") and answer.request.method == "POST") as told:
        page.goto(address)
    assert told.value.status == 204
    assert stored(1)
    assert page.evaluate("document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)") == ""


def test_the_number_of_the_minute_takes_the_place_of_that_of_midnight(context, address):
    page = context.new_page()
    page.goto(address)
    assert stored(1)
    fold()
    other = context.new_page()
    other.goto(address)
    expect(other.locator("[data-read-count]")).to_have_text("15,881")


def test_reloads_and_the_way_back_are_clicks_of_which_the_last_is_kept(context, address):
    page = context.new_page()
    page.goto(address)
    assert stored(1)
    page.reload()
    assert stored(2)
    page.goto(address.replace("grain", "water"))
    assert stored(3)
    page.go_back()
    assert stored(4)
    assert page.url == address
    fold()
    assert sorted(Total.objects.values_list("total", "uniques")) == [(1, 1), (1, 1)]


def test_a_reload_half_a_minute_later_is_another_read(context, address):
    page = context.new_page()
    page.goto(address)
    assert stored(1)
    Read.objects.update(at=F("at") - timedelta(seconds=31))  # instead of waiting
    page.reload()
    assert stored(2)
    fold()
    assert Total.objects.get().total == 2


def test_a_tab_that_is_never_looked_at_is_not_read(context, address):
    context.add_init_script("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page = context.new_page()
    page.goto(address)
    assert stored(0, patience=0.5)
    hide(page, hidden=False)
    assert stored(1)
    hide(page), hide(page, hidden=False)
    assert stored(1)


@pytest.fixture
def requests():
    """The paths that are asked for, and what for."""
    seen: list[tuple[str, str]] = []

    def see(environ, **_):
        seen.append((environ["PATH_INFO"], environ.get("HTTP_SEC_PURPOSE", "")))

    request_started.connect(see)
    yield seen
    request_started.disconnect(see)


@pytest.mark.urls("tests.browser.speculating")
def test_a_page_prepared_in_case_it_is_wanted_is_read_when_it_is_shown(requests, address, tmp_path):
    # Beside a debugger, and so beside Playwright, Chromium prepares nothing.
    start = [
        CHROMIUM,
        *QUIET,
        "--headless",
        f"--user-data-dir={tmp_path}",
        address.replace("articles/grain", "speculate"),
    ]
    with subprocess.Popen(start, stderr=subprocess.DEVNULL) as chromium:
        try:
            deadline = time.monotonic() + 10
            while ("/articles/grain/", "prefetch;prerender") not in requests and time.monotonic() < deadline:
                time.sleep(0.1)
            assert ("/articles/grain/", "prefetch;prerender") in requests
            time.sleep(1)
            assert reads() == 0
            assert stored(1)
            assert requests.count(("/articles/grain/", "")) == 0
        finally:
            chromium.terminate()


def test_what_is_not_answered_is_told_again_and_is_the_same_read(context, address):
    bodies = []

    def fail_once(route: Route) -> None:
        if route.request.method == "POST":
            bodies.append(route.request.post_data)
        if len(bodies) == 1:
            route.fetch()  # it is stored, and the answer is lost
            route.abort()
        else:
            route.continue_()

    page = context.new_page()
    page.route("**/read", fail_once)
    page.clock.install()
    page.goto(address)
    assert stored(1)
    page.clock.run_for(5100)
    page.wait_for_timeout(300)
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert stored(1)


def test_what_is_not_answered_is_sent_off_when_the_page_is_left(context, address):
    page = context.new_page()
    page.route("**/read", lambda route: route.abort())
    page.goto(address)
    page.wait_for_timeout(300)
    page.unroute("**/read")
    hide(page)
    assert stored(1)


def test_an_editor_who_is_signed_in_is_no_reader(context, address, live_server):
    context.add_cookies([{"name": "sessionid", "value": "x", "url": live_server.url}])
    page = context.new_page()
    with page.expect_response("**/read") as told:
        page.goto(address)
    assert told.value.status == 204
    assert stored(0, patience=0.3)


def test_no_list_of_blockers_has_a_reason_to_stop_it(context, address):
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert stored(1)
    names = [url.rsplit("/articles/" if "/articles/" in url else "/static/", 1)[-1] for url in asked if "read" in url]
    assert len(names) >= 2
    assert [name for name in names if any(word in name for word in FORBIDDEN)] == []
