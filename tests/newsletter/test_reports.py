"""Bounces and complaints: whom they are about, and what they count."""

import io
from base64 import b64encode
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.core.management import call_command
from django.utils import timezone

from newsletter.bounces import score
from newsletter.models import Suppression
from newsletter.reports import Kind, read, settle, status_in
from newsletter.sending import send_due
from tests.newsletter.bounce_shapes import NOTHING, WHO, letter, reports
from tests.newsletter.makers import make_edition, make_subscriber


def dsn(*, status="5.1.1", action="failed", original="", final="rfc822; ann@example.org", returned="", diagnostic=""):
    """A report as RFC 3464 has it."""
    fields = ["Reporting-MTA: dns; mx.example", "", *([f"Original-Recipient: {original}"] if original else [])]
    fields += [f"Final-Recipient: {final}"] if final else []
    fields += [
        f"Action: {action}",
        f"Status: {status}",
        *([f"Diagnostic-Code: smtp; {diagnostic}"] if diagnostic else []),
    ]
    return "\r\n".join([
        "From: MAILER-DAEMON@mx.example", "To: letters@journal.example", "Subject: Undelivered", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "", "--b", "Content-Type: text/plain", "",
        "Your mail could not be delivered.", "", "--b", "Content-Type: message/delivery-status", "", *fields, "", "--b",
        "Content-Type: message/rfc822", "", returned or "Subject: x", "", "Text.", "", "--b--", "",
    ]).encode()  # fmt: skip


def arf(original="ann@example.org", returned=""):
    """A complaint as RFC 5965 has it."""
    named = [f"Original-Rcpt-To: {original}"] if original else []
    return "\r\n".join([
        "From: feedback@provider.example", "To: letters@journal.example", "Subject: FW: x", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"', "", "--b", "Content-Type: text/plain", "",
        "A user complained.", "", "--b", "Content-Type: message/feedback-report", "", "Feedback-Type: abuse", "Version: 1", *named,
        "", "--b", "Content-Type: message/rfc822", "", returned or "Subject: x", "", "Text.", "", "--b--", "",
    ]).encode()  # fmt: skip


def plain(text, sender="MAILER-DAEMON@mx.example", subject="Delivery failed", **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "letters@journal.example", subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


@pytest.mark.parametrize(("raw", "kind", "address", "status"), [
    (dsn(), Kind.BOUNCE, "ann@example.org", "5.1.1"),
    (dsn(original="rfc822;Ann@example.org", final="rfc822;other@relay.example"), Kind.BOUNCE, "Ann@example.org", "5.1.1"),
    (dsn(final="", returned="To: ann@example.org\r\nSubject: x"), Kind.BOUNCE, "ann@example.org", "5.1.1"),
    (dsn(status="5.0.0", diagnostic="550 5.2.2 mailbox full"), Kind.BOUNCE, "ann@example.org", "5.2.2"),
    (dsn(status="5.0.0", diagnostic="550 user unknown"), Kind.BOUNCE, "ann@example.org", "5.1.1"),
    (dsn(status="5.0.0", diagnostic="554 blocked by our policy"), Kind.BOUNCE, "ann@example.org", "5.7.1"),
    (dsn(status="5.7.1"), Kind.BOUNCE, "ann@example.org", "5.7.1"),
    (dsn(status="4.4.7"), Kind.BOUNCE, "ann@example.org", "4.4.7"),
    (dsn(action="delayed", status="4.4.1"), Kind.NOTHING, None, ""),
    (dsn(action="delivered", status="2.0.0"), Kind.NOTHING, None, ""),
    (plain("550 5.1.1 <ann@example.org>: user unknown"), Kind.BOUNCE, "ann@example.org", "5.1.1"),
    (plain("Hi. This is the qmail-send program.\n<ann@example.org>:\nSorry, no mailbox here by that name."), Kind.BOUNCE, "ann@example.org", "5.1.1"),
    (plain("ann@example.org\nThe mailbox is full."), Kind.BOUNCE, "ann@example.org", "4.2.2"),
    (plain("I am away until Monday. 550 things to do.", sender="ann@example.org", subject="Out of office"), Kind.NOTHING, None, ""),
    (plain("Away.", sender="ann@example.org", Auto_Submitted="auto-replied"), Kind.NOTHING, None, ""),
    (plain("Dear editor, the user unknown to you is me.", sender="reader@example.org", subject="Your last edition"), Kind.NOTHING, None, ""),
    (arf(), Kind.COMPLAINT, "ann@example.org", ""),
    (arf(original="", returned="To: ann@example.org"), Kind.COMPLAINT, "ann@example.org", ""),
    (b"", Kind.NOTHING, None, ""),
    (b"\xff\0\r\n\r\n" * 50, Kind.NOTHING, None, ""),
    (b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\xff\r\n--x--", Kind.BOUNCE, None, "5.0.0"),
])  # fmt: skip
def test_a_report_is_read_in_all_its_forms(raw, kind, address, status):
    report = read(raw)
    assert (report.kind, report.addresses[:1], report.status) == (kind, (address,) if address else (), status)


def test_whom_a_report_is_about_is_found_whoever_wrote_it():
    """In ninety reports of all makes, in five languages; what it counts for is what the report means."""
    wrong = {}
    for name, raw, means in reports():
        report = read(raw)
        found = (report.kind, *(address.lower() for address in report.addresses[:1]), report.status)
        if found != (Kind.BOUNCE, WHO, means):
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize(("sender", "subject", "text"), NOTHING)
def test_who_is_away_and_what_is_only_late_is_no_bounce(sender, subject, text):
    assert read(letter(sender, subject, text)).kind is Kind.NOTHING


@pytest.mark.parametrize(
    ("said", "status"), [("451 4.3.0 x", "4.3.0"), ("552 x", "5.0.0"), ("nothing", "5.0.0"), ("Over quota", "4.2.2")]
)
def test_a_status_is_found_or_inferred(said, status):
    assert status_in(said) == status


@pytest.fixture
def mailed(db, sink):
    """A reader who was sent an edition, and the mail."""
    ann = make_subscriber("ann@example.org")
    make_edition()
    send_due()
    return SimpleNamespace(reader=ann, delivery=ann.deliveries.get(), message_id=sink.mails[0]["Message-ID"])


def state_after(mailed, raw, at=None):
    settle(read(raw), at or timezone.now())
    mailed.reader.refresh_from_db()
    return mailed.reader.state


def test_no_such_person_ends_it_at_once(mailed):
    assert state_after(mailed, dsn()) == "bounced"
    mailed.delivery.refresh_from_db()
    assert mailed.delivery.bounced_at
    assert Suppression.objects.get().reason == "bounced"


def test_a_complaint_ends_it_at_once(mailed):
    assert state_after(mailed, arf()) == "complained"


def test_our_own_message_id_finds_a_person_whom_no_address_names(mailed):
    assert (
        state_after(mailed, arf(original="", returned=f"Message-ID: {mailed.message_id}\r\nTo: redacted"))
        == "complained"
    )


def test_a_message_id_that_somebody_made_up_finds_nobody(mailed):
    forged = f"<{mailed.delivery.pk}.0123456789abcdef@journal.example>"
    assert state_after(mailed, arf(original="", returned=f"Message-ID: {forged}")) == "active"


def test_somebody_who_was_sent_nothing_is_not_taken_out_by_a_stranger(mailed):
    bo = make_subscriber("bo@example.org")
    assert settle(read(arf("bo@example.org")), timezone.now()) == "It is about nobody who is written to."
    bo.refresh_from_db()
    assert bo.state == "active"


def test_what_a_filter_thinks_never_counts_against_a_person(mailed):
    for n in range(20):
        assert state_after(mailed, dsn(status="5.7.1"), timezone.now() + timedelta(days=n)) == "active"
    assert mailed.reader.bounces == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "days"), [("5.2.2", 5), ("4.2.2", 10)])
