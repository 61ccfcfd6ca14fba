from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from articles.models import Author
from publications.lines import PrintedLine
from publications.models import Authorship, Publication
from tests.factories import make_publication


class PublicationTests(TestCase):
    def test_the_newest_come_first_as_precisely_as_they_are_dated(self):
        for title, when in {"a": (2021,), "b": (2023, 5), "c": (2022, 7, 21), "d": (2022, 7)}.items():
            year, month, day = (*when, None, None)[:3]
            make_publication(title=title, year=year, month=month, day=day)
        self.assertEqual([p.title for p in Publication.objects.listed()], ["b", "c", "d", "a"])

    def test_the_same_title_and_year_is_the_same_entry(self):
        make_publication(title="Strong & Unique: Three Decades", year=2021)
        twin = Publication.objects.identical_to("strong and unique: three decades", 2021)
        self.assertIsNone(twin)
        self.assertIsNotNone(Publication.objects.identical_to("STRONG — unique, three decades", 2021))
        self.assertIsNone(Publication.objects.identical_to("Strong & Unique: Three Decades", 2022))

    def test_it_stands_here_once(self):
        make_publication(title="Low water", year=2021)
        with self.assertRaises(IntegrityError), transaction.atomic():
            make_publication(title="LOW WATER", year=2021)
        with self.assertRaisesMessage(ValidationError, "is already here"):
            Publication(title="Low, water", year=2021).full_clean()

    def test_an_impossible_day_is_refused_with_what_to_do(self):
        with self.assertRaisesMessage(ValidationError, "keep the date as printed"):
            Publication(title="x", year=2022, month=2, day=30).full_clean()

    def test_its_machine_date_is_as_precise_as_is_known(self):
        def machine_date(**fields):
            return Publication(title="x", **fields).machine_date

        self.assertEqual(machine_date(year=2022, month=5, precision="month"), "2022-05")
        self.assertEqual(machine_date(year=2017, precision="season"), "2017")
        self.assertEqual(machine_date(precision="none"), "")
        self.assertEqual(make_publication(year=2022, month=7, day=21, precision="day").machine_date, "2022-07-21")
        self.assertEqual(make_publication(year=2022, month=7, day=21).sorts_on, date(2022, 7, 21))

    def test_authors_known_by_name_are_recognised(self):
        known = Author.objects.create(name="Johan Example")
        publication = make_publication(authors=["Johan Example", "Ada New"])
        self.assertEqual(list(publication.authors.order_by("authorships__position")), [known, Author.objects.last()])

    def test_what_is_not_listed_is_not_shown(self):
        hidden = make_publication(is_listed=False, authors=["Nobody Public"])
        self.assertNotIn(hidden, Publication.objects.listed())
        self.assertEqual(self.client.get(f"/publications/{hidden.slug}/").status_code, 404)
        self.assertFalse(Author.objects.public().exists())


class PrintedTests(TestCase):
    """Printed lines become publications, once."""

    def add(self, *lines: str, dry_run: bool = False) -> dict[str, int]:
        return dict(Publication.objects.add_printed(Publication.objects.read_printed(lines), dry_run=dry_run))

    def test_it_works(self):
        self.assertEqual(self.add("Oped Ann Bell, Low Water, The Hull, May 2023"), {"created": 1})
        publication = Publication.objects.get()
        self.assertEqual((publication.title, publication.outlet, publication.month), ("Low Water", "The Hull", 5))
        self.assertEqual([author.name for author in publication.authors.all()], ["Ann Bell"])

    def test_a_line_without_a_title_is_added_all_the_same(self):
        self.add("Book Ann Bell, May 2023", "Book, May 2023", "Analysis Bo Park and Carl Dunn Rivers Lost, May 2023")
        self.assertEqual(
            set(Publication.objects.values_list("title", "printed")),
            {
                ("Ann Bell", "Book Ann Bell, May 2023"),
                ("Book, May 2023", "Book, May 2023"),
                ("Bo Park and Carl Dunn Rivers Lost", "Analysis Bo Park and Carl Dunn Rivers Lost, May 2023"),
            },
        )
        self.assertFalse(Author.objects.exists())

    def test_an_empty_line_is_no_publication(self):
        self.assertEqual(self.add("", " \n"), {})

    def test_what_a_field_cannot_hold_is_cut_off_and_told(self):
        entry = PrintedLine("x" * 900, title="Low water", authors=["A" * 99 + " " + "B" * 200], precision="none")
        fields = ["kind", "title", "authors_line", "outlet", "date_text"]
        for name in fields:
            setattr(entry, name, "Salt" * 200)
        Publication.objects.add_printed([entry])
        publication = Publication.objects.get()
        for flag, name in zip(publication.flags, fields, strict=False):
            most = Publication._meta.get_field(name).max_length
            self.assertEqual((flag["field"], len(getattr(publication, name))), (name, most))
            self.assertEqual(getattr(publication, name) + flag["text"], "Salt" * 200)
        self.assertEqual(publication.printed, "x" * 900)
        self.assertEqual(entry.flags[-1].field, "authors")
        self.assertEqual(publication.authorships.get().author.name, "A" * 99 + " " + "B" * 100)

    def test_a_long_line_comes_in_once(self):
        line = f"Oped Ann Bell, {'Salt, und weiß ' * 90}, {'The Hull ' * 40}, May 2023"
        self.assertEqual(self.add(line), {"created": 1})
        self.assertEqual(self.add(line, f"{line}."), {"known": 2})
        publication = Publication.objects.get()
        self.assertEqual(publication.printed, line)
        self.assertEqual([flag["field"] for flag in publication.flags], ["title", "outlet"])

    def test_a_line_is_known_after_an_editor_has_corrected_its_title_and_year(self):
        self.add("Oped Ann Bell,  Low Watter, May 2023")
        publication = Publication.objects.get()
        publication.title, publication.year = "Low Water", 2022
        publication.save()
        self.assertEqual(self.add("Oped Ann Bell, Low\xa0Watter, May 2023 "), {"known": 1})
        self.assertEqual(Publication.objects.get().title, "Low Water")

    def test_a_dry_run_tells_what_would_come_in(self):
        lines = ["Book Ann Bell, Salt, May 2023", "Book Ann Bell, Salt,  May 2023", "Book Ann Bell, Rope, May 2023"]
        self.assertEqual(self.add(*lines, dry_run=True), {"created": 2, "known": 1})
        self.assertFalse(Publication.objects.exists())

    def test_an_author_is_one_person_whatever_space_is_printed(self):
        make_publication(authors=["Ann Bell"])
        make_publication(authors=["Ann  Bell ", " "])
        self.assertEqual([author.name for author in Author.objects.all()], ["Ann Bell"])
        self.assertEqual(set(Authorship.objects.values_list("name", flat=True)), {"Ann Bell"})
