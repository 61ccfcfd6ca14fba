"""What people want to hear of."""

from collections.abc import Iterable

from django.db import models

NAMES = {"events": "Upcoming events", "news": "Latest news", "articles": "New articles"}


class Interested(models.Model):
    """Somebody who chose among the interests."""

    wants_events = models.BooleanField("events", default=False)
    wants_news = models.BooleanField("news", default=False)
    wants_articles = models.BooleanField("articles", default=False)

    class Meta:
        abstract = True

    @property
    def interests(self) -> list[str]:
        return [name for name in NAMES if getattr(self, f"wants_{name}")]

    @property
    def interest_names(self) -> list[str]:
        return [NAMES[name].lower() for name in self.interests]


def flags(interests: Iterable[str]) -> dict[str, bool]:
    """The fields that say so."""
    chosen = set(interests)
    return {f"wants_{name}": name in chosen for name in NAMES}
