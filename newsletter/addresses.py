"""E-mail addresses: what may be written to, and which of them are one mailbox."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_is_address = EmailValidator("This is no e-mail address. It looks like name@example.org.")


def clean_address(text: str) -> str:
    """The address as it is written to: its domain in ASCII and lower case. Raises a ValidationError with a sentence."""
    local, _, domain = text.strip().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii").lower()
    address = f"{local}@{domain}"
    if not address.isascii():
        raise ValidationError("We can only write to addresses in Latin letters without accents before the @.")
    if len(address) > LONGEST:
        raise ValidationError(f"This address is longer than the {LONGEST} characters that mail allows.")
    _is_address(address)
    return address


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def mailbox_of(address: str) -> str:
    """The same text for the ways to write one mailbox that its owner did not have to make: ann+1@, a.nn@gmail.com."""
    local, _, domain = address.casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def masked(address: str) -> str:
    """For lists and logs, which outlive an erasure: a…@example.org."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
