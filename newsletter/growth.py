"""How many came and how many left, month by month. From the ledger, so that an erasure changes no past month."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from .models import Consent

MONTHS = 12
CAME = (Consent.Kind.CONFIRMED, Consent.Kind.IMPORTED)
LEFT = (Consent.Kind.BOUNCED, Consent.Kind.COMPLAINED, Consent.Kind.ERASED)
_LEFT = Q(kind__in=LEFT) | Q(kind=Consent.Kind.LEFT, note="")  # a reason that is given later is a row of its own


@dataclass(frozen=True)
class Month:
    name: str
    came: int
    left: int
    x: int
    came_height: float  # of 50
    left_height: float

    @property
    def left_end(self) -> float:
        return 50 + self.left_height


def growth(at: datetime) -> list[Month]:
    """The last twelve months that anything happened in, one query."""
    rows = (
        Consent.objects.filter(at__gt=at.replace(year=at.year - 1, day=1), at__lte=at)
        .order_by()
        .annotate(month=TruncMonth("at"))
        .values_list("month")
        .annotate(came=Count("pk", filter=Q(kind__in=CAME)), left=Count("pk", filter=_LEFT))
        .order_by("month")
    )
    found = [(month, came, left) for month, came, left in rows if came or left][-MONTHS:]
    most = max([n for _, came, left in found for n in (came, left)], default=1)
    return [
        Month(f"{month:%B %Y}", came, left, x, round(48 * came / most, 1), round(48 * left / most, 1))
        for x, (month, came, left) in enumerate(found)
    ]
