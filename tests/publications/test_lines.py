"""Printed lines of staff publications become fields; the line itself is kept, and what is doubtful is flagged."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.intake import read
from publications.lines import PrintedLine, identity_of, parse, parse_all

SEED = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "000_02e4d5cfa1b1ab2a.txt"


def fields(line: PrintedLine) -> tuple[str, list[str], str, str | None]:
    return line.kind, line.authors, line.title, line.outlet


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Oped Jonas Elm, Quiet Quays, The Hull, May 6, 2022.", ("Op-ed", ["Jonas Elm"], "Quiet Quays", "The Hull")),
        ("Op-Ed Jonas Elm, Quiet Quays, The Hull, May 6, 2022", ("Op-ed", ["Jonas Elm"], "Quiet Quays", "The Hull")),
        ("Silk Road Paper J. Elm, Two Banks, May 2022", ("Silk Road Paper", ["J. Elm"], "Two Banks", None)),
        ("Analysis Jonas Elm,  Two Banks,\xa0 The Hull, 2022", ("Analysis", ["Jonas Elm"], "Two Banks", "The Hull")),
        ("Book Jonas Elm and N. Vale, Salt, May 2022.", ("Book", ["Jonas Elm", "N. Vale"], "Salt", None)),
        ("Article Jonas Elm & Noor Vale, Salt, May 2022", ("Article", ["Jonas Elm", "Noor Vale"], "Salt", None)),
        (
            "Monograph Jonas Elm, Noor Vale & Mira Holt, Salt, May 2022",
            ("Monograph", ["Jonas Elm", "Noor Vale", "Mira Holt"], "Salt", None),
        ),
        (
            "Report Jonas Elm, Noor Vale, and Mira Holt, Salt, May 2022",
            ("Report", ["Jonas Elm", "Noor Vale", "Mira Holt"], "Salt", None),
        ),
    ],
)
def test_it_reads_kind_authors_title_and_outlet(line, expected):
    read = parse(line)
    assert fields(read) == expected
    assert read.flags == []


@pytest.mark.parametrize(
    ("text", "title", "outlet"),
    [
        ('"Salt and Patience," River Letters', "Salt and Patience", "River Letters"),
        ('"Salt and Patience", River Letters', "Salt and Patience", "River Letters"),
        ("“Salt, and Patience,” River Letters", "Salt, and Patience", "River Letters"),
        ("“Why wait?” River Letters", "Why wait?", "River Letters"),
        ("“Salt and Patience”", "Salt and Patience", None),
        ('"Soft" Quays and Hard, The Hull', '"Soft" Quays and Hard', "The Hull"),
        ("No, The Ferry Is Not Late, The Hull", "No, The Ferry Is Not Late", "The Hull"),
        ("Two Banks: 30 Years of Salt", "Two Banks: 30 Years of Salt", None),
        ("Title One: A, B and C in D, The Hull", "Title One: A, B and C in D", "The Hull"),
        ("With the tide, mayors turn, The Hull", "With the tide, mayors turn", "The Hull"),
        ("The Quays, the Ships, and How to Wait", "The Quays, the Ships, and How to Wait", None),
        (
            "Calm and Slow: Two Decades, Institute of Slow Rivers",
            "Calm and Slow: Two Decades",
            "Institute of Slow Rivers",
        ),
    ],
)
def test_the_outlet_is_the_last_of_several_parts(text, title, outlet):
    read = parse(f"Oped Jonas Elm, {text}, May 6, 2022.")
    assert fields(read) == ("Op-ed", ["Jonas Elm"], title, outlet)
    assert read.flags == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("May 2023", (2023, 5, None, "month")),
        ("May 2023.", (2023, 5, None, "month")),
        ("Spring 2017", (2017, None, None, "season")),
        ("March 30, 2023", (2023, 3, 30, "day")),
        ("March 30th, 2023. ", (2023, 3, 30, "day")),
        ("30 March 2023", (2023, 3, 30, "day")),
        ("Sept. 2023", (2023, 9, None, "month")),
        ("2023", (2023, None, None, "year")),
        ("May, 2023", (2023, 5, None, "month")),
        ("Sept., 2023", (2023, 9, None, "month")),
        ("May–June, 2023", (2023, 5, None, "month")),
        ("Spring, 2017", (2017, None, None, "season")),
    ],
)
def test_it_reads_a_date_as_precisely_as_it_is_printed(printed, expected):
    read = parse(f"Oped Jonas Elm, Two Banks,  {printed}")
    assert (read.year, read.month, read.day, read.precision) == expected
    assert read.date_text == printed.strip(" .")
    assert (read.title, read.outlet, read.flags) == ("Two Banks", None, [])


@pytest.mark.parametrize(
    ("text", "title", "date_text"),
    [
        ("Salt, The Hull, May, 2023", "Salt", "May, 2023"),
        ("“Salt,” The Hull, May, 2023", "Salt", "May, 2023"),
        ("“Salt” (May, 2023)", "Salt", "May, 2023"),
        ("Ropes and Dismay, 2023", "Ropes and Dismay", "2023"),
    ],
)
def test_a_comma_may_stand_between_the_month_and_the_year(text, title, date_text):
    read = parse(f"Article Jonas Elm, {text}")
    assert (read.title, read.date_text, read.year, read.flags) == (title, date_text, 2023, [])
    assert read.outlet in ("The Hull", None)


@pytest.mark.parametrize("name", ["Theresa May", "the Prague Spring", "a Black October"])
def test_a_month_that_nothing_parts_from_the_words_before_it_may_be_the_end_of_the_title(name):
    read = parse(f"Article Jonas Elm, The Fall of {name}, 1968")
    assert (read.title, read.year, read.precision) == (f"The Fall of {name}", 1968, "year")
    assert [(flag.field, flag.text) for flag in read.flags] == [("date", f"{name.split()[-1]}, 1968")]


@pytest.mark.parametrize("text", ["Salt, 2020", "Salt, The Hull, 2020.", "Salt (2020)", "Salt, (2020).", "“Salt” 2020"])
def test_a_year_that_a_mark_sets_off_is_the_date(text):
    read = parse(f"Article Jonas Elm, {text}")
    assert (read.title, read.year, read.flags) == ("Salt", 2020, [])


@pytest.mark.parametrize("words", ["Title of", "Salt, The Hull", "Two Banks:", "Ropes –"])
def test_a_year_that_only_a_space_sets_off_is_doubtful(words):
    read = parse(f"Article Jonas Elm, {words} 2020")
    assert (read.year, read.date_text) == (2020, "2020")
    assert [(flag.field, flag.text) for flag in read.flags] == [("date", "2020")]


def test_an_impossible_date_keeps_its_text_and_its_month():
    read = parse("Analysis Jonas Elm, Two Banks, The Hull, January 34, 2022.")
    assert (read.year, read.month, read.day, read.precision) == (2022, 1, None, "month")
    assert read.date_text == "January 34, 2022"
    assert [(flag.field, flag.text, flag.proposal) for flag in read.flags] == [("date", "January 34, 2022", None)]


def test_a_line_without_a_date_says_so():
    read = parse("Book Jonas Elm, Two Banks")
    assert (read.title, read.year, read.precision) == ("Two Banks", None, "none")
    assert [flag.field for flag in read.flags] == ["date"]


@pytest.mark.parametrize(
    ("glued", "leftover", "kind"),
    [
        ("2206-ElmSilk Road Paper", "2206-Elm", "Silk Road Paper"),
        (
            "Screen Shot 2021-02-03 at 9.15.02 AMSilk Road Paper",
            "Screen Shot 2021-02-03 at 9.15.02 AM",
            "Silk Road Paper",
        ),
        ("TwobankscoverBook", "Twobankscover", "Book"),
        ("cover 2.jpg Book", "cover 2.jpg", "Book"),
    ],
)
def test_a_file_name_glued_to_the_kind_is_left_over(glued, leftover, kind):
    line = f"{glued} Jonas Elm, Two Banks, May 2022."
    read = parse(line)
    assert (read.printed, read.leftover, read.kind) == (line, leftover, kind)
    assert (read.authors, read.title) == (["Jonas Elm"], "Two Banks")


def test_a_missing_comma_is_bridged_by_a_name_that_another_line_knows():
    first, second = parse_all(
        ["Book Jonas Elm, Salt, May 2022", "Oped Jonas Elm Quiet Quays Again, The Hull, May 6, 2022"]
    )
    assert fields(second) == ("Op-ed", ["Jonas Elm"], "Quiet Quays Again", "The Hull")
    assert second.flags == first.flags == []


def test_a_longer_name_is_not_cut_at_a_shorter_one():
    lines = parse_all(["Book Maria Elm, Salt, May 2022", "Book Maria Elm Holt, Rope, May 2022"])
    assert [line.authors for line in lines] == [["Maria Elm"], ["Maria Elm Holt"]]
    assert parse("Book Maria Elm Holt, Rope, May 2022", ["Maria Elm"]).authors == ["Maria Elm Holt"]


def test_a_missing_comma_is_bridged_by_a_name_that_the_journal_knows():
    (read,) = parse_all(["Oped Jonas Elm Quiet Quays of the Delta, The Hull, May 6, 2022"], known_names=["Jonas Elm"])
    assert (read.authors, read.title) == (["Jonas Elm"], "Quiet Quays of the Delta")


def test_a_missing_comma_that_nothing_bridges_is_flagged():
    read = parse("Oped Jonas Elm Quiet Quays of the Delta, The Hull, May 6, 2022")
    assert (read.authors, read.title) == ([], "Jonas Elm Quiet Quays of the Delta")
    assert [(flag.field, flag.proposal) for flag in read.flags] == [("authors", "Jonas Elm")]


def test_a_name_after_a_comma_that_may_be_an_author_is_flagged():
    read = parse("Oped Jonas Elm, Noor Vale, Rivers Without Water, The Hull, May 6, 2022")
    assert (read.authors, read.title) == (["Jonas Elm"], "Noor Vale, Rivers Without Water")
    assert [(flag.field, flag.proposal) for flag in read.flags] == [("authors", "an author, “Noor Vale”")]


def test_the_end_of_a_title_that_may_be_an_outlet_is_flagged():
    read = parse("Paper Jonas Elm, Rivers: Trends, Risks and Choices, May 2020")
    assert [flag.proposal for flag in read.flags] == ["the title “Rivers: Trends, Risks and Choices”, no outlet"]


def test_a_stray_bracket_stays_and_is_flagged_with_the_title_without_it():
    read = parse("Oped Jonas Elm, Dredging the Debate), quayside, January 2, 2023")
    assert read.title == "Dredging the Debate)"
    assert [(flag.field, flag.proposal) for flag in read.flags] == [("title", "Dredging the Debate")]


@pytest.mark.parametrize(
    ("text", "title", "likely"),
    [
        ("Analysis Bo Park and Carl Dunn Rivers Lost, May 2023", "Bo Park and Carl Dunn Rivers Lost", "Bo Park"),
        ("Silk Road Paper Ann Bell Title Words, May 2023", "Ann Bell Title Words", "Ann Bell"),
        ("Book Ann Bell, May 2023", "Ann Bell", "Ann Bell"),
        ("Article Ann Bell, 2023", "Ann Bell", "Ann Bell"),
        ("Book Ann Bell, “ ”, The Hull, May 2023", "Ann Bell, “ ”, The Hull", "Ann Bell"),
    ],
)
def test_authors_that_would_leave_no_title_go_back_into_it(text, title, likely):
    (read,) = parse_all([text])
    assert (read.authors, read.authors_line, read.title, read.outlet, read.year) == ([], "", title, None, 2023)
    assert [(flag.field, flag.text, flag.proposal) for flag in read.flags] == [("title", title, likely)]


def test_a_known_author_alone_is_no_title_and_goes_back_all_the_same():
    read = parse("Book Ann Bell, May 2023", ["Ann Bell"])
    assert (read.authors, read.title, [flag.field for flag in read.flags]) == ([], "Ann Bell", ["title"])


@pytest.mark.parametrize("line", ["Book, May 2023", "Book ,  May 2023.", ", May 2023"])
def test_a_line_of_which_nothing_is_left_is_its_own_title(line):
    read = parse(line)
    assert (read.printed, read.title, read.authors, read.year) == (line, " ".join(line.split()), [], 2023)
    assert "title" in [flag.field for flag in read.flags]


def test_words_that_only_a_date_follows_are_no_name_for_other_lines():
    _, read = parse_all(["Book Salt River, May 2023", "Oped Salt River Blues of the Delta, The Hull, 2022"])
    assert (read.authors, read.title) == ([], "Salt River Blues of the Delta")


def test_a_name_has_no_space_around_it():
    first, second = parse_all(["Book Ann Bell , Salt, May 2022", "Book Bo Park, Rope, May 2022"], [" Bo  Park "])
    assert (first.authors, first.authors_line, first.title) == (["Ann Bell"], "Ann Bell", "Salt")
    assert (second.authors, second.title) == (["Bo Park"], "Rope")


@pytest.mark.parametrize("quoted", ['"Salt, and Patience"', "“Salt, and Patience”", "‘Salt, and Patience’"])
def test_a_quoted_title_is_parted_from_its_outlet_without_a_comma(quoted):
    read = parse(f"Oped Jonas Elm, {quoted} The Hull, May 2, 2020")
    assert fields(read) == ("Op-ed", ["Jonas Elm"], "Salt, and Patience", "The Hull")
    assert [(flag.field, flag.text) for flag in read.flags] == [("outlet", "The Hull")]


@pytest.mark.parametrize("title", ["“Soft” power of the delta", '"Soft": Power of the Delta'])
def test_a_title_may_begin_with_a_quoted_word(title):
    read = parse(f"Oped Jonas Elm, {title}, May 2, 2020")
    assert (read.title, read.outlet, read.flags) == (title, None, [])


def test_it_keeps_the_authors_as_printed():
    assert parse("Book J. Elm, N. Vale & Mira Holt, Salt, 2022").authors_line == "J. Elm, N. Vale & Mira Holt"


def test_the_same_entry_has_the_same_title_and_year():
    one, other = parse("Book J. Elm, Two Banks: Salt, May 2022"), parse("Jonas Elm, “Two banks – salt”, 2022.")
    assert one.identity() == other.identity() == identity_of("TWO BANKS SALT", 2022)
    assert one.identity() != parse("Book J. Elm, Two Banks: Salt, May 2021").identity()


@given(
    st.text(max_size=120)
    | st.lists(st.sampled_from(["Oped ", "Jonas Elm", ", ", " & ", "“", '"', "May 2022", "x"])).map("".join)
)
def test_any_line_is_read_and_kept(line):
    read = parse(line, ["Jonas Elm"])
    assert read.printed == line
    assert bool(read.title.strip()) == bool(line.strip())
    assert (read.precision == "none") == (read.year is None)


@pytest.mark.parametrize("filler", ["a", "A B, ", ",", "and ", '"', "’ ", "(", "1", " ", "May 2022 ", "May, "])
def test_a_long_line_takes_time_that_grows_with_it_and_no_faster(filler):
    start = process_time()
    parse("Oped Jonas Elm, " + filler * (300_000 // len(filler)) + ", The Hull, May 2022")
    assert process_time() - start < 1


# The seed, which is not ours to copy


@pytest.fixture(scope="module")
def seed() -> list[PrintedLine]:
    if not SEED.exists():
        pytest.skip("the seed is not here")
    return parse_all(read(SEED.name, SEED.read_bytes()).publication_lines)


def test_the_lines_of_the_seed_are_twelve_publications(seed):
    assert [line.kind for line in seed].count("Op-ed") == 5
    assert [len(line.authors) for line in seed] == [1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 2, 3]
    assert len({name for line in seed for name in line.authors}) == 4
    assert [len(line.title.split()) for line in seed] == [9, 6, 8, 7, 16, 7, 6, 11, 9, 9, 8, 9]
    assert [len((line.outlet or "").split()) for line in seed] == [0, 2, 1, 2, 0, 1, 2, 0, 2, 3, 3, 0]
    assert len({line.identity() for line in seed}) == 12


def test_the_dates_of_the_seed_are_as_precise_as_printed(seed):
    assert [line.year for line in seed] == [2023] * 3 + [2022] * 7 + [2021] * 2
    assert [line.precision for line in seed].count("month") == 6


def test_the_fields_of_the_seed_are_all_of_its_lines(seed):
    """What is left of a line without its fields is its kind and its punctuation."""
    for line in seed:
        rest = " ".join(line.printed.split())
        for told in (line.leftover, line.authors_line, line.title, line.outlet or "", line.date_text):
            assert told in rest
            rest = rest.replace(told, "", 1)
        assert rest.strip(' ,."').casefold().replace("oped", "op-ed") == line.kind.casefold()


def test_one_date_of_the_seed_does_not_exist(seed):
    flags = [(flag.field, flag.text) for line in seed for flag in line.flags]
    assert [text for field, text in flags if field == "date"] == ["January 34, 2022"]
    assert [field for field, _ in flags] == ["title", "date"]
