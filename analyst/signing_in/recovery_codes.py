"""Recovery codes: shown once, when they are made; kept as hashes; each good for one time.

The library keeps a seed, from which it makes all of them at any time. What it has made is put away here.
"""

import json
from hashlib import scrypt
from secrets import compare_digest, token_hex

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SHOWN = "recovery_codes"  # of the session in which they were made, until it has shown them


@transaction.atomic
def put_away(request: HttpRequest) -> None:
    """Keep hashes in place of the seed, and what they are hashes of until this session has shown it."""
    for row in _rows(request.user).filter(data__has_key="seed"):  # type: ignore[arg-type]
        codes, salt = row.wrap().get_unused_codes(), token_hex(16)
        # To the library, these are codes from elsewhere of which none is left.
        row.data = {"migrated_codes": [], "salt": salt, "hashes": [_hash(code, salt) for code in codes]}
        row.save(update_fields=["data"])
        request.session[SHOWN] = encrypt(json.dumps(codes))


@transaction.atomic
def use(user: User, typed: str) -> Authenticator | None:
    """Use up the code that somebody typed, if it is one."""
    code = "".join(typed.split())
    for row in _rows(user).filter(data__has_key="hashes"):
        hashed = _hash(code, row.data["salt"])
        left = [one for one in row.data["hashes"] if not compare_digest(one, hashed)]
        if len(left) < len(row.data["hashes"]):
            row.data["hashes"] = left
            row.save(update_fields=["data"])
            return row
    return None


@require_safe
@reauthentication_required(app="allauth.mfa")
def show(request: HttpRequest) -> HttpResponse:
    put_away(request)  # those of somebody who signed off before they were
    row = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is None:
        raise Http404("There are none.")
    kept = request.session.pop(SHOWN, None)
    codes = json.loads(decrypt(kept)) if kept else []
    context = {"codes": [_in_fours(code) for code in codes], "left": len(row.data["hashes"])}
    return render(request, "mfa/recovery_codes/index.html", context)


def _rows(user: User) -> QuerySet[Authenticator]:
    mine = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return mine.select_for_update()


def _hash(code: str, salt: str) -> str:
    """Slow, since a code is short."""
    return scrypt(code.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def _in_fours(code: str) -> str:
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))
