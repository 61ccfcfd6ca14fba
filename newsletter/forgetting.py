"""What is kept for a time only. docs/newsletter.md says how long, and so does the page on privacy."""

from datetime import datetime

from django.utils import timezone

from .models import Knock, Letter, Signup, Subscriber, Ticket

BRIEF = (Knock, Letter, Ticket)


def forget(at: datetime | None = None) -> int:
    """Delete what its time is over. The ledger and the suppressions name nobody, and stay. Returns how many rows."""
    at = at or timezone.now()
    tables = (Signup.objects.old(at), Subscriber.objects.to_forget(at), *(kind.objects.old(at) for kind in BRIEF))
    return sum(rows.delete()[0] for rows in tables)
