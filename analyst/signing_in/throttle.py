"""How many passwords may be tried, so that nobody guesses one, and nobody is locked out by those who try.

Strangers share what may be tried on an account. Who has signed in to it before, from this browser or from this network,
does not share it with them. And no number of wrong passwords stands in the way of a passkey or of a link by mail.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from analyst.models import Tries
from articles.audit import Act
from articles.visitors import address_of

WHILE = timedelta(minutes=10)
EACH = 10  # of one browser or network that the account knows, or of one network that it does not know
STRANGERS = 40  # of all that it does not know
NETWORK = 200  # of one network, on whichever accounts
KNOWN_FOR = timedelta(days=90)
COOKIE = "known"  # below /accounts/ alone, so that no page for readers is asked for with it
_signer = TimestampSigner(salt="analyst.known")


def network_of(request: HttpRequest) -> str:
    """What one house has: a network of 256 addresses, or a site's of IPv6."""
    told = address_of(request)
    if not told:
        return "nowhere"
    bits = 24 if ip_address(told).version == 4 else 48
    return str(ip_network(f"{told}/{bits}", strict=False))


def may_try(request: HttpRequest, name: str, at: datetime) -> bool:
    """Whether a password for this name is looked at; counts it, if so."""
    account = account_of(name)
    whose = f"account {account.pk}" if account else f"name {name.strip().lower()}"
    network = network_of(request)
    if not Tries.objects.take(f"network {network}", NETWORK, WHILE, at):
        return False
    if account and (browser := _known_browser(request, account)):
        return Tries.objects.take(f"{whose} browser {browser}", EACH, WHILE, at)
    if not Tries.objects.take(f"{whose} network {network}", EACH, WHILE, at):
        return False
    if account and _is_known(network, account, at):
        return True
    return Tries.objects.take(f"{whose} strangers", STRANGERS, WHILE, at)


def account_of(name: str) -> User | None:
    name = name.strip()
    found = User.objects.filter(Q(username__iexact=name) | (Q(email__iexact=name) & ~Q(email="")))
    return found.order_by("pk").first() if name else None


def _is_known(network: str, account: User, at: datetime) -> bool:
    signed_in = LogEntry.objects.filter(user=account, action_flag=Act.SIGNED_IN, action_time__gt=at - KNOWN_FOR)
    return signed_in.filter(change_message__endswith=f"from {network}.").exists()


def _known_browser(request: HttpRequest, account: User) -> str:
    value = request.COOKIES.get(COOKIE, "")
    try:
        return value if _signer.unsign(value, max_age=KNOWN_FOR) == str(account.pk) else ""
    except BadSignature:
        return ""


def know_browser(response: HttpResponse, account: User, *, secure: bool) -> None:
    response.set_cookie(
        COOKIE, _signer.sign(str(account.pk)), max_age=KNOWN_FOR, path="/accounts/", secure=secure, httponly=True,
        samesite="Strict",
    )  # fmt: skip
