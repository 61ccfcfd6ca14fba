import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from articles.models import Author, Byline
from articles.models.author import sort_name_of, validate_orcid, without_honorific
from articles.people import initial_of
from tests.factories import make_article, make_author, make_draft, make_publication


@pytest.mark.parametrize(
    ("name", "sort_name"),
    [
        ("Stephen Blank", "Blank, Stephen"),
        ("S. Frederick Starr", "Starr, S. Frederick"),
        ("Pieter van der Meer", "van der Meer, Pieter"),
        ("Aijan Karim kyzy", "Karim kyzy, Aijan"),
        ("John Q. Public Jr.", "Public, John Q. Jr."),
        ("Madonna", "Madonna"),
        ("李小龙", "李小龙"),
        ("Niklas Swanström", "Swanström, Niklas"),
    ],
)
def test_a_sort_name_is_as_in_a_bibliography(name, sort_name):
    assert sort_name_of(name) == sort_name


@pytest.mark.parametrize(
    ("name", "person"), [("Dr. Ann Lee", "Ann Lee"), ("Prof. Dr. A B", "A B"), ("Drew Barr", "Drew Barr")]
)
def test_an_honorific_is_no_part_of_the_person(name, person):
    assert without_honorific(name) == person


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_an_orcid_with_its_check_digit_is_taken(orcid):
    validate_orcid(orcid)


@pytest.mark.parametrize(
    "orcid", ["0000-0002-1825-0098", "0000-0002-1694-2330", "0000000218250097", "x", "0000-0002-1825-009X"]
)
def test_a_mistyped_orcid_is_refused(orcid):
    with pytest.raises(ValidationError):
        validate_orcid(orcid)


def test_people_stand_under_the_plain_letter():
    assert [initial_of(name) for name in ("Östlund, A", "blank", "Шевченко", "12 Monkeys")] == ["O", "B", "Ш", "#"]


class AuthorTests(TestCase):
    def test_the_page_of_somebody_with_a_published_article_is_public(self):
        author = make_author()
        make_article(authors=[author])
        self.assertIn(author, Author.objects.public())

    def test_the_author_of_a_draft_is_not_public(self):
        author = make_author()
        make_draft(authors=[author])
        self.assertNotIn(author, Author.objects.public())

    def test_the_author_of_a_staff_publication_is_public(self):
        make_publication(authors=["Johan Example"])
        self.assertEqual([author.name for author in Author.objects.public()], ["Johan Example"])

    def test_two_people_without_orcid_are_two_people(self):
        for _ in range(2):
            author = Author(name="Ann Lee", orcid="")
            author.full_clean()
            author.save()
        self.assertEqual(Author.objects.filter(orcid=None).count(), 2)

    def test_an_orcid_may_be_given_as_a_link(self):
        author = Author(name="Ann Lee", orcid="https://orcid.org/0000-0002-1825-0097")
        author.full_clean()
        self.assertEqual(author.orcid, "0000-0002-1825-0097")


class BylineTests(TestCase):
    def test_it_keeps_the_name_as_printed(self):
        author = make_author(name="Ann Lee")
        article = make_article(authors=[author])
        author.name = "Ann Lee-Weber"
        author.save()
        self.assertEqual(article.bylines.get().name, "Ann Lee")

    def test_a_position_is_taken_once(self):
        article = make_article(authors=[make_author()])
        with self.assertRaises(IntegrityError), transaction.atomic():
            Byline.objects.create(article=article, author=make_author(), position=1)

    def test_an_author_signs_an_article_once(self):
        author = make_author()
        article = make_article(authors=[author])
        with self.assertRaises(IntegrityError), transaction.atomic():
            Byline.objects.create(article=article, author=author, position=2)
