"""Bylines: a comma is an affiliation as often as a co-author, and what is doubtful is flagged with the other reading."""

import pytest

from articles.intake import read
from articles.intake.manuscript import Flag, Manuscript

AFFILIATION = "student, American University in Kyrgyzstan, Bishkek"


def article(byline: str | None, *, bio: str = "") -> Manuscript:
    head = ["Quiet quays"] if byline is None else ["Quiet quays", byline]
    text = [*head, "The quays are empty, and nobody minds.", "BACKGROUND: It was not always so.", bio]
    return read("quays.txt", "\n\n".join(text).encode())


def people(found: Manuscript) -> list[tuple[str, str | None]]:
    return [(person.name, person.affiliation) for person in found.byline]


def doubts(found: Manuscript) -> list[Flag]:
    return [flag for flag in found.flags if flag.field == "byline"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Mira Holt", [("Mira Holt", None)]),
        ("by Mira Holt", [("Mira Holt", None)]),
        ("By: Mira Holt", [("Mira Holt", None)]),
        ("By Mira Holt,", [("Mira Holt", None)]),
        ("By Mira Holt.", [("Mira Holt", None)]),
        ("By Mira\xa0Holt ", [("Mira Holt", None)]),
        ("By Dr. Mira Holt", [("Dr. Mira Holt", None)]),
        ("By M. K. Holt Jr.", [("M. K. Holt Jr.", None)]),
        ("By Mira Holt, Jr.", [("Mira Holt, Jr.", None)]),
        ("By Aida Karim kyzy", [("Aida Karim kyzy", None)]),
        ("By Jan van der Elm", [("Jan van der Elm", None)]),
        ("By Niklas Swanström", [("Niklas Swanström", None)]),
        ("By Ernesto Londoño & Šimon Horák", [("Ernesto Londoño", None), ("Šimon Horák", None)]),
        ("By Mira Holt and Jonas Elm", [("Mira Holt", None), ("Jonas Elm", None)]),
        ("By Mira Holt, Jonas Elm and Noor Vale", [("Mira Holt", None), ("Jonas Elm", None), ("Noor Vale", None)]),
        ("By Mira Holt, Jonas Elm, and Noor Vale", [("Mira Holt", None), ("Jonas Elm", None), ("Noor Vale", None)]),
        ("By Mira Holt, Kazakhstan", [("Mira Holt", "Kazakhstan")]),
        (f"By Mira Holt, {AFFILIATION}", [("Mira Holt", AFFILIATION)]),
        ("By Mira Holt, Institute for Peace and Security", [("Mira Holt", "Institute for Peace and Security")]),
        ("By Mira Holt, Kazakhstan and Jonas Elm, Georgia", [("Mira Holt", "Kazakhstan"), ("Jonas Elm", "Georgia")]),
    ],
)
def test_it_reads_who_signed(line, expected):
    found = article(line)
    assert people(found) == expected
    assert doubts(found) == []
    assert found.summary == "<p>The quays are empty, and nobody minds.</p>"


def test_it_flags_two_names_with_a_comma_between():
    found = article("By Mira Holt, Jonas Elm")
    assert people(found) == [("Mira Holt", None), ("Jonas Elm", None)]
    assert [(flag.text, flag.proposal) for flag in doubts(found)] == [("Jonas Elm", "an affiliation of Mira Holt")]


def test_it_flags_a_word_after_a_comma_that_no_list_knows():
    found = article("By Mira Holt, Ruritania")
    assert people(found) == [("Mira Holt", "Ruritania")]
    assert [flag.proposal for flag in doubts(found)] == ["a co-author, “Ruritania”"]


def test_it_flags_an_affiliation_that_may_be_of_both():
    found = article("By Mira Holt and Jonas Elm, University of the Delta")
    assert people(found) == [("Mira Holt", None), ("Jonas Elm", "University of the Delta")]
    assert [flag.proposal for flag in doubts(found)] == ["the affiliation of all 2 authors"]


@pytest.mark.parametrize("line", ["empty", "By empty", "By", "Empty", "By Super User"])
def test_nobody_is_invented_for_an_empty_byline(line):
    found = article(line)
    assert people(found) == []
    assert [flag.reason for flag in doubts(found)] == ["The byline names nobody."]
    assert found.summary == "<p>The quays are empty, and nobody minds.</p>"


def test_it_flags_that_there_is_no_byline():
    found = article(None)
    assert people(found) == []
    assert [flag.reason for flag in doubts(found)] == ["There is no byline."]


def test_names_without_by_are_a_byline_and_flagged():
    found = article("Mira Holt & Jonas Elm")
    assert people(found) == [("Mira Holt", None), ("Jonas Elm", None)]
    assert [flag.text for flag in doubts(found)] == ["Mira Holt & Jonas Elm"]


def test_a_bio_of_the_same_name_takes_the_doubt_away():
    assert doubts(article("Mira Holt", bio="AUTHOR'S BIO: Mira Holt is a pilot.")) == []


def test_a_dateline_that_follows_takes_the_doubt_away():
    assert doubts(article("Mira Holt\n\nMarch 15th, 2016, The Delta Analyst")) == []


def test_it_keeps_a_signed_line_that_is_no_name_whole_and_flags_it():
    found = article("By the editors of 3 journals")
    assert people(found) == [("the editors of 3 journals", None)]
    assert len(doubts(found)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "By the spring of that year the army had long withdrawn from all of the river towns, and so had the traders.",
        "Mira Holt said that nobody minds.",
    ],
)
def test_a_sentence_is_no_byline(sentence):
    found = article(sentence)
    assert people(found) == []
    assert sentence in found.summary
