"""What we can show of a consent, what we tell a person, and what is left of somebody who is forgotten."""

import csv
import json
from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from newsletter.forgetting import forget
from newsletter.models import WORDING, Consent, Knock, Letter, Signup, Subscriber, Suppression, Ticket
from newsletter.signing_up import mail_waiting
from tests.newsletter.test_signing_up import link_in, sign_up, subscribe

pytestmark = pytest.mark.django_db


def printed(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def dump():
    """All that the database holds, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += map(repr, cursor.fetchall())
    return "\n".join(rows).lower()


def test_the_ledger_says_who_agreed_to_what_when_and_where(client):
    client.post(
        "/newsletter/", {"email": "ann@example.org", "interests": ["news"]}, headers={"referer": "http://localhost:8000/articles/grain/?a=b"},
        REMOTE_ADDR="192.0.2.7",
    )  # fmt: skip
    mail_waiting()
    client.post(link_in(mail.outbox[0]), REMOTE_ADDR="192.0.2.8")
    asked, confirmed = Consent.objects.all()
    ann = Subscriber.objects.get()
    for row in (asked, confirmed):
        assert (row.person, row.interests, row.form, row.wording.text) == (
            ann.person,
            "news",
            "/articles/grain/",
            WORDING,
        )
        assert row.wording.digest == sha256(WORDING.encode()).hexdigest()
    assert asked.at <= confirmed.at
    assert (ann.asked_from, ann.confirmed_from) == ("192.0.2.7", "192.0.2.8")
    head, *rows = csv.reader(StringIO(printed("consent_ledger")))
    assert [dict(zip(head, row, strict=True))["what"] for row in rows] == ["Signed up", "Confirmed by the link"]
    assert "ann@" not in printed("consent_ledger")


def test_a_form_on_another_site_is_not_written_into_it(client):
    client.post(
        "/newsletter/",
        {"email": "ann@example.org", "interests": ["news"]},
        headers={"referer": "https://evil.example/x"},
    )
    assert Signup.objects.get().form == "/newsletter/"


def test_it_is_only_added_to(client):
    subscribe(client)
    row = Consent.objects.first()
    for attempt in (row.save, row.delete, Consent.objects.all().delete, lambda: Consent.objects.update(note="x")):
        with pytest.raises(TypeError, match="only added to"):
            attempt()


def test_a_person_is_told_all_that_is_known(client):
    subscribe(client)
    known = json.loads(printed("newsletter_person", "Ann@example.org", "--export"))
    assert {name: len(rows) for name, rows in known.items()} == {
        "subscriber": 1, "sign-up": 0, "consent": 2, "suppression": 0, "mails that asked to confirm": 1,
    }  # fmt: skip
    assert known["subscriber"][0]["email"] == "ann@example.org"
    assert known["consent"][0]["wording"] == WORDING
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("newsletter_person", "ann", "--export")


def test_of_who_is_erased_no_address_is_left_and_nobody_writes_to_them_again(client):
    ann = subscribe(client)
    sign_up(client, email="bo@example.org")
    assert "ann@example.org" in dump()
    assert "Forgotten" in printed("newsletter_person", "ann@example.org", "--erase")
    printed("newsletter_person", "BO@example.org", "--erase")
    left = dump()
    assert "ann@example.org" not in left
    assert "bo@example.org" not in left
    assert Suppression.objects.filter(person=ann.person, reason="erased").exists()
    assert client.post(f"/newsletter/unsubscribe/{ann.leave_token}/").status_code == 200
    assert "Nothing was known" in printed("newsletter_person", "ann@example.org", "--erase")


def test_what_is_kept_for_a_time_is_kept_no_longer(client):
    now = timezone.now()
    left = subscribe(client)
    left.stop(Consent.Kind.LEFT, now)
    sign_up(client, email="bo@example.com")
    Ticket.objects.spend("x", now)
    forget(now)
    assert all(model.objects.exists() for model in (Subscriber, Signup, Knock, Letter, Ticket))
    forget(now + timedelta(days=7, minutes=1))
    assert not any(model.objects.exists() for model in (Signup, Knock, Ticket))
    forget(now + timedelta(days=30, minutes=1))
    assert not any(model.objects.exists() for model in (Subscriber, Letter))
    assert Consent.objects.count() == 3
    assert Suppression.objects.count() == 1
