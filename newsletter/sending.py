"""Editions go out. What is done with a mail is in its row before it is handed over, and again after it.

A process may be killed at any line: what it had not begun is waiting, and the one mail that it was handing over is
unsure. That one is not sent again unless an editor says so.
"""

import logging
import secrets
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from . import composing, mime
from .addresses import domain_of
from .bounces import refused
from .mime import Mould
from .models import Delivery, Edition, SlowDomain
from .models.delivery import GIVE_UP
from .transport import Fate, Outcome, Recipient, Transport, open_transport

BATCH = 200
IN_A_ROW = 3  # mails without a receipt, after which nobody should go on unasked
NO_RECEIPTS = "Paused, since three mails in a row got no receipt. Ask your operator about the mail server, then go on."
HEARD_OF = timedelta(seconds=20)  # how often a sender says that it is there
CLOSED = "It does not add up: {sum} of {recipients} recipients are accounted for."
log = logging.getLogger(__name__)
S, E = Delivery.State, Edition.State

# All that is said to the database between two mails: what became of the last, and that the next is begun. One
# statement is one transaction, and one wait.
_STEP = f"""
    UPDATE {Delivery._meta.db_table} SET
        state = CASE id WHEN %(last)s THEN %(state)s ELSE 'sending' END,
        done_at = CASE id WHEN %(last)s THEN %(done_at)s ELSE done_at END,
        due_at = CASE id WHEN %(last)s THEN %(due_at)s ELSE due_at END,
        code = CASE id WHEN %(last)s THEN %(code)s ELSE code END,
        reason = CASE id WHEN %(last)s THEN %(reason)s ELSE reason END,
        sender = CASE id WHEN %(last)s THEN '' ELSE sender END,
        attempts = CASE id WHEN %(last)s THEN attempts ELSE attempts + 1 END,
        first_at = CASE id WHEN %(last)s THEN first_at ELSE COALESCE(first_at, %(now)s) END,
        claimed_at = CASE id WHEN %(last)s THEN claimed_at ELSE %(now)s END
    WHERE id IN (%(last)s, %(next)s) AND CASE id WHEN %(last)s THEN state IN ('sending', 'unsure') ELSE
        state = 'waiting' AND sender = %(sender)s
        AND (SELECT s.state FROM newsletter_subscriber s WHERE s.id = subscriber_id) = 'active'
        AND (SELECT e.state FROM newsletter_edition e WHERE e.id = edition_id) = 'sending' END
    RETURNING id"""
_NOTHING = dict.fromkeys(("last", "state", "done_at", "due_at", "code", "reason"))


def send_due(stop: threading.Event | None = None) -> Counter[str]:
    """All mail work that is due, until it is done or `stop` is set. Returns how many mails met which fate."""
    sender = Sender(stop or threading.Event())
    try:
        Delivery.objects.take_back(timezone.now())
        for edition in Edition.objects.due(timezone.now()):
            start(edition, timezone.now())
        for edition in Edition.objects.sending():
            sender.send(edition)
    finally:
        sender.close()
    return sender.fates


@transaction.atomic
def start(edition: Edition, at: datetime) -> bool:
    """Write the mail, and a row for each recipient: once, whoever else tries at the same moment."""
    scheduled = Edition.objects.filter(pk=edition.pk, state=E.SCHEDULED)
    if not scheduled.update(state=E.SENDING, started_at=at):
        return False
    edition.refresh_from_db()
    contents = composing.contents_of(edition, at)
    if trouble := _trouble(edition, contents):
        Edition.objects.filter(pk=edition.pk).update(
            state=E.DRAFT, started_at=None, send_at=None, trouble=trouble[:300]
        )
        return False
    marks = mime.new_marks()
    letter = composing.write(edition, contents, marks)
    edition.recipients = Delivery.objects.address(edition, at)
    edition.mail_html, edition.mail_text, edition.trouble = letter.html, letter.text, ""
    edition.marks = f"{marks.leave} {marks.choose}"
    edition.save(update_fields=["recipients", "mail_html", "mail_text", "marks", "trouble", "changed_at"])
    return True


def _trouble(edition: Edition, contents: composing.Contents) -> str:
    if contents.hidden:
        return f"It was not sent, since readers may not see this yet: {', '.join(contents.hidden)}."
    return "" if contents or edition.body else "It was not sent, since there is nothing in it."


def mould_of(edition: Edition) -> Mould:
    return Mould(edition.subject, edition.mail_text, edition.mail_html, mime.Marks(*edition.marks.split()))


