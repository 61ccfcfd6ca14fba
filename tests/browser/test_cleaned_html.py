"""Cleaned HTML in a real browser, with nothing else to protect it: no content security policy, no template."""

import json

import pytest

from articles.rich_text import clean
from tests.articles.hostile_html import BY_HAND, generated, in_every_place

pytestmark = pytest.mark.browser
SHOW = """async (texts) => {
  const moved = [];
  for (const text of texts) {
    const place = document.createElement("div");
    place.innerHTML = text;
    document.body.append(place);
    const again = place.innerHTML;
    const twin = document.createElement("div");
    twin.innerHTML = again;
    if (twin.innerHTML !== again) moved.push(text);
  }
  await new Promise((done) => setTimeout(done, 300));
  return {fired: window.fired ?? 0, moved};
}"""


def show(browser, texts):
    page = browser.new_page()
    page.set_content("<!doctype html><title>Cleaned</title>")
    result = page.evaluate(SHOW, texts)
    page.close()
    return result


def test_nothing_hostile_runs_after_cleaning(browser):
    texts = [clean(text) for text in (*BY_HAND, *in_every_place(), *generated(2000))]
    assert show(browser, texts) == {"fired": 0, "moved": []}


def test_a_page_written_with_it_runs_nothing_either(browser):
    page = browser.new_page()
    page.set_content("<!doctype html><title>Cleaned</title>" + "".join(clean(text) for text in BY_HAND))
    page.wait_for_timeout(300)
    assert page.evaluate("window.fired ?? 0") == 0
    page.close()


def test_uncleaned_it_would_have_run(browser):
    assert show(browser, ["<img src=x onerror=window.fired=1>"])["fired"] == 1


def test_a_browser_reads_cleaned_html_as_it_was_cleaned(browser):
    texts = [clean(text) for text in BY_HAND]
    page = browser.new_page()
    page.set_content("<!doctype html><title>Cleaned</title>")
    read = page.evaluate(
        "texts => texts.map(text => { const d = document.createElement('div'); d.innerHTML = text; return d.innerHTML })",
        texts,
    )
    page.close()
    assert [clean(text) for text in read] == texts, json.dumps(read)[:200]
