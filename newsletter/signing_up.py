"""The queue of sign-ups: whoever asked, may be asked and is waiting gets a link to confirm."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.cache import cache
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from . import emails
from .models import Letter, Signup
from .models.subscriber import new_token

AT_ONCE = 200
AGAIN = timedelta(minutes=2)
log = logging.getLogger(__name__)


def mail_waiting(at: datetime | None = None) -> int:
    """Mail what is waiting, as far as the hour has room. Returns how many."""
    at = at or timezone.now()
    waiting = list(Signup.objects.due(at)[:AT_ONCE])
    if not waiting:
        return 0
    sent, room, connection = 0, Letter.objects.room(settings.NEWSLETTER_CONFIRMATIONS_PER_HOUR, at), get_connection()
    try:
        for signup in waiting:
            if room - sent <= 0:
                _alarm()
                break
            if signup.take(at):
                sent += _mail(signup, at, connection)
    finally:
        connection.close()
    return sent


def _mail(signup: Signup, at: datetime, connection: BaseEmailBackend) -> bool:
    """Ask to confirm, unless this mailbox was asked lately. Nobody who asks can tell which of the two happened."""
    rows = Signup.objects.filter(pk=signup.pk)
    if not Letter.objects.may_go_to(signup.email, at):
        rows.update(is_waiting=False)
        return False
    if not signup.is_live(at):  # a link that was good for its time is never good again
        signup.token = new_token()
    rows.update(token=signup.token, mailed_at=at)
    letter = Letter.objects.note(signup.email, at)
    try:
        emails.ask_to_confirm(signup, connection)
    except (OSError, SMTPException) as problem:
        letter.delete()
        rows.update(due_at=at + AGAIN)
        log.warning("A link to confirm could not be mailed: %s", type(problem).__name__)
        return False
    rows.update(is_waiting=False)
    return True


def _alarm() -> None:
    if cache.add("newsletter-confirmations", 1, 3600):
        log.error(
            "More than %d people asked for the newsletter within an hour; the others wait. Somebody may be signing up "
            "strangers: see “Too many sign-ups” in docs/newsletter.md.",
            settings.NEWSLETTER_CONFIRMATIONS_PER_HOUR,
        )
