"""Other sites are asked whether they answer, and nothing else is: no text leads this server into a network of ours."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from articles import elsewhere
from articles.elsewhere import NoAnswer, status_of

OUTSIDE = "93.184.215.14"


class House(ThreadingHTTPServer):
    """A server within the house. Whatever connection is made leads to it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.hits: list[str] = []
        self.heads: list[dict[str, str]] = []
        self.asked: list[tuple[str, int]] = []
        self.says: dict[str, tuple[int, dict[str, str]]] = {}

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.asked.append(address)
        return socket.create_connection(self.server_address[:2], timeout)


class Page(BaseHTTPRequestHandler):
    server: House

    def do_HEAD(self) -> None:
        self.server.hits.append(f"{self.command} {self.path}")
        self.server.heads.append(dict(self.headers))
        if self.path == "/slow":
            return self.dawdle()
        fallback = self.server.says.get(self.path, (200, {}))
        status, headers = self.server.says.get(f"{self.command} {self.path}", fallback)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        return None

    do_GET = do_HEAD

    def dawdle(self) -> None:
        try:
            for letter in b"HTTP/1.0 200 OK\r\nX-Slow: " + b"x" * 1000:
                self.wfile.write(bytes([letter]))
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with House() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setattr(elsewhere, "connect", server.connect)
        names(monkeypatch, {"outside.example": [OUTSIDE]})
        yield server
        server.shutdown()
        thread.join()


def names(monkeypatch: pytest.MonkeyPatch, known: dict[str, list[str]]) -> None:
    """What a name server says; numbers are read as the system reads them."""

    def resolve(host: str, port: int, **kwargs: Any) -> Any:
        if host not in known:
            return socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST, **kwargs)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr(elsewhere, "resolve", resolve)


WITHIN = [
    "127.0.0.1", "127.1", "127.8.8.8", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
    "１２７.0.0.1", "127。0。0。1", "0.0.0.0", "0", "10.0.0.7", "172.16.0.1", "172.31.255.254", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]",
    "[ff02::1]", "[2001:db8::1]",
]  # fmt: skip


@pytest.mark.parametrize("host", WITHIN)
def test_no_way_of_writing_an_address_leads_within(house: House, host: str) -> None:
    for url in (f"http://{host}/", f"https://{host}/"):
        with pytest.raises(NoAnswer):
            status_of(url)
    assert (house.asked, house.hits) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1@outside.example/",
        "http://outside.example@127.0.0.1/",
        "http://outside.example:80@127.0.0.1/",
        "http://127.0.0.1\\@outside.example/",
        "http://outside.example:22/",
        "http://outside.example:6379/",
        "http://outside.example:443/",
        "http://outside.example:0x50/",
        "file:///etc/passwd",
        "gopher://outside.example:70/_x",
        "ftp://outside.example/",
        "dict://outside.example:11211/",
        "//outside.example/",
        "http:///x",
        "http://[/",
        f"http://{'a' * 64}.example/",
    ],
)
def test_what_is_no_address_of_a_website_is_not_asked(house: House, url: str) -> None:
    with pytest.raises(NoAnswer):
        status_of(url)
    assert (house.asked, house.hits) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "http://outside.example#@127.0.0.1:22/",
        "http://outside.example/?@127.0.0.1",
        "http://outside.example/\r\nHost:b",
    ],
)
def test_what_only_looks_like_another_host_is_none(house: House, url: str) -> None:
    assert status_of(url) == 200
    assert (house.asked, [head["Host"] for head in house.heads]) == ([(OUTSIDE, 80)], ["outside.example"])


