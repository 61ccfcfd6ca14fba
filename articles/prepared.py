"""Questions that pages ask again and again: put into SQL once, asked with other values from then on.

Django makes the SQL of a query anew each time, which takes it ten times as long as the database takes to answer.
"""

from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property
from itertools import accumulate, chain, pairwise
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model, covariant=True)
Rows = tuple[tuple[Any, ...], ...]


class Slot(Expression):
    """The place of a value that is given when the question is asked."""

    def __init__(self, name: str, output_field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def filled(self, values: dict[str, Any]) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


def number(name: str) -> Any:
    return Slot(name, models.BigIntegerField())


def text(name: str) -> Any:
    return Slot(name, models.TextField())


def moment(name: str) -> Any:
    return Slot(name, models.DateTimeField())


class Prepared(Generic[Row]):
    """A QuerySet with slots. `make` is called once: what it says of "now" would be true once, so it takes a slot."""

    def __init__(self, make: "Callable[[], models.QuerySet[Row]]") -> None:
        self._make = make

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        compiler = self._make().query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        compiler.get_converters = lambda expressions: converters
        return compiler, sql, tuple(values)

    @property
    def sql(self) -> tuple[str, tuple[Any, ...]]:
        return self._compiled[1:]

    @property
    def columns(self) -> list[str]:
        """The types of what a row holds, as the database names them."""
        return [column.output_field.db_type(connection) or "" for column, *_ in self._compiled[0].select]

    @property
    def model(self) -> type[Row]:
        return self._compiled[0].query.model  # type: ignore[return-value]

    def ask(self, **values: Any) -> Rows:
        """The rows as the database gives them: plain values, by which what is made of them can be remembered."""
        return _answers(*self.sql, values)

    def read(self, rows: Rows) -> list[Row]:
        """Rows as the QuerySet would have them, with what it follows by select_related()."""
        compiler = copy(self._compiled[0])
        compiler.connection = connection
        compiler.execute_sql = lambda *args, **kwargs: [rows]  # type: ignore[assignment]
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        answered: Any = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})
        return list(ModelIterable(answered))

    def all(self, **values: Any) -> list[Row]:
        return self.read(self.ask(**values))


class Together:
    """Several questions in one, each answered by rows of its own, in no order."""

    def __init__(self, *questions: Prepared[Any]) -> None:
        self._questions = questions

    @cached_property
    def _compiled(self) -> tuple[str, list[Any]]:
        parts: list[str] = []
        places: list[Any] = []
        columns = [question.columns for question in self._questions]
        for n, question in enumerate(self._questions):
            sql, own_places = question.sql
            # Of columns that are NULL in two parts, PostgreSQL would take the type for text.
            beside = [[f"CAST(NULL AS {name})" for name in names] for names in columns]
            beside[n] = [f"part{n}.*"]
            parts.append(f"SELECT {n}, {', '.join(chain(*beside))} FROM ({sql}) AS part{n}")  # noqa: S608
            places += own_places
        return " UNION ALL ".join(parts), places

    @cached_property
    def _within(self) -> list[slice]:
        """Where in a row the answer to each stands."""
        ends = list(accumulate((len(question.columns) for question in self._questions), initial=1))
        return [slice(start, end) for start, end in pairwise(ends)]

    def all(self, **values: Any) -> list[list[Any]]:
        rows = _answers(*self._compiled, values)
        return [
            question.read(tuple(row[within] for row in rows if row[0] == n))
            for n, (question, within) in enumerate(zip(self._questions, self._within, strict=True))
        ]


def _answers(sql: str, places: Iterable[Any], values: dict[str, Any]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(sql, [place.filled(values) if isinstance(place, Slot) else place for place in places])
        return tuple(cursor.fetchall())
