"""What servers of others say when this one asks them. A text may name any address: only the public internet is asked.

A name is resolved once, all that it stands for is looked at, and the connection goes to what was looked at: no second
answer of a name server, no redirect and no way of writing an address leads into a network of ours.
"""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from functools import cache
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

SECONDS, REDIRECTS = 10, 3
PORTS = {"http": {80, 8080}, "https": {443, 8443}}
LEADS_ON = (301, 302, 303, 307, 308)
UNICAST = ip_network("2000::/3")  # the rest of IPv6 is no public address, or has one of IPv4 in it
# What Python takes for public, or took in some version: where clouds keep their secrets, and more that has IPv4 in it.
NEVER = [ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16")]
# Whom a name stands for, and the way to an address that was looked at: a test puts its own here.
resolve, connect = socket.getaddrinfo, socket.create_connection


class NoAnswer(Exception):
    """Why not, in a few words."""


def status_of(url: str) -> int:
    """What is said of an address, after three redirects at most; the page is not read. Raises NoAnswer."""
    until = monotonic() + SECONDS
    try:
        return _follow(url, until)
    except socket.gaierror as problem:
        raise NoAnswer("there is no such host") from problem
    except ssl.SSLError as problem:
        raise NoAnswer("its certificate does not hold") from problem
    except (OSError, HTTPException, ValueError) as problem:
        is_late = isinstance(problem, TimeoutError) or monotonic() >= until
        raise NoAnswer(f"no answer within {SECONDS} seconds" if is_late else "the connection failed") from problem


def is_public(address: IPv4Address | IPv6Address) -> bool:
    is_plain = address.version == 4 or address in UNICAST
    return is_plain and address.is_global and not address.is_multicast and not any(address in net for net in NEVER)


def _follow(url: str, until: float) -> int:
    for _ in range(REDIRECTS + 1):
        status, way = _request("HEAD", url, until)
        if status >= 400:  # some servers refuse HEAD, or answer it wrongly; readers use GET
            status, way = _request("GET", url, until)
        if not way:
            return status
        url = urljoin(url, way)
    raise NoAnswer(f"more than {REDIRECTS} redirects")


def _request(method: str, url: str, until: float) -> tuple[int, str]:
    to = urlsplit(url)
    host, port = _goal(to)
    with _connected(host, port, to.scheme == "https", until) as connection:
        named = f"[{host}]" if ":" in host else host
        headers = {
            "Host": f"{named}:{to.port}" if to.port else named,
            "User-Agent": f"TheAnalyst-linkchecker/1.0 (+{settings.SITE_URL})",
            "Accept": "*/*",
            "Connection": "close",
        }
        connection.request(method, iri_to_uri(f"{to.path or '/'}{'?' * bool(to.query)}{to.query}"), headers=headers)
        answer = connection.getresponse()
        way = answer.headers.get("Location", "") if answer.status in LEADS_ON else ""
        return answer.status, way


def _goal(to: SplitResult) -> tuple[str, int]:
    if to.scheme not in PORTS or not to.hostname or "@" in to.netloc:
        raise NoAnswer("it is no address of a website")
    port = to.port or min(PORTS[to.scheme])
    if port not in PORTS[to.scheme]:
        raise NoAnswer(f"websites do not answer at port {port}")
    return to.hostname if to.hostname.isascii() else to.hostname.encode("idna").decode(), port


@contextlib.contextmanager
def _connected(host: str, port: int, is_secure: bool, until: float) -> Iterator[HTTPConnection]:
    sock = _socket_to(_addresses(host, port), port, until)
    with sock:
        if is_secure:
            sock = _trust().wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
        # A server that sends one letter at a time keeps within every timeout of the socket.
        timer = Timer(_left(until), _hang_up, [sock])
        timer.start()
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            connection = HTTPConnection(host, port)
            connection.auto_open, connection.sock = 0, sock  # and to no other
            with contextlib.closing(connection):
                yield connection
        finally:
            timer.cancel()


def _addresses(host: str, port: int) -> list[str]:
    found = [ip_address(row[4][0]) for row in resolve(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(map(is_public, found)):
        raise NoAnswer("it leads into no public network")
    return [*dict.fromkeys(map(str, found))]


def _socket_to(addresses: list[str], port: int, until: float) -> socket.socket:
    """The first that takes a connection."""
    for address in addresses[:-1]:
        with contextlib.suppress(OSError):
            return connect((address, port), _left(until) / 2)
    return connect((addresses[-1], port), _left(until))


def _left(until: float) -> float:
    if (left := until - monotonic()) <= 0:
        raise TimeoutError
    return left


def _hang_up(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
