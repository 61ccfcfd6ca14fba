"""One person, whole: what is known of them, and how it is forgotten."""

from datetime import datetime
from typing import Any

from django.db import transaction

from .addresses import clean_address, mailbox_of
from .models import Consent, Letter, Signup, Subscriber, Suppression, digest_of


def export(email: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is about this address, for the person who asks (GDPR, article 15)."""
    email = clean_address(email)
    person = digest_of(email)
    tables: dict[str, Any] = {
        "subscriber": Subscriber.objects.filter(person=person),
        "sign-up": Signup.objects.filter(person=person),
        "consent": Consent.objects.of(person),
        "suppression": Suppression.objects.filter(person=person),
        "mails that asked to confirm": Letter.objects.filter(mailbox=digest_of(mailbox_of(email))),
    }
    return {name: [_row(row) for row in rows] for name, rows in tables.items()}


def _row(row: Any) -> dict[str, Any]:
    values = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
    if isinstance(row, Consent) and row.wording:
        values["wording"] = row.wording.text
    return values


@transaction.atomic
def erase(email: str, at: datetime) -> bool:
    """Forget an address (GDPR, article 17), and never write to it again; whether there was anything to forget.

    The ledger stays: its rows name a person by a keyed hash, so that consent and its end can still be shown.
    """
    person = digest_of(clean_address(email))
    found = Subscriber.objects.filter(person=person).delete()[0] + Signup.objects.filter(person=person).delete()[0]
    Consent.objects.note(Consent.Kind.ERASED, person, at)
    Suppression.objects.add_person(person, Consent.Kind.ERASED, at)
    return bool(found)
