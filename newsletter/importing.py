"""People from an older list, who have consented before. Without a proof of that there is no import."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from articles.sheets import restored

from .addresses import clean_address, domain_of
from .models import NAMES, Consent, Key, Subscriber, Suppression, digest, flags

CHUNK = 500


class Line(NamedTuple):
    number: int
    email: str
    interests: list[str]


def read(table: str, interests: list[str]) -> Iterator[Line]:
    """The lines of a CSV with a column "email", perhaps one "interests" ("events news"), which else are those given."""
    rows = csv.DictReader(StringIO(table.lstrip("\ufeff")))
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or []}
    if "email" not in names:
        raise ValidationError("The first line must name the columns, and one of them must be “email”.")
    for number, row in enumerate(rows, 2):
        own = (row.get(names.get("interests", "")) or "").lower().replace(",", " ").split()
        chosen = [name for name in own if name in NAMES] or interests
        yield Line(number, restored(row[names["email"]] or ""), chosen)


def take_in(
    lines: Iterable[Line], proof: str, at: datetime, *, dry_run: bool = False
) -> tuple[Counter[str], list[str]]:
    """How many are new, known, suppressed or no addresses, and which those are. The same list twice adds nobody."""
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    key, seen = Key.load(), set()
    people: dict[str, Line] = {}
    for line in lines:
        try:
            email = clean_address(line.email)
        except ValidationError as problem:
            tally["wrong"] += 1
            wrong.append(f"Line {line.number}: {problem.messages[0]}")
            continue
        person = digest(key, email)
        if person in seen:
            tally["known"] += 1
            continue
        seen.add(person)
        people[person] = line._replace(email=email)
        if len(people) == CHUNK:
            tally += _add(people, proof, at, dry_run)
            people = {}
    return tally + _add(people, proof, at, dry_run), wrong


@transaction.atomic
def _add(people: dict[str, Line], proof: str, at: datetime, dry_run: bool) -> Counter[str]:
    known = set(Subscriber.objects.filter(person__in=people).values_list("person", flat=True))
    suppressed = set(Suppression.objects.filter(person__in=people).values_list("person", flat=True)) - known
    new = {person: line for person, line in people.items() if person not in known | suppressed}
    if not dry_run:
        Subscriber.objects.bulk_create(
            Subscriber(
                person=person, email=line.email, domain=domain_of(line.email), confirmed_at=at, **flags(line.interests)
            )
            for person, line in new.items()
        )
        Consent.objects.bulk_create(
            Consent(
                person=person, kind=Consent.Kind.IMPORTED, at=at, interests=" ".join(line.interests), note=proof[:300]
            )
            for person, line in new.items()
        )
    return Counter(new=len(new), known=len(known), suppressed=len(suppressed))
