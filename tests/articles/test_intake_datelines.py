"""Datelines and dates in every shape that journals print; what is ambiguous is never guessed."""

from datetime import date

import pytest

from articles.intake import read
from articles.intake.dates import read as read_date
from articles.intake.manuscript import Manuscript


def article(*head: str) -> Manuscript:
    lines = [*head, "The quays are empty, and nobody minds.", "BACKGROUND: It was not always so."]
    return read("quays.txt", "\n\n".join(lines).encode())


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("March 15th, 2016, The Delta Analyst", date(2016, 3, 15)),
        ("March 14, 2019, the Delta Analyst", date(2019, 3, 14)),
        ("November 27, 2023", date(2023, 11, 27)),
        ("27 November 2023, The Delta Analyst", date(2023, 11, 27)),
        ("(12/30/2003 issue of the Delta Analyst)", date(2003, 12, 30)),
        ("(the 30/12/2003 issue of the Delta Analyst)", date(2003, 12, 30)),
        ("(vol. 8, no. 4 of the Delta Analyst)", None),
    ],
)
def test_it_keeps_the_line_as_printed_and_reads_its_date(line, on):
    found = article("Quiet quays", "By Mira Holt", line)
    assert (found.dateline, found.dateline_on) == (line, on)
    assert not [flag for flag in found.flags if flag.field == "dateline"]
    assert found.summary == "<p>The quays are empty, and nobody minds.</p>"


@pytest.mark.parametrize("by", ["By", "by"])
def test_it_parts_a_byline_from_the_dateline_in_brackets(by):
    found = article("Quiet quays", f"{by} Mira Holt (12/30/2003 issue of the Delta Analyst)")
    assert [person.name for person in found.byline] == ["Mira Holt"]
    assert found.dateline == "(12/30/2003 issue of the Delta Analyst)"
    assert found.dateline_on == date(2003, 12, 30)


@pytest.mark.parametrize(
    ("header", "line", "on"),
    [
        ("Wednesday, 03 December 2003", "(12/3/2003 issue of the Delta Analyst)", date(2003, 12, 3)),
        ("Wednesday, 03 December 2003", "(03/12/2003 issue of the Delta Analyst)", date(2003, 12, 3)),
        ("Monday, 11 November 2013", "(the 11/12/2013 issue of the Delta Analyst)", date(2013, 11, 12)),
        ("Wednesday, 11 December 2013", "(the 11/12/2013 issue of the Delta Analyst)", date(2013, 12, 11)),
    ],
)
def test_the_date_header_decides_between_day_first_and_month_first(header, line, on):
    found = article(header, "Quiet quays", "By Mira Holt", line)
    assert found.dateline_on == on
    assert not found.flags


@pytest.mark.parametrize("header", [[], ["Thursday, 01 May 2003"]])
def test_it_flags_an_order_that_nothing_decides(header):
    found = article(*header, "Quiet quays", "By Mira Holt (12/3/2003 issue of the Delta Analyst)")
    (flag,) = found.flags
    assert found.dateline_on is None
    assert (flag.field, flag.proposal) == ("dateline", "2003-12-03 (month first) or 2003-03-12 (day first)")


def test_it_takes_the_century_of_a_short_year_from_the_header():
    line = "(12/30/03 issue of the Delta Analyst)"
    assert article("Tuesday, 30 December 2003", "Quiet quays", "By Mira Holt", line).dateline_on == date(2003, 12, 30)
    found = article("Quiet quays", "By Mira Holt", line)
    assert (found.dateline, found.dateline_on, len(found.flags)) == (line, None, 1)


def test_it_takes_a_missing_year_from_the_header():
    found = article("Wednesday, 20 November 2013", "Quiet quays", "By Mira Holt", "November 19th, the Delta Analyst")
    assert found.dateline_on == date(2013, 11, 19)


def test_it_takes_the_year_that_is_nearest_at_the_turn_of_the_year():
    found = article("Wednesday, 02 January 2013", "Quiet quays", "By Mira Holt", "December 31st, the Delta Analyst")
    assert found.dateline_on == date(2012, 12, 31)


@pytest.mark.parametrize(
    "line", ["March 15th, 2016 The Delta Analyst", "March 15, 2016 the Delta Analyst", "15 March 2016 Delta Analyst"]
)
def test_the_year_of_a_dateline_is_its_own_though_the_comma_after_it_is_missing(line):
    found = article("Wednesday, 16 March 2011", "Quiet quays", "By Mira Holt", line)
    assert (found.dateline, found.dateline_on, found.flags) == (line, date(2016, 3, 15), [])


def test_it_flags_a_missing_year_without_a_header():
    found = article("Quiet quays", "By Mira Holt", "November 19th, the Delta Analyst")
    assert (found.dateline, found.dateline_on) == ("November 19th, the Delta Analyst", None)
    assert [flag.field for flag in found.flags] == ["dateline"]


@pytest.mark.parametrize(
    "line",
    ["March 45, 2016, The Delta Analyst", "March 45, 2016 The Delta Analyst", "Marhc 15th, 2016, The Delta Analyst"],
)
def test_it_keeps_and_flags_a_day_that_does_not_exist(line):
    found = article("Quiet quays", "By Mira Holt", line)
    assert (found.dateline, found.dateline_on) == (line, None)
    assert [flag.text for flag in found.flags] == [line]


def test_a_date_header_that_does_not_exist_stays_in_sight():
    found = article("Tuesday, 45 March 2016", "Quiet quays", "By Mira Holt")
    assert found.published_on is None
    assert found.unplaced == ["45 March 2016"]
    assert [flag.field for flag in found.flags] == ["published_on"]


def test_it_flags_a_weekday_that_does_not_fit_and_keeps_the_date():
    found = article("Monday, 15 March 2016", "Quiet quays", "By Mira Holt")
    assert found.published_on == date(2016, 3, 15)
    assert [flag.reason for flag in found.flags] == ["The date is a Tuesday."]


def test_a_sentence_that_begins_with_a_date_is_text():
    found = article("Quiet quays", "By Mira Holt", "March 15, 2016, was the day on which the ferry stopped.")
    assert found.dateline is None
    assert "the ferry stopped" in found.summary


def test_an_article_may_have_no_dateline():
    assert article("Quiet quays", "By Mira Holt").dateline is None


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("9 March 2016", date(2016, 3, 9)),
        ("2016-03-09", date(2016, 3, 9)),
        ("29 February 2015", None),
        ("nothing", None),
    ],
)
def test_it_reads_a_date_or_none(text, on):
    assert read_date(text).on == on
