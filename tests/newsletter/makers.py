from itertools import count

from django.utils import timezone

from newsletter.models import Edition, Event, Item, Subscriber, digest_of, flags

_n = count(1)


def make_subscriber(email="", interests=("articles",), **fields):
    email = email or f"reader{next(_n)}@example.org"
    defaults = {"confirmed_at": timezone.now(), "person": digest_of(email)} | flags(interests)
    return Subscriber.objects.create(email=email, **defaults | fields)


def make_edition(*things, scheduled=True, **fields):
    """With articles, publications and events in that order; due now."""
    edition = Edition.objects.create(**{"subject": f"Edition {next(_n)}", "body": "<p>Dear reader.</p>"} | fields)
    for position, thing in enumerate(things, 1):
        Item.objects.create(edition=edition, position=position, **{thing._meta.model_name: thing})
    if scheduled:
        edition.schedule(timezone.now())
    return edition


def make_event(**fields):
    return Event.objects.create(**{"title": f"Event {next(_n)}", "starts_at": timezone.now()} | fields)
