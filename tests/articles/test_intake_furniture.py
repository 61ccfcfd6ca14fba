"""Furniture around an article is read for what it tells and never left in the text; what only resembles it is text."""

from datetime import date

import pytest

from articles.intake import read
from articles.intake.manuscript import Manuscript
from articles.rich_text import text_of

HEAD = ["Quiet quays", "By Mira Holt", "One."]
SECTIONS = ["BACKGROUND: Two.", "CONCLUSIONS: Three."]


def article(*tail: str, head: list[str] | None = None) -> Manuscript:
    return read("quays.txt", "\n\n".join([*(head or HEAD), *SECTIONS, *tail]).encode())


def is_clean(found: Manuscript) -> bool:
    return (text_of(found.summary), text_of(found.conclusions), found.unplaced) == ("One.", "Three.", [])


# Above the text


def test_it_reads_the_lines_above_the_text_in_any_order():
    head = [
        "Tuesday, 15 March 2016",
        "Published in Field Reports",
        "Quiet quays",
        "March 15th, 2016, The Delta Analyst",
    ]
    found = article(head=[*head, "By Mira Holt", "One."])
    assert (found.title, found.category) == ("Quiet quays", "Field Reports")
    assert found.published_on == found.dateline_on == date(2016, 3, 15)
    assert is_clean(found)


@pytest.mark.parametrize(
    "line", ["Tuesday, 15 March 2016 00:00", "Tuesday, March 15, 2016", "Tue, 15 Mar 2016", "tuesday 15 march 2016"]
)
def test_it_reads_the_publication_date(line):
    found = article(head=[line, *HEAD])
    assert found.published_on == date(2016, 3, 15)
    assert is_clean(found)


def test_published_in_at_the_beginning_of_a_sentence_is_text():
    sentence = "Published in 2015, the map still shows ships."
    assert text_of(article(head=[*HEAD[:2], sentence]).summary) == sentence


def test_it_takes_the_first_line_for_the_title_and_flags_a_missing_one():
    found = read("quays.txt", b"BACKGROUND: Two.")
    assert found.title == ""
    assert "title" in [flag.field for flag in found.flags]


@pytest.mark.parametrize(
    ("text", "title", "body"), [("Quiet quays", "Quiet quays", ""), ("They wait.", "", "They wait.")]
)
def test_one_line_alone_is_a_title_unless_it_is_a_sentence(text, title, body):
    found = read("quays.txt", text.encode())
    assert (found.title, text_of(found.body)) == (title, body)


@pytest.mark.parametrize("byline", [[], ["By Mira Holt"]])
def test_a_paragraph_that_is_all_the_text_there_is_is_the_body(byline):
    paragraph = "Is this only one paragraph that asks a question"
    found = read("quays.txt", "\n\n".join([*byline, paragraph]).encode())
    assert (found.title, text_of(found.body)) == ("", paragraph)


@pytest.mark.parametrize("end", [".", ".”", "!"])
def test_a_title_that_ends_as_a_sentence_is_flagged(end):
    lead = f"The lead paragraph says what happened in the valley this spring{end}"
    found = read("quays.txt", f"By Mira Holt\n\n{lead}\n\nSecond.".encode())
    assert found.title == lead
    assert [(flag.text, flag.proposal) for flag in found.flags if flag.field == "title"] == [
        (lead, "the first line of the summary")
    ]


def test_a_title_that_asks_is_not_flagged():
    assert article(head=["Who pays for the quays?", *HEAD[1:]]).flags == []


@pytest.mark.parametrize("lines", [["How the river towns wait"], ["Empty Quays", "Part two: the river towns"]])
def test_a_subtitle_above_the_byline_begins_the_summary_and_is_flagged(lines):
    found = article(head=[HEAD[0], *lines, *HEAD[1:]])
    assert (found.title, [person.name for person in found.byline]) == ("Quiet quays", ["Mira Holt"])
    assert text_of(found.summary) == "\n\n".join([*lines, "One."])
    assert [(flag.field, flag.text, flag.proposal) for flag in found.flags] == [
        ("summary", line, "a subtitle") for line in lines
    ]


