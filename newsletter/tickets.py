"""The button that must be pressed where many sign-ups come from: a signed time, and a number that is spent once.

It costs a person a press, and a robot a second request, two seconds, and a network address that is not yet known.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from .models import Ticket

SOONEST, LATEST = timedelta(seconds=2), timedelta(hours=1)
_SALT = "newsletter.tickets"


def issue(data: dict[str, Any], at: datetime) -> str:
    return signing.dumps({"data": data, "at": at.timestamp(), "number": secrets.token_hex(16)}, salt=_SALT)


def redeem(ticket: str, at: datetime) -> tuple[dict[str, Any] | None, str]:
    """What was signed up for, or why the button must be pressed again; neither when there is nothing to press."""
    try:
        read = signing.loads(ticket, salt=_SALT)
    except signing.BadSignature:
        return None, ""
    age = at.timestamp() - read["at"]
    if age > LATEST.total_seconds():
        return None, ""
    if age < SOONEST.total_seconds():
        return read["data"], "That was quick. Please press once more."
    return (read["data"], "") if Ticket.objects.spend(read["number"], at) else (None, "")
