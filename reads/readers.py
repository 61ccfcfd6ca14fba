"""Who asks: a number that is good for a day, and whether it is a reader at all. Nothing here writes an address down."""

import hmac
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

from articles.visitors import address_of

from .counting import DOUBLE_CLICK, day_of
from .models import Salt

# What says that a page is loaded before anybody has asked to see it.
EAGER = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


class Reader(NamedTuple):
    number: int
    # In the first seconds of a day, the number of the day before: a double click may begin before midnight.
    before: int | None


def user_agent_of(request: HttpRequest) -> str:
    return request.META.get("HTTP_USER_AGENT", "")


def is_a_reader(request: HttpRequest) -> bool:
    """Neither the desk, nor a machine of ours, nor a browser that loads a page in case it is wanted."""
    if request.META.get("from_desk"):
        return False
    if any(request.headers.get(name) for name in EAGER):
        return False
    address = address_of(request)
    return not (address and any(ip_address(address) in network for network in settings.UNCOUNTED_NETWORKS))


# Salts that this process knows: today's, and for a minute yesterday's.
_salts: dict[date, bytes] = {}
KEPT_LONGER = timedelta(seconds=60)


def reader_of(request: HttpRequest, at: datetime) -> Reader:
    """The same number for the same address and user agent until midnight (UTC), and then never again."""
    words = f"{address_of(request)}\n{user_agent_of(request)}".encode()
    for day in [day for day in _salts if day < day_of(at - KEPT_LONGER).date()]:
        del _salts[day]
    today = day_of(at)
    before = None if at - today > DOUBLE_CLICK else _number(words, (today - timedelta(days=1)).date())
    return Reader(_number(words, today.date()), before)


def _number(words: bytes, day: date) -> int:
    if day not in _salts:
        _salts[day] = Salt.objects.of(day)
    return int.from_bytes(hmac.digest(_salts[day], words, "sha256")[:8], signed=True)
