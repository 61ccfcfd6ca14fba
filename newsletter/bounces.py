"""Mail that did not arrive, scored as Mailman does: a hard bounce is one point, a soft one half, one a day at most.

https://docs.mailman3.org/projects/mailman/en/latest/src/mailman/model/docs/bounce.html
"""

from datetime import datetime, timedelta

from .models import Consent, Delivery, Subscriber

ENOUGH = 5.0  # points, at which an address is no longer written to
FORGIVEN = timedelta(days=30)  # after so long without a bounce
NO_SUCH = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")  # nobody is there: one is enough


def status_of(code: str) -> str:
    """The enhanced status (RFC 3463) in '550 5.1.1', or one that says as much as the code does."""
    plain, _, enhanced = code.partition(" ")
    return enhanced or {"550": "5.0.0", "551": "5.1.6", "552": "5.2.2", "553": "5.1.3"}.get(plain, f"{plain[:1]}.0.0")


def refused(delivery: Delivery, code: str, at: datetime) -> None:
    """A server refused a mail while it was handed over."""
    Delivery.objects.filter(pk=delivery.pk).update(bounced_at=at)
    if delivery.subscriber:
        score(delivery.subscriber, status_of(code), at)


def score(subscriber: Subscriber, status: str, at: datetime) -> bool:
    """Count a bounce; whether it ends the subscription. What a filter thinks of our text is not the reader's fault."""
    if status[:4] == "5.7." or status[:1] not in "45":
        return False
    if status in NO_SUCH:
        return subscriber.stop(Consent.Kind.BOUNCED, at, status)
    day = at.date()
    if subscriber.bounced_on == day:
        return False
    if subscriber.bounced_on and day - subscriber.bounced_on > FORGIVEN:
        subscriber.bounces = 0
    subscriber.bounces += 1.0 if status[:1] == "5" else 0.5
    subscriber.bounced_on = day
    subscriber.save(update_fields=["bounces", "bounced_on"])
    return subscriber.bounces >= ENOUGH and subscriber.stop(Consent.Kind.BOUNCED, at, status)