@pytest.mark.parametrize("answers", [["10.0.0.1"], [OUTSIDE, "127.0.0.1"], ["169.254.169.254", OUTSIDE], []])
def test_a_name_is_asked_only_if_all_that_it_stands_for_is_public(
    house: House, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    names(monkeypatch, {"mixed.example": answers})
    with pytest.raises(NoAnswer, match="it leads into no public network"):
        status_of("http://mixed.example/")
    assert house.hits == []


def test_a_name_that_changes_its_meaning_is_connected_to_where_it_was_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([OUTSIDE, "127.0.0.1"])

    def resolve(host: str, port: int, **kwargs: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(elsewhere, "resolve", resolve)
    assert status_of("http://turncoat.example/") == 200
    assert house.asked == [(OUTSIDE, 80)]
    with pytest.raises(NoAnswer, match="no public network"):
        status_of("http://turncoat.example/")
    assert house.asked == [(OUTSIDE, 80)]


@pytest.mark.parametrize(
    "within",
    ["http://127.0.0.1/secret", "http://localhost/secret", "//10.0.0.1/secret", "http://[::1]/secret",
     "http://169.254.169.254/secret", "file:///secret", "http://outside.example:22/secret", "http://2130706433/secret",
     "http://a@127.0.0.1/secret", "http://[/secret"],
)  # fmt: skip
def test_no_redirect_leads_within(house: House, monkeypatch: pytest.MonkeyPatch, within: str) -> None:
    names(monkeypatch, {"outside.example": [OUTSIDE], "localhost": ["127.0.0.1"]})
    house.says = {"/": (302, {"Location": within})}
    with pytest.raises(NoAnswer):
        status_of("http://outside.example/")
    assert house.hits == ["HEAD /"]


def test_three_redirects_are_followed_and_no_more(house: House) -> None:
    house.says = {f"/{n}": (301, {"Location": f"/{n + 1}"}) for n in range(4)}
    assert status_of("http://outside.example/1") == 200
    assert house.hits == ["HEAD /1", "HEAD /2", "HEAD /3", "HEAD /4"]
    with pytest.raises(NoAnswer, match="more than 3 redirects"):
        status_of("http://outside.example/0")


@pytest.mark.parametrize("refuses", [403, 404, 405, 501])
def test_a_server_that_refuses_head_is_asked_as_a_reader_asks(house: House, refuses: int) -> None:
    house.says = {"HEAD /": (refuses, {})}
    assert status_of("http://outside.example") == 200
    assert house.hits == ["HEAD /", "GET /"]


def test_what_it_says_is_told(house: House) -> None:
    house.says = {"/gone?a=b%20c&d": (410, {})}
    assert status_of("http://outside.example/gone?a=b c&d#p3") == 410


def test_who_asks_says_who_it_is_and_leaves_nothing_else(house: House) -> None:
    status_of("http://outside.example/ä")
    assert house.hits == ["HEAD /%C3%A4"]
    assert house.heads == [
        {
            "Host": "outside.example",
            "Accept-Encoding": "identity",
            "User-Agent": "TheAnalyst-linkchecker/1.0 (+http://localhost:8000)",
            "Accept": "*/*",
            "Connection": "close",
        }
    ]


def test_a_server_that_says_a_letter_at_a_time_is_left(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(NoAnswer, match="no answer within 0.3 seconds"):
        status_of("http://outside.example/slow")
    assert time.monotonic() - began < 2


def test_a_host_that_there_is_not_is_told(house: House) -> None:
    with pytest.raises(NoAnswer, match="there is no such host"):
        status_of("http://nobody.example/")


def test_the_next_address_is_tried_when_one_takes_no_connection(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, {"two.example": ["93.184.215.15", OUTSIDE]})

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        if address[0] != OUTSIDE:
            raise ConnectionRefusedError
        return house.connect(address, timeout)

    monkeypatch.setattr(elsewhere, "connect", connect)
    assert status_of("http://two.example/") == 200


# Certificates


@pytest.fixture
def certified(house: House, tmp_path: Path) -> Callable[[str], ssl.SSLContext]:
    """Has the server show a certificate for a name; returns who trusts it."""

    def certify(name: str) -> ssl.SSLContext:
        key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
        now = datetime.now(UTC)
        made = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=True)
        file = tmp_path / "server.pem"
        pem = serialization.Encoding.PEM
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        file.write_bytes(key.private_bytes(pem, *plain) + made.sign(key, hashes.SHA256()).public_bytes(pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        house.socket = context.wrap_socket(house.socket, server_side=True)
        return ssl.create_default_context(cafile=str(file))

    return certify


def test_a_certificate_is_held_to_the_name_and_not_to_the_number(
    house: House, certified: Callable[[str], ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = certified("outside.example")
    monkeypatch.setattr(elsewhere, "_trust", lambda: trust)
    assert status_of("https://outside.example/") == 200
    assert house.asked == [(OUTSIDE, 443)]
    names(monkeypatch, {"other.example": [OUTSIDE]})
    with pytest.raises(NoAnswer, match="its certificate does not hold"):
        status_of("https://other.example/")


def test_a_certificate_that_nobody_vouches_for_does_not_hold(
    house: House, certified: Callable[[str], ssl.SSLContext]
) -> None:
    certified("outside.example")
    with pytest.raises(NoAnswer, match="its certificate does not hold"):
        status_of("https://outside.example/")
