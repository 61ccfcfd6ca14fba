"""Who was refused stands in the audit log: one line a minute for each account, however many tries there are.

What was typed as a name that nobody has is kept nowhere: people type their password there.
"""

import re
from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from articles.audit import Act, note

from .throttle import network_of

WRONG_NAME = "A name that nobody has"
WRONG_PASSWORD = "A wrong password"
WRONG_CODE = "A wrong code of the second step"
TOO_MANY = "A password that was not looked at, after too many"
WHILE = timedelta(minutes=1)
NOBODY = "(nobody)"  # a name that no form of the desk gives; the log names an account in every line


@transaction.atomic
def refuse(request: HttpRequest, account: User | None, what: str) -> None:
    whose, network = account or _nobody(), network_of(request)
    lines = LogEntry.objects.filter(user=whose, action_flag=Act.REFUSED, action_time__gt=timezone.now() - WHILE)
    line = lines.filter(change_message__startswith=f"{what}, ").select_for_update().order_by("-pk").first()
    if line is None:
        note(Act.REFUSED, whose, f"{what}, from {network}.")
        return
    times = re.match(rf"{what}, (\d+) times", line.change_message)
    number = int(times[1]) + 1 if times else 2
    line.change_message = f"{what}, {number} times within a minute, the last time from {network}."
    line.save(update_fields=["change_message"])


def _nobody() -> User:
    closed = {"is_active": False, "password": make_password(None)}
    return User.objects.get_or_create(username=NOBODY, defaults=closed)[0]