def test_bounces_are_scored_as_mailman_does(status, days):
    reader, now = make_subscriber(), timezone.now()
    for n in range(days):
        assert reader.state == "active", n
        score(reader, status, now + timedelta(days=n))
        score(reader, status, now + timedelta(days=n, minutes=5))  # one a day counts
    assert reader.state == "bounced"


@pytest.mark.django_db
def test_old_bounces_are_forgiven():
    reader, now = make_subscriber(), timezone.now()
    for n in range(4):
        score(reader, "5.2.2", now + timedelta(days=n))
    score(reader, "5.2.2", now + timedelta(days=40))
    assert (reader.bounces, reader.state) == (1, "active")


def test_a_mail_server_pipes_it_in_or_leaves_it_in_a_folder(mailed, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(dsn(status="4.2.2"))))
    call_command("receive_report")
    assert "4.2.2, counted" in capsys.readouterr().out
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1").write_bytes(arf())
    call_command("receive_report", maildir=tmp_path)
    assert "complained" in capsys.readouterr().out
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(("told", "state"), [
    ({"RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Email": "ann@example.org", "Details": "550 5.1.1 no such user"}, "bounced"),
    ({"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512, "Email": "ann@example.org"}, "complained"),
    ({"RecordType": "Bounce", "Type": "SoftBounce", "TypeCode": 4096, "Email": "ann@example.org", "Details": "452 4.2.2 full"}, "active"),
    ({"RecordType": "Open", "Recipient": "ann@example.org"}, "active"),
    ({"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512, "Email": "never@example.org"}, "active"),
])  # fmt: skip
def test_a_provider_tells_by_its_webhook(mailed, settings, rf, told, state):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "who:knows"}
    view = PostmarkTrackingWebhookView.as_view()
    secret = {"authorization": f"Basic {b64encode(b'who:knows').decode()}"}
    at = {"BouncedAt": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}", "ReceivedAt": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"}
    message = {"MessageID": "x", "Metadata": {}, **at, **told}
    assert view(rf.post("/anymail/postmark/tracking/", message, "application/json", headers=secret)).status_code == 200
    mailed.reader.refresh_from_db()
    assert mailed.reader.state == state


def test_a_stranger_tells_nothing(mailed, settings, rf):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "who:knows"}
    with pytest.raises(AnymailWebhookValidationFailure):
        PostmarkTrackingWebhookView.as_view()(rf.post("/anymail/postmark/tracking/", {}, "application/json"))