class Sender:
    """One process that hands mails over, one after another, at its pace."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.name = secrets.token_hex(16)
        self.host = domain_of(mime.sender()[1])
        self.transport: Transport | None = None
        self.fates: Counter[str] = Counter()
        self.next_at = time.monotonic()
        self.without_receipt = 0  # mails in a row
        self.open: set[str] = set()  # domains that have taken a mail since they last said "not so fast"
        self.heard_of = timezone.now()

    def send(self, edition: Edition) -> None:
        mould = mould_of(edition)
        goes_on = True
        while goes_on and not self.stop.is_set():
            now = timezone.now()
            resting = SlowDomain.objects.now(now)
            batch = Delivery.objects.claim(edition, self.name, resting, BATCH, now)
            if not batch:
                break
            goes_on = self._send_batch(edition, mould, batch)
        finish(edition, timezone.now())

    def _send_batch(self, edition: Edition, mould: Mould, batch: list[Delivery]) -> bool:
        """Whether there is a next batch: not when the server takes no mail, nor when the edition is held."""
        resting: set[str] = set()
        last: tuple[Delivery, Outcome] | None = None
        try:
            for delivery, following in zip(batch, [*batch[1:], None], strict=True):
                if self.stop.is_set() or delivery.domain in resting:
                    continue
                self._keep_pace()
                may_go = self._step(last, delivery)
                last = None
                if not may_go:
                    if not self._leave_out(delivery):
                        return False
                    continue
                outcome = self._hand_over(mould, delivery, following)
                last = (delivery, outcome)
                if outcome.fate is Fate.BUSY:
                    resting.add(delivery.domain)
                self.without_receipt = self.without_receipt + 1 if outcome.fate is Fate.UNSURE else 0
                if self.without_receipt == IN_A_ROW:
                    edition.pause(NO_RECEIPTS)
                    return False
                if outcome.fate is Fate.DOWN:
                    Edition.objects.filter(pk=edition.pk).update(trouble=outcome.reason[:300])
                    return False
            return True
        finally:
            self._settle(last)

    def _settle(self, last: tuple[Delivery, Outcome] | None) -> None:
        """A batch ends: what became of its last mail is written down, and what was not begun is anybody's."""
        self._step(last, None)
        Delivery.objects.release(self.name)

    def _keep_pace(self) -> None:
        """Mails leave at an even pace, so that neither our server nor theirs is rushed."""
        if settings.NEWSLETTER_RATE:
            self.next_at = max(self.next_at + 1 / settings.NEWSLETTER_RATE, time.monotonic())
            self.stop.wait(max(0.0, self.next_at - time.monotonic()))
        now = timezone.now()
        if now - self.heard_of > HEARD_OF:
            Delivery.objects.filter(sender=self.name).update(claimed_at=now)
            self.heard_of = now

    def _step(self, last: tuple[Delivery, Outcome] | None, following: Delivery | None) -> bool:
        """Commit what became of the last mail, and that the next one is begun; whether it may be."""
        now = timezone.now()
        result = self._result(*last, now) if last else _NOTHING
        begin = following.pk if following else None
        with connection.cursor() as cursor:
            cursor.execute(_STEP, result | {"next": begin, "sender": self.name, "now": _adapted(now)})
            may_go = (begin,) in cursor.fetchall()
        if last and last[1].fate is Fate.REFUSED:
            refused(last[0], last[1].code, now)
        return may_go

    def _hand_over(self, mould: Mould, delivery: Delivery, following: Delivery | None) -> Outcome:
        self.transport = self.transport or open_transport()
        person = delivery.subscriber
        assert person is not None  # else it would not have been begun
        to = Recipient(person.email, delivery.message_id(self.host), person.leave_token, person.choose_token)
        next_person = following and following.subscriber
        outcome = self.transport.send(mould, to, next_person.email if next_person else "")
        self.fates[outcome.fate.value] += 1
        return outcome

    def _result(self, delivery: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any]:
        """The row's new values. A reason is kept without the address that a server puts in it."""
        person = delivery.subscriber
        reason = outcome.reason.replace(person.email, "the address") if person else outcome.reason
        delivery.attempts += 1
        state, due = self._verdict(delivery, outcome, now)
        done = None if state == S.WAITING else _adapted(now)
        return {
            "last": delivery.pk, "state": state, "done_at": done, "due_at": _adapted(due), "code": outcome.code[:20],
            "reason": reason[:300],
        }  # fmt: skip

    def _verdict(self, delivery: Delivery, outcome: Outcome, now: datetime) -> tuple[str, datetime]:
        ends = {Fate.SENT: S.SENT, Fate.REFUSED: S.FAILED, Fate.UNSURE: S.UNSURE}
        if outcome.fate is Fate.SENT:
            self.open.add(delivery.domain)
        if outcome.fate in ends:
            return ends[outcome.fate], now
        if outcome.fate is Fate.DOWN:
            return S.WAITING, now
        if now - (delivery.first_at or now) > GIVE_UP:
            return S.FAILED, now
        if outcome.fate is Fate.BUSY:
            takes_some = delivery.domain in self.open
            self.open.discard(delivery.domain)
            return S.WAITING, SlowDomain.slow_down(delivery.domain, now, takes_some=takes_some)
        return S.WAITING, now + delivery.pause()

    def _leave_out(self, delivery: Delivery) -> bool:
        """Why a mail may not be begun: its reader left, or the edition is held, which ends the batch."""
        if not Edition.objects.sending().filter(pk=delivery.edition_id).exists():
            return False
        mine = Delivery.objects.filter(pk=delivery.pk, sender=self.name, state=S.WAITING)
        mine.update(state=S.SUPPRESSED, reason="Left before it was sent", done_at=timezone.now(), sender="")
        return True

    def close(self) -> None:
        if self.transport:
            self.transport.close()


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


@transaction.atomic
def finish(edition: Edition, at: datetime) -> bool:
    """Close the edition once every recipient is accounted for; an account that does not close is said, not hidden."""
    tally = edition.tally()
    if not tally.is_over:
        return False
    rows = Edition.objects.filter(pk=edition.pk, state=E.SENDING)
    if not tally.adds_up:
        rows.update(trouble=CLOSED.format(sum=sum(tally.counts.values()), recipients=tally.recipients))
        return False
    return bool(rows.update(state=E.SENT, finished_at=at, trouble=""))
