from .consent import WORDING, Consent, Wording
from .interests import NAMES, flags
from .key import Key, digest, digest_of
from .limits import Knock, Letter, Ticket
from .signup import Signup
from .subscriber import Subscriber, Suppression

__all__ = [
    "NAMES", "WORDING", "Consent", "Key", "Knock", "Letter", "Signup", "Subscriber", "Suppression", "Ticket", "Wording",
    "digest", "digest_of", "flags",
]  # fmt: skip
