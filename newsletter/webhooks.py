"""What a provider tells of a mail by its webhook. Anymail makes one language of all of theirs."""

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType
from django.utils import timezone

from .reports import Kind, Report, settle, status_in

_KINDS = {
    EventType.BOUNCED: Kind.BOUNCE,
    EventType.REJECTED: Kind.BOUNCE,
    EventType.COMPLAINED: Kind.COMPLAINT,
    EventType.UNSUBSCRIBED: Kind.COMPLAINT,  # by the provider's own link: they are not to be written to either
}
_HARD = {"bounced": "5.1.1", "invalid": "5.1.1", "spam": "5.7.1", "blocked": "5.7.1", "timed_out": "4.4.1"}


def told(sender: type, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    kind = _KINDS.get(event.event_type)
    if kind is None or not event.recipient:
        return
    said = " ".join(filter(None, [event.mta_response, event.description]))
    status = _HARD.get(event.reject_reason or "") if not said else status_in(said)
    settle(Report(kind, (event.recipient,), status=status or "5.0.0"), event.timestamp or timezone.now())