def test_a_dateline_may_stand_between_the_subtitle_and_the_byline():
    found = article(head=[HEAD[0], "How the river towns wait", "March 15th, 2016, The Delta Analyst", *HEAD[1:]])
    assert (found.dateline_on, text_of(found.summary)) == (date(2016, 3, 15), "How the river towns wait\n\nOne.")
    assert [person.name for person in found.byline] == ["Mira Holt"]


def test_a_line_above_a_sentence_that_begins_with_by_is_no_subtitle():
    found = article(head=[HEAD[0], "The quays stood still.", "By 2010 the valley was empty."])
    assert text_of(found.summary) == "The quays stood still.\n\nBy 2010 the valley was empty."
    assert [flag.field for flag in found.flags] == ["byline"]


# Below the text


@pytest.mark.parametrize(
    ("line", "reads"),
    [
        ("Read 15880 times", 15880),
        ("Read 15,880 times", 15880),
        ("Read 15.880 times", 15880),
        ("Read 15 880 times", 15880),
        ("Read\xa015880\xa0times", 15880),
        ("Read 1 time", 1),
    ],
)
def test_it_reads_how_often_it_was_read(line, reads):
    found = article(line)
    assert found.reads == reads
    assert is_clean(found)


def test_a_number_too_large_for_reads_is_flagged():
    found = article("Read 99999999999999999999 times")
    assert found.reads is None
    assert [flag.field for flag in found.flags] == ["reads"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Read 7 times Last modified on Wednesday, 09 March 2016"],
        ["Read 7 times", "Last modified on Wednesday, 09 March 2016 13:45"],
        ["Last modified on Wednesday, 09 March 2016", "Read 7 times"],
        ["Read 7 times\nLast modified on Wednesday, 09 March 2016"],
    ],
)
def test_it_reads_when_it_was_last_modified(lines):
    found = article(*lines)
    assert (found.reads, found.modified_on) == (7, date(2016, 3, 9))
    assert is_clean(found)


def test_a_day_of_change_that_does_not_exist_stays_in_sight():
    found = article("Read 7 times Last modified on Wednesday, 39 March 2016")
    assert (found.reads, found.modified_on, found.unplaced) == (7, None, ["Wednesday, 39 March 2016"])
    assert [flag.field for flag in found.flags] == ["modified_on"]


@pytest.mark.parametrize(
    "lines", [["Tagged under rivers, trade"], ["Tagged under", "rivers", "trade"], ["Tagged under:\nrivers\ntrade"]]
)
def test_it_reads_tags(lines):
    found = article("Read 7 times", *lines)
    assert found.tags == ["rivers", "trade"]
    assert is_clean(found)


def test_it_reads_staff_publications_word_for_word():
    lines = [
        "photo 10.32 AMBook  Jonas Elm, Two Banks, May 2015. ",
        "Oped Tilda Brandt The Ferry, The Hull,  May 6, 2014",
    ]
    imprint = "The Delta Analyst is a biweekly publication of the Institute of Slow Rivers. It looks at water."
    found = article(
        "Read 7 times", "Visit also", "River Letters", "Staff Publications", *lines, imprint, "Sign up for news"
    )
    assert found.publication_lines == [line.strip() for line in lines]
    assert {"Visit also", "River Letters", "Staff Publications", imprint, "Sign up for news"} <= set(found.furniture)
    assert is_clean(found)


def test_staff_publications_may_stand_one_below_the_other():
    found = article("Staff Publications\nBook Jonas Elm, Two Banks, May 2015.\nAnalysis Noor Vale, Salt, May 2014.")
    assert found.publication_lines == ["Book Jonas Elm, Two Banks, May 2015.", "Analysis Noor Vale, Salt, May 2014."]


def test_what_nobody_knows_below_the_text_is_unplaced():
    found = article("Read 7 times", "More by this author", "Staff Publications", "See them all")
    assert found.unplaced == ["More by this author", "See them all"]
    assert text_of(found.conclusions) == "Three."


