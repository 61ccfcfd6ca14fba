"""The sample journal's newsletter: events, five hundred people who do not exist, and an edition that they got."""

from datetime import datetime, timedelta
from itertools import islice, product
from random import Random
from typing import Any

from articles.models import Issue
from newsletter.composing import compose_from
from newsletter.models import (
    NAMES,
    WORDING,
    Consent,
    Delivery,
    Edition,
    Event,
    Item,
    Key,
    Subscriber,
    Suppression,
    Wording,
    digest,
    flags,
)


def add_newsletter(data: dict[str, Any]) -> None:
    for about in data["event"]:
        Event.objects.create(**about)
    at = data["edition"]["started_at"]
    readers = _add_subscribers(data["subscribers"], at)
    _add_edition(data["edition"], readers, at)


def _add_subscribers(about: dict[str, Any], at: datetime) -> list[Subscriber]:
    """They came over a year, and some of them left."""
    chance, key = Random(7), Key.load()  # noqa: S311  (the same people each time)
    names = list(product(about["first_names"], about["last_names"], ("", "1")))
    chance.shuffle(names)
    people = []
    for n, (first, last, digit) in enumerate(islice(names, about["number"])):
        domain = chance.choice(about["domains"])
        email = f"{first}.{last}{digit}@{domain}"
        since = at - timedelta(days=360 * (1 - n / about["number"]) + chance.random() * 4 + 1)
        chosen = flags(chance.sample(list(NAMES), chance.randint(1, 3)))
        people.append(Subscriber(email=email, domain=domain, person=digest(key, email), confirmed_at=since, **chosen))
    for person in chance.sample(people[: len(people) * 4 // 5], about["left"]):
        person.state, person.left_at = (
            Subscriber.State.LEFT,
            person.confirmed_at + timedelta(days=chance.randint(20, 60)),
        )
    Subscriber.objects.bulk_create(people)
    _note(people, at)
    return people


def _note(people: list[Subscriber], at: datetime) -> None:
    wording = Wording.objects.of(WORDING, at - timedelta(days=366))
    rows = []
    for person in people:
        about = {
            "person": person.person,
            "wording": wording,
            "form": "/newsletter/",
            "interests": " ".join(person.interests),
        }
        rows.append(Consent(kind=Consent.Kind.ASKED, at=person.confirmed_at - timedelta(minutes=3), **about))
        rows.append(Consent(kind=Consent.Kind.CONFIRMED, at=person.confirmed_at, **about))
        if person.left_at:
            rows.append(Consent(kind=Consent.Kind.LEFT, at=person.left_at, person=person.person))
    Consent.objects.bulk_create(rows)
    gone = [(person.person, person.left_at) for person in people if person.left_at]
    Suppression.objects.bulk_create(Suppression(person=person, reason="left", at=left_at) for person, left_at in gone)


def _add_edition(about: dict[str, Any], people: list[Subscriber], at: datetime) -> None:
    edition = compose_from(Issue.objects.get(date=about["issue"]), at)
    for name in ("subject", "slug", "preheader", "body"):
        setattr(edition, name, about[name])
    edition.items.filter(event__isnull=False).delete()
    events = Event.objects.in_bulk(about["events"], field_name="slug")
    Item.objects.bulk_create(Item(edition=edition, event=events[slug]) for slug in about["events"])
    readers = [person for person in people if person.wants_articles and not person.left_at]
    edition.state, edition.started_at, edition.recipients = Edition.State.SENT, at, len(readers)
    edition.finished_at = at + timedelta(seconds=len(readers) / 20)
    edition.save()
    Delivery.objects.bulk_create(
        Delivery(
            edition=edition, subscriber=reader, person=reader.person, domain=reader.domain, state=Delivery.State.SENT,
            attempts=1, due_at=at, first_at=at, done_at=at + timedelta(seconds=n / 20),
        )
        for n, reader in enumerate(readers)
    )  # fmt: skip
