"""Who asks: from which address, and whether a page of ours made the browser ask. No address is written down here."""

from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import validate_host


def address_of(request: HttpRequest) -> str:
    """The client's address, as the last proxy of ours saw it: what stands further left anybody can have written."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies = settings.TRUSTED_PROXIES
    told = hops[-proxies].strip() if 0 < proxies <= len(hops) else ""
    return _address(told) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str:
    """A whole network of IPv6, of which one house has as many as it likes."""
    host = text.partition("]")[0].lstrip("[") if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), 64), strict=False).network_address)
    return str(address)


def network_of(address: str) -> str:
    """What one sender of many requests is likely to hold: a /24, or a /64 of IPv6, which the address is already."""
    return address if ":" in address or not address else str(ip_network(f"{address}/24", strict=False))


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page of another site made the browser ask."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    return origin is not None and not validate_host(urlsplit(origin).hostname or "", settings.ALLOWED_HOSTS)
