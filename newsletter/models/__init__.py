from .consent import WORDING, Consent, Wording
from .delivery import Delivery, SlowDomain
from .edition import Edition, Item, Tally
from .event import Event
from .interests import NAMES, flags
from .key import Key, digest, digest_of
from .limits import Knock, Letter, Ticket
from .signup import Signup
from .subscriber import Subscriber, Suppression

__all__ = [
    "NAMES", "WORDING", "Consent", "Delivery", "Edition", "Event", "Item", "Key", "Knock", "Letter", "Signup",
    "SlowDomain", "Subscriber", "Suppression", "Tally", "Ticket", "Wording", "digest", "digest_of", "flags",
]  # fmt: skip
