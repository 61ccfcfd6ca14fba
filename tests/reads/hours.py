"""What is counted already, for tests of what is shown of it."""

from datetime import UTC, date, datetime

from articles.models import Article
from reads.models import Hour, SourceDay, Total

TODAY = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


def at(text: str) -> datetime:
    """'2026-11-25 14' is an hour of UTC; without one, it is noon."""
    return datetime.fromisoformat(text if " " in text else f"{text} 12").replace(tzinfo=UTC)


def was_read(article: Article, when: str, total: int, *, pdf: int = 0, uniques: int = 0, robots: int = 0, **hosts: int):
    """In an hour; `a_example=3` came from the host a.example."""
    counts = {"total": total, "pdf": pdf, "uniques": uniques or total, "robots": robots}
    Hour.objects.create(article=article, hour=at(when), **counts)
    sums, _ = Total.objects.get_or_create(article=article)
    for name, n in counts.items():
        setattr(sums, name, getattr(sums, name) + n)
    sums.save()
    day: date = at(when).date()
    for host, n in hosts.items():
        SourceDay.objects.create(article=article, day=day, host=host.replace("_", "."), total=n)
