"""One Chromium for the browser tests of a process."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Request, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="package")
def browser(django_db_setup: None) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"there is no {CHROMIUM}")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs a loop; the database is asked beside it
    at_first = getattr(connection, "_test_serialized_contents", "[]")
    with sync_playwright() as playwright:
        # Beside a loop Django opens another connection, which does not know what the migrations put in.
        connection._test_serialized_contents = at_first  # type: ignore[attr-defined]
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Contexts(list[BrowserContext]):
    """The browsers of a test. They end when nothing of theirs is under way: tables are emptied then."""

    def __init__(self) -> None:
        self.under_way: set[Request] = set()

    def watch(self, context: BrowserContext) -> BrowserContext:
        self.append(context)
        context.add_init_script("navigator.sendBeacon = () => true")  # it would come when all is over
        context.on("request", lambda request: self.under_way.add(request))
        context.on("requestfinished", lambda request: self.under_way.discard(request))
        context.on("requestfailed", lambda request: self.under_way.discard(request))
        return context

    def end(self) -> None:
        for context in self:
            context.route("**/at-work/", lambda route: route.fulfill(json={}))
            for page in context.pages:
                for _ in range(40):
                    page.wait_for_timeout(50)
                    if not self.under_way:
                        break
            context.set_offline(True)
            context.close()
        self.clear()


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Contexts]:
    if connection.vendor == "sqlite":  # in memory, whoever reads would lock out whoever writes
        connection.cursor().execute("PRAGMA read_uncommitted = 1")
    opened = Contexts()
    yield opened
    opened.end()
