"""What an article's page weighs, and how often a browser asks for it."""

from gzip import compress

import pytest
from playwright.sync_api import Response

from tests.factories import make_article, make_image, make_issue, make_partner, make_publication

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
KILOBYTE = 1024


def weight(response: Response) -> int:
    """As it travels; style sheets are compressed when they are collected, which nobody does for a test."""
    if response.request.resource_type == "stylesheet":
        return len(compress(response.body()))
    return response.request.sizes()["responseBodySize"]


def test_an_article_travels_light(browser, live_server):
    for n in range(12):
        make_publication(title=f"Paper {n}", authors=["Ann Lee"], cover=make_image())
        make_partner(logo=make_image())
    text = "".join(f"<p>Water {n}: {'the ministry says so ' * 8}<small data-note>{n}</small></p>" for n in range(60))
    make_article(slug="grain", issue=make_issue(), lead_image=make_image(1600, 900), background=text)
    page, answers = browser.new_page(), []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{live_server.url}/articles/grain/", wait_until="networkidle")
    of_kind = {kind: [answer for answer in answers if answer.request.resource_type == kind] for kind in
               ("document", "stylesheet", "script", "font", "image")}  # fmt: skip
    texts = of_kind["document"] + of_kind["stylesheet"] + of_kind["script"]
    assert sum(map(weight, texts)) <= 60 * KILOBYTE
    assert 0 < sum(map(weight, of_kind["font"])) <= 120 * KILOBYTE
    assert len(of_kind["script"]) == 1
    # The lead image, since the others are asked for when they come in sight; and what the script sends once all is read.
    asked = sum(len(of_kind[kind]) for kind in ("document", "stylesheet", "script", "font")) + 1
    assert asked <= 10, [answer.url for answer in answers]
    page.close()
