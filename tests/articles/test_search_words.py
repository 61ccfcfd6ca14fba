"""What is understood of what is typed, and which words a text has."""

import time

import pytest
from django.db import connection
from django.test import TestCase
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Entry
from articles.search import LONGEST, MOST_WORDS, Query
from articles.words import indexed, stem, words_of

FORMS = """
accession accessions agree agreed agreement agreements agrees apology apologies archaeological assembled assemblies
assembly caress caresses cities city conflated controlled controlling crisis cries democracies democracy democratic
desperately destabilise destabilize ecological ecology economies economy election electoral electing feed fallacies
generalization geology geological governed governing government governments hesitancy hopeful hopefulness ideologies
ideology ideological irreplaceable mekking negotiate negotiated negotiation negotiations negotiator nobly noblest
operator operators organisation organization plastered policies policy politically politics possible possibly probably
probate rate rational rationally reliably relational responsibility roll sanctioned sanctions sensible sensibly sized
skies sky sociological sociology sing sought technological technologies technology terrible terribly ties trekking
trekked tying troubling united uniting universities university using valenci vietnamization vileness xenophobia yet
1991 2nd 1e5 0x1f 3g2 12abc g20 covid19 1990s 007
""".split()  # noqa: SIM905


@pytest.mark.parametrize(("typed", "understood"), [
    ("grain ports", "grain ports"),
    ('"grain ports" Tesk', "“grain ports” tesk"),
    ("“grain ports” tesk", "“grain ports” tesk"),
    ("grain -ports", "grain -ports"),
    ('grain -"transit fees"', "grain -“transit fees”"),
    ('grain "ports', "grain ports"),
    ("cross-border trade", "cross border trade"),
    ("grain - ports", "grain ports"),
    ("grain AND (ports OR NEAR/3 title:x*)", "grain and ports or near 3 title x"),
    ("grain grain Grain", "grain"),
    ('"" - * ( ) : \0 \x1b', ""),
    ("Kurmanbek’s O'Brien Qur’an", "kurmanbek obrien quran"),
    ("DİYARBAKIR ığdır Şırnak", "diyarbakir igdir sirnak"),
    ("Łódź Øresund Ærø Heydər", "lodz oresund aero heydar"),
    ("Нұрсұлтан Ёлка", "нұрсұлтан елка"),
    ("中国外交", "中 国 外 交"),
    ("❶ grain ½ ʻ ・ ䷀ ③", "grain 1 2 3"),
])  # fmt: skip
def test_it_understands(typed, understood):
    assert str(Query.of(typed)) == understood


@pytest.mark.parametrize(("typed", "is_unfinished"), [
    ("negotiat", True), ("grain negotiat", True), ("negotiat ", False), ("ne", False), ("UNESCO", False), ("negotiat.", False),
    ('"negotiat"', False), ("-negotiat", False), ("negotiat grain ", False),
])  # fmt: skip
def test_the_last_word_may_be_unfinished(typed, is_unfinished):
    assert Query.of(typed).terms[-1].is_unfinished == is_unfinished


def test_what_is_only_unwanted_names_nothing():
    assert not Query.of("-grain")
    assert Query.of("-grain").unwanted


def test_a_question_is_cut_and_read_in_no_time():
    for text in ("word " * 20_000, '"' * 100_000, "-" * 100_000, "é" * 100_000, '-"' * 50_000, "a" * 100_000):
        started = time.process_time()
        query = Query.of(text)
        assert sum(len(term.words) for term in query.terms) <= MOST_WORDS
        assert time.process_time() - started < 0.2, text[:9]
    assert not Query.of("x" * LONGEST + "yyy").terms[-1].is_unfinished


def test_a_text_of_any_length_fits_the_index():
    for text in ("word " * 200_000, "".join(chr(0x4E00 + n % 20_000) for n in range(500_000)), "ü" * 500_000):
        assert len(indexed(text).encode()) <= 400_000


@given(st.text(max_size=200))
def test_folding_folded_words_changes_nothing(text):
    words = words_of(text)
    assert words_of(" ".join(words)) == words


class StemTests(TestCase):
    def test_this_database_has_the_same_stems(self):
        """Found by the stem of one is what has the same stem, and nothing else."""
        for n, form in enumerate(FORMS, 1):
            Entry.objects.create(
                owner=n * 4 + 3, place=n, filters="", title=words_of(form)[0], about="", text="", conclusions=""
            )
        for form in FORMS:
            self.assertEqual(_found(form), {other for other in FORMS if _stem(other) == _stem(form)}, form)

    def test_what_is_a_word_here_is_one_to_the_database_in_every_script(self):
        letters = [word for code in range(0x80, 0xD800) for word in words_of(chr(code))][::20]
        Entry.objects.bulk_create(
            Entry(owner=n * 4 + 3, place=n, filters="", title=word, about="", text="", conclusions="")
            for n, word in enumerate(letters, 1)
        )
        self.assertEqual([word for word in letters if not _places(word)], [])

    def test_a_word_of_any_letters_and_digits_is_one_word(self):
        for word in (
            "1e5",
            "2nd",
            "0x1f",
            "зерно",
            "გაზი",
            "ئۇيغۇر",
            "ཚ",
            "१२",
            "한국",
            "e5e5",
            "1e",
            "v1",
            "0e0",
            "x1y2",
        ):
            [*words] = words_of(word)
            self.assertEqual(len(words), 1, word)
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SELECT length(to_tsvector('analyst_words', %s))", words)
                    self.assertEqual(cursor.fetchone()[0], 1, word)


def _stem(form):
    return stem(words_of(form)[0])


def _found(form):
    return {FORMS[place - 1] for place in _places(words_of(form)[0])}


def _places(word):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT rowid FROM articles_found WHERE articles_found MATCH %s", [f'"{word}"'])
        else:
            cursor.execute(
                "SELECT place FROM articles_entry WHERE words_vector @@ to_tsquery('analyst_words', %s)", [f"'{word}'"]
            )
        return [place for (place,) in cursor.fetchall()]
