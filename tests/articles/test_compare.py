import time

import pytest

from articles.compare import compare
from tests.factories import make_author

WORDS = [f"word{n}" for n in range(5000)]


def changed(old, new, name="background"):
    [part] = compare({name: old}, {name: new})
    return part.paragraphs


def test_words_that_went_and_came_are_told_in_their_place():
    assert changed("<p>The ports closed in May.</p>", "<p>The ports opened in May.</p>") == [
        [("same", "The ports "), ("gone", "closed "), ("new", "opened "), ("same", "in May.")]
    ]


def test_a_paragraph_that_came_stands_alone():
    assert changed("<p>One.</p>", "<p>One.</p><p>Two.</p>") == [[("same", "One.")], [("new", "Two.")]]


def test_parts_stand_in_the_order_of_an_article_and_the_same_are_left_out():
    old = {"title": "A", "tags": ["x"], "conclusions": "<p>C</p>", "background": "<p>B</p>", "summary": "<p>S</p>"}
    new = {"title": "B", "tags": ["y"], "conclusions": "<p>D</p>", "background": "<p>E</p>", "summary": "<p>S</p>"}
    assert [part.label for part in compare(old, new)] == ["Title", "Background", "Conclusions", "Tags"]


def test_a_change_of_formatting_alone_is_said_to_be_one():
    [part] = compare({"body": "<p>One two.</p>"}, {"body": "<p>One <em>two</em>.</p>"})
    assert part.is_formatting_only


@pytest.mark.django_db
def test_a_byline_is_compared_as_it_is_printed():
    author = make_author(name="Ada Orlo")
    row = {"author": author.pk, "name": "Ada Orlo", "affiliation": "Then", "bio": "<p>A fellow.</p>"}
    [part] = compare({"bylines": [row]}, {"bylines": [row | {"affiliation": "Now"}]})
    assert part.paragraphs == [[("same", "Ada Orlo · "), ("gone", "Then "), ("new", "Now "), ("same", "· A fellow.")]]


@pytest.mark.django_db
def test_an_image_that_is_gone_is_named_by_its_number():
    [part] = compare({"lead_image": 77}, {"lead_image": None})
    assert part.paragraphs == [[("gone", "lead image 77, which is gone")]]


def text(words):
    return "".join(f"<p>{' '.join(words[n : n + 100])}</p>" for n in range(0, len(words), 100))


def test_two_versions_of_five_thousand_words_are_compared_in_a_blink():
    new = [word if n % 7 else f"other{n}" for n, word in enumerate(WORDS)]
    began = time.process_time()
    compare({"body": text(WORDS)}, {"body": text(new)})
    assert time.process_time() - began < 0.3


@pytest.mark.parametrize("hostile", ["a " * 250_000, "<p>a</p>" * 30_000, "x" * 500_000])
def test_a_hostile_text_costs_seconds_at_most(hostile):
    began = time.process_time()
    compare({"body": hostile}, {"body": hostile[: len(hostile) // 2] + "<p>b</p>" + hostile[len(hostile) // 2 :]})
    assert time.process_time() - began < 2  # for a megabyte, both together