@pytest.mark.parametrize(
    "sentence",
    [
        "Read 3 times a day, the gauge tells all.",
        "Sign up for the newsletter, they told him, and the news will come; it did not, and for years he asked why.",
        "Tagged under a false name, the barrels went south.",
        "The Gauge is a publication of habits. It is read by nobody, and is the better for it, as we shall see.",
        "Last modified on a whim, the timetable held.",
        "Credit: the banks had none to give.",
        "Visit also the harbour.",
    ],
)
def test_a_sentence_that_resembles_furniture_is_text(sentence):
    found = article("IMPLICATIONS: Four.", sentence, "And so it went on.")
    assert text_of(found.implications) == f"Four.\n\n{sentence}\n\nAnd so it went on."


@pytest.mark.parametrize("line", ["Read 3 times", "Staff Publications", "© 2015", "Print"])
def test_a_line_of_furniture_amid_the_text_is_text(line):
    found = article("IMPLICATIONS: Four.", line, "And so it went on.")
    assert text_of(found.implications) == f"Four.\n\n{line}\n\nAnd so it went on."


def test_a_small_line_of_furniture_does_not_end_the_text_before_a_verse():
    found = article("IMPLICATIONS: Four.", "Print", "a verse without a stop")
    assert text_of(found.implications) == "Four.\n\nPrint\n\na verse without a stop"


# Image credits


@pytest.mark.parametrize(
    ("line", "credit", "source", "accessed_on"),
    [
        (
            "Image Attribution: pictures.example.org, accessed on March 9, 2016",
            None,
            "pictures.example.org",
            (2016, 3, 9),
        ),
        ("Image Attribution: example.org,\xa0accessed on 9 March 2016.", None, "example.org", (2016, 3, 9)),
        ("Image source: River Agency", None, "River Agency", None),
        ("Credit: Harbour Commons", None, "Harbour Commons", None),
        ("image attribution: example.org (accessed March 9, 2016)", None, "example.org", (2016, 3, 9)),
    ],
)
def test_it_reads_the_image_credit(line, credit, source, accessed_on):
    found = article(line)
    assert found.picture
    assert found.picture.credit == " ".join(line.partition(": ")[2].split())
    assert (found.picture.source, found.picture.accessed_on) == (source, accessed_on and date(*accessed_on))
    assert is_clean(found)


@pytest.mark.parametrize("line", ["Credit: Harbour Commons", "Source: Ministry of Water, 2015.", "Photo: example.org"])
def test_a_label_that_may_begin_a_sentence_is_read_as_a_credit_and_flagged(line):
    found = article(line)
    assert found.picture
    assert found.picture.credit == line.partition(": ")[2]
    assert [(flag.field, flag.text, flag.proposal) for flag in found.flags] == [
        ("picture", line, "the last line of the text")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Credit: the bank was slow to lend in the north, and the farmers paid for it.",
        "Source: nobody knows.",
        "Credit: The bank of the north was slow to lend, and the farmers paid for it.",
    ],
)
def test_a_last_sentence_that_begins_as_a_credit_is_text(line):
    found = article(line)
    assert (text_of(found.conclusions), found.picture, found.flags) == (f"Three.\n\n{line}", None, [])


def test_it_keeps_a_credit_whose_date_does_not_exist():
    found = article("Image Attribution: example.org, accessed on March 39, 2016")
    assert found.picture
    assert (found.picture.credit, found.picture.accessed_on) == ("example.org, accessed on March 39, 2016", None)
    assert [flag.field for flag in found.flags] == ["picture"]


def test_a_second_credit_in_the_text_stays_there_and_is_flagged():
    found = article("IMPLICATIONS: Four.", "Image source: A", "Image source: B", "And so it went on.")
    assert found.picture
    assert found.picture.credit == "A"
    assert text_of(found.implications) == "Four.\n\nImage source: B\n\nAnd so it went on."
    assert [flag.text for flag in found.flags if flag.field == "picture"] == ["Image source: B"]
