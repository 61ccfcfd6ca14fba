"""A reader's way through the newsletter, by keyboard alone and without JavaScript."""

import re

import pytest
from django.core import mail

from newsletter.models import Subscriber
from newsletter.signing_up import mail_waiting
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def tab_to(page, name):
    """Go on by the keyboard to what has this name."""
    for _ in range(80):
        page.keyboard.press("Tab")
        there = page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()")
        if there.startswith(name):
            return
    raise AssertionError(f"The keyboard does not come to {name}.")


def path_in(message):
    return re.search(r"https?://[^/]+(/newsletter/\S+)", message.body)[1]


def test_a_reader_signs_up_confirms_chooses_and_leaves(browser, live_server):
    make_article(slug="grain")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 700})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"{live_server.url}/articles/grain/")
    tab_to(page, "E-mail")
    page.keyboard.type("ann@example.org")
    tab_to(page, "Latest news")
    page.keyboard.press("Space")
    tab_to(page, "Sign up")
    page.keyboard.press("Enter")
    page.wait_for_url("**/newsletter/sent/")
    mail_waiting()
    page.goto(live_server.url + path_in(mail.outbox[-1]))
    assert not Subscriber.objects.exists()
    tab_to(page, "Yes, write to me")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=You are subscribed")
    tab_to(page, "Change what we write about")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What we write to you about")
    tab_to(page, "Upcoming events")
    page.keyboard.press("Space")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Saved: upcoming events, latest news.")
    tab_to(page, "Unsubscribe")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=You are unsubscribed")
    ann = Subscriber.objects.get()
    assert (ann.state, ann.interests) == ("left", ["events", "news"])
    assert context.cookies() == []
    context.close()
