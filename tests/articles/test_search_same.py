"""The same questions, the same answers in the same order, on whichever database: those of a plain model."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from unittest.mock import patch

from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from articles.models import Article, Entry
from articles.models.entry import owner_of
from articles.search import MOST_FOUND, MOST_NAMED, Query, TooBroad, ask, find, named
from articles.words import stem, words_of
from tests.factories import make_article, make_author, make_category, make_draft

TITLES = [
    "Grain and power", "The ports of Tesk", "Negotiating a water treaty", "Қазақстан and the grain trade", "A treaty on paper",
    "საქართველო: gas and transit", "ئۇيغۇر cotton in three markets", "中国外交与粮食", "Iğdır’s border market", "Electing a governor",
    "Policies for the high valleys", "Technology and the census", "Who owns the river?", "Cross-border power lines",
    "Qur’an schools and the state", "A governor resigns", "The price of winter wheat", "O'Brien on sanctions",
]  # fmt: skip
SENTENCES = [
    "The ministry negotiated the transit fees before the winter.", "Traders in Almaty and Diyarbakır hold grain in the ports.",
    "Sociological studies of the valleys are rare, and technologies rarer.", "A treaty is possibly the best that both can sign.",
    "The governor’s election was decided by the ports.", "Нұрсұлтан argued that water policy is grain policy.",
    "Wheat, cotton and power cross the border at Iğdır.", "Georgian gas — გაზი — pays the transit fees.", "粮食安全 is the phrase of the year.",
    "ئۇيغۇر ئېلى is named on no contract.", "The assembly assembled, and the assemblies' records are public.",
    "Sanctions were agreed; the agreement holds.", "Prices rose by 3.5 percent in 2016.", "Łukasz and Şükrü measured the river.",
    "Transit pays; fees do not.", "The state governs schools, ports and markets.",
]  # fmt: skip
NAMES = ["Ann Lee", "Gülnara Қасымова", "ნინო ბერიძე", "李 明", "Şükrü Iğdırlı", "Conor O’Brien"]
TAGS = ["water", "grain policy", "border", "Ports"]
DAY = datetime(2016, 1, 1, 12, tzinfo=UTC)


def make_corpus():
    authors = [make_author(name=name) for name in NAMES]
    categories = [make_category(), make_category()]
    for n in range(54):
        pick = [SENTENCES[(n * step + n // 18 + step) % len(SENTENCES)] for step in (1, 3, 5, 7, 11)]
        make_article(
            title=f"{TITLES[n % len(TITLES)]}{f' ({n})' if n >= len(TITLES) else ''}", slug=f"text-{n}",
            summary=f"<p>{pick[0]}</p>", background=f"<p>{pick[1]}</p><p>{pick[2]}</p>",
            conclusions=f"<p>{pick[3]} {pick[4]}</p>" if n % 2 else "", authors=[authors[n % 6]], tags=[TAGS[n % 4]],
            category=categories[n % 2], published_at=DAY + timedelta(days=37 * n),
        )  # fmt: skip


def questions():
    words = sorted({word for text in (*TITLES, *SENTENCES, *NAMES) for word in text.replace("—", " ").split()})
    for word in words:
        yield word
        yield f"{word} "
        if len(word) > 5:
            yield word[:4]
            yield word[:-2]
    for sentence in (*SENTENCES, *TITLES):
        own = sentence.split()
        for first, second in list(pairwise(own))[:4]:
            yield f'"{first} {second}"'
        yield f"{own[0]} {own[-1]} "
        yield f"{own[-1]} -{own[0]}"
    for word in words[::5]:
        yield f"the -{word}"
        yield f'"{word} the" {word}'
        yield word.upper()
    yield from (
        'the "transit fees" -winter',
        "粮食",
        "安全",
        "外交与粮食",
        "text 12",
        "quran",
        "igdir",
        "IĞDIR",
        "lukasz sukru",
        "3.5",
        "zzz",
    )


class Document:
    """An article as a reader would search it by hand."""

    def __init__(self, entry):
        self.entry = entry
        self.parts = {
            name: getattr(entry, name).split(" zz9forms9zz")[0].split()
            for name in ("title", "about", "text", "conclusions")
        }

    def has(self, term, parts):
        return any(self._stands_in(term, self.parts[part]) for part in parts)

    def _stands_in(self, term, words):
        size = len(term.words)
        return any(self._is(term, words[start : start + size]) for start in range(len(words) - size + 1))

    def _is(self, term, words):
        pairs = list(zip(words, term.words, strict=True))
        whole = pairs[:-1] if term.is_unfinished else pairs
        if any(stem(word) != stem(asked) for word, asked in whole):
            return False
        return not term.is_unfinished or any(
            form.startswith(stem(pairs[-1][1])) for form in (stem(words[-1]), words[-1])
        )

    def tier(self, query, everywhere):
        if any(self.has(term, everywhere) for term in query.unwanted):
            return 0
        for tier, parts in enumerate((["title"], ["title", "about"], everywhere), 1):
            if all(self.has(term, parts) for term in query.wanted):
                return tier
        return 0


def expected(documents, typed):
    query = Query.of(typed)
    if not query:
        return []
    tiers = [
        (document.tier(query, ["title", "about", "text"]), -document.entry.place, document) for document in documents
    ]
    return [document.entry.owner >> 2 for tier, place, document in sorted(tiers, key=lambda row: row[:2]) if tier]


class SameAnswersTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_corpus()
        cls.documents = [Document(entry) for entry in Entry.objects.all()]

    def found(self, typed, **how):
        return [hit.pk for hit in find(Query.of(typed), **how).hits]

    def test_every_question_has_the_answers_of_the_model_in_its_order(self):
        asked = list(dict.fromkeys(questions()))
        self.assertGreater(len(asked), 200)
        answers = {typed: self.found(typed) for typed in asked}
        self.assertEqual(answers, {typed: expected(self.documents, typed) for typed in asked})
        self.assertGreater(sum(bool(answer) for answer in answers.values()), 200)

    def test_those_of_the_conclusions_have_it_there(self):
        for word in ("ports", "transit", '"transit fees"', "粮食", "sanction"):
            self.assertEqual(
                set(self.found(word, only_conclusions=True)),
                {d.entry.owner >> 2 for d in self.documents if d.has(Query.of(word).terms[0], ["conclusions"])},
                word,
            )

    def test_sorted_by_date_it_is_the_same_set_newest_first(self):
        found = self.found("grain", by_date=True)
        self.assertEqual(set(found), set(self.found("grain")))
        moments = list(Article.objects.filter(pk__in=found).newest_first().values_list("pk", flat=True))
        self.assertEqual(found, moments)

    def test_it_is_narrowed_by_what_the_article_belongs_to(self):
        article = Article.objects.filter(title="Grain and power").get()
        author = article.bylines.get().author_id
        for narrowed in (
            f"category{article.category_id}",
            f"author{author}",
            f"tag{article.tags.get().pk}",
            "year2016",
        ):
            found = self.found("the", filters=(narrowed, "kind0"))
            having = {d.entry.owner >> 2 for d in self.documents if narrowed in d.entry.filters.split()}
            self.assertEqual(set(found), having & set(self.found("the")), narrowed)
            self.assertTrue(found)

    def test_the_desk_finds_drafts_by_title_author_tag_and_address(self):
        draft = make_draft(title="Unfinished aqueducts", slug="old-mill", authors=[make_author(name="Zoë Ötker")])
        for typed in ("aqueduct", "mill", "otker", "unfin", "zoe aqueducts"):
            self.assertEqual(list(named(Article.objects.all(), typed)), [draft], typed)
        self.assertEqual(list(named(Article.objects.all(), "zoe nothing")), [])
        self.assertEqual(named(Article.objects.all(), "").count(), Article.objects.count())


class BoundedTests(TestCase):
    def test_the_newest_five_hundred_are_ranked_and_it_is_said_that_there_are_more(self):
        self.make(range(1, MOST_FOUND + 3), title="grain", text="")
        found = find(Query.of("grain"))
        self.assertEqual((len(found.hits), found.is_cut), (MOST_FOUND, True))
        self.assertEqual([hit.pk for hit in found.hits], list(range(MOST_FOUND + 2, 2, -1)))

    def test_those_with_it_in_the_title_stand_before_newer_ones_however_many_there_are(self):
        self.make(range(1, 4), title="grain", text="")
        self.make(range(4, MOST_FOUND + 9), title="river", text="grain")
        hits = find(Query.of("grain")).hits
        self.assertEqual([hit.pk for hit in hits[:5]], [3, 2, 1, MOST_FOUND + 8, MOST_FOUND + 7])
        self.assertEqual(len({hit.pk for hit in hits}), MOST_FOUND)

    def test_a_phrase_is_found_far_behind_the_newest(self):
        self.make(range(1, 4), title="river", text="transit fees rise")
        self.make(range(4, 4 * MOST_FOUND + 9), title="river", text="fees for transit")
        self.make(range(5000, 5003), title="river", text="no transit fees")
        self.assertEqual([hit.pk for hit in find(Query.of('"transit fees"')).hits], [5002, 5001, 5000, 3, 2, 1])

    def test_of_a_phrase_that_too_many_texts_may_have_the_newest_are_read_and_it_is_said(self):
        self.make(range(1, 9), title="river", text="transit fees rise")
        self.make(range(9, 30), title="river", text="fees for transit")
        self.make(range(30, 33), title="river", text="no transit fees")
        self.make([2000], title="transit fees", text="none")
        with patch("articles.search._REACHES", {"title": (9,), "head": (9,), "words": (3, 9), "conclusions": ()}):
            everything = find(Query.of('"transit fees"'))
            with patch("articles.search.MOST_READ", 20):
                found = find(Query.of('"transit fees"'))
        self.assertEqual([hit.pk for hit in everything.hits], [2000, 32, 31, 30, *range(8, 0, -1)])
        self.assertFalse(everything.is_of_the_newest)
        if connection.vendor == "postgresql":  # the other index knows where words stand
            self.assertEqual([hit.pk for hit in found.hits], [2000, 32, 31, 30])
            self.assertTrue(found.is_of_the_newest)
        else:
            self.assertEqual(found, everything)

    def test_a_common_word_is_found_far_behind_the_newest(self):
        self.make(range(1, 9), title="river", text="grain")
        self.make(range(9, 60), title="river", text="water")
        self.make(range(60, 63), title="grain", text="water")
        reaches = {"title": (1, 9), "head": (9,), "words": (3, 9), "conclusions": ()}
        with patch("articles.search._REACHES", reaches):
            self.assertEqual([hit.pk for hit in find(Query.of("grain")).hits], [62, 61, 60, *range(8, 0, -1)])

    def test_the_desk_is_given_the_newest_thousand_or_all_of_what_is_narrowed(self):
        Article.objects.bulk_create(Article(title=f"Grain {n}", slug=f"grain-{n}") for n in range(MOST_NAMED + 2))
        pks = list(Article.objects.order_by("pk").values_list("pk", flat=True))
        self.make(pks, title="grain", text="")
        found = set(named(Article.objects.all(), "grain").values_list("pk", flat=True))
        self.assertEqual(found, set(pks[2:]))
        self.assertEqual(named(Article.objects.filter(status="draft"), "grain").count(), MOST_NAMED + 2)

    def test_what_takes_too_long_is_given_up_and_leaves_no_trace(self):
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        before = self.plans()
        with patch("articles.search.PATIENCE", 0.05), self.assertRaises(TooBroad):
            ask(endless, [])
        self.assertEqual(find(Query.of("grain")).hits, [])
        self.assertEqual(self.plans(), before)

    def test_another_fault_of_the_database_is_not_taken_for_that(self):
        with self.assertRaises(DatabaseError), transaction.atomic():
            ask("SELECT nothing FROM nowhere", [])

    def plans(self):
        if connection.vendor == "sqlite":
            return []
        with connection.cursor() as cursor:
            names = ("statement_timeout", "enable_seqscan", "max_parallel_workers_per_gather", "jit")
            cursor.execute("SELECT current_setting(unnest(%s))", [list(names)])
            return cursor.fetchall()

    def make(self, numbers, **texts):
        Entry.objects.bulk_create(
            Entry(owner=owner_of(Article, n), place=n << 30 | owner_of(Article, n), filters="kind0",
                  **{"about": "", "conclusions": ""} | texts) for n in numbers
        )  # fmt: skip


class AnyTextTests(HypothesisTestCase):
    @settings(max_examples=300, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.text(max_size=300) | st.text(alphabet="ab\"'-*():^+{}[]\\ \0NEARORD&|!<>%", max_size=80))
    def test_no_text_is_an_error(self, text):
        find(Query.of(text))
        find(Query.of(f'{text} "{text}'), only_conclusions=True)
        list(named(Article.objects.all(), text))

    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.text(min_size=1, max_size=100))
    def test_whatever_a_title_is_it_is_found_by_its_own_words(self, title):
        Entry.objects.all().delete()
        words = words_of(title)
        owner = owner_of(Article, 1)
        Entry.objects.create(
            owner=owner, place=owner, filters="", title=" ".join(words), about="", text="", conclusions=""
        )
        for word in words[:5]:
            self.assertEqual([hit.pk for hit in find(Query.of(f"{word} ")).hits], [1], (connection.vendor, word))
