"""The list of people, under their initials, page by page."""

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from unicodedata import normalize

from .listing import Advice
from .models import Author
from .models.author import AuthorQuerySet

PER_PAGE = 200


def initial_of(sort_name: str) -> str:
    """Ö and O stand under the same letter; what begins with no letter, under #."""
    letter = normalize("NFD", sort_name.strip())[:1].upper()
    return letter if letter.isalpha() else "#"


class People:
    def __init__(self, authors: AuthorQuerySet, number: int) -> None:
        self.authors, self.number = authors, number

    @classmethod
    def of(cls, authors: AuthorQuerySet, number: int) -> "People":
        """Raises Advice for a page that there is not."""
        people = cls(authors, number)
        _ = people._rows  # now, since a template swallows what is raised in it
        return people

    @cached_property
    def _rows(self) -> list[Author]:
        start = (self.number - 1) * PER_PAGE
        rows = list(self.authors.order_by("sort_name", "pk")[start : start + PER_PAGE + 1])
        if not rows and self.number > 1:
            raise Advice("This list has fewer pages.")
        return rows

    def by_initial(self) -> Iterator[tuple[str, list[Author]]]:
        for initial, people in groupby(self._rows[:PER_PAGE], key=lambda author: initial_of(author.sort_name)):
            yield initial, list(people)

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        """The number of the next page, 0 when there is none."""
        return self.number + 1 if len(self._rows) > PER_PAGE else 0
