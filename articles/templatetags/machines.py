"""Moments as machines write them: in UTC, since RFC 3339 has no room for the offsets of 1850."""

from datetime import UTC, datetime
from email.utils import format_datetime

from django import template

from articles import machines

register = template.Library()
register.filter("absolute", machines.absolute)


@register.filter
def rfc3339(moment: datetime) -> str:
    """'2016-03-15T12:00:00Z'"""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@register.filter
def rfc822(moment: datetime) -> str:
    """'Tue, 15 Mar 2016 12:00:00 GMT'"""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
