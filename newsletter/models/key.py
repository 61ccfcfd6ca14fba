import hmac
import secrets
from typing import ClassVar

from django.db import models


def new_key() -> bytes:
    return secrets.token_bytes(32)


class Key(models.Model):
    """What the names of people are hashed with: one row, made by a migration and never changed.

    It is no setting, so that suppression outlives a change of SECRET_KEY and a move to another machine.
    """

    _known: ClassVar[bytes] = b""  # to this process

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BinaryField(default=new_key)

    def __str__(self) -> str:
        return "the key"

    @classmethod
    def load(cls) -> bytes:
        if not cls._known:
            row, was_made = cls.objects.get_or_create(pk=1)
            if was_made:  # perhaps in a transaction that fails yet
                return bytes(row.value)
            cls._known = bytes(row.value)
        return cls._known


def digest(key: bytes, text: str) -> str:
    """A name for a person that tells nothing about them to whoever lacks the key."""
    return hmac.digest(key, text.casefold().encode(), "sha256").hex()[:40]


def digest_of(text: str) -> str:
    return digest(Key.load(), text)
