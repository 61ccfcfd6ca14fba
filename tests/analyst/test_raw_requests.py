"""What no browser sends, byte by byte to the server that `make run` starts: refused, never a failure."""

import os
import socket
import subprocess
import time
from pathlib import Path

import pytest

from analyst.management.commands.run import _processes

ROOT = Path(__file__).resolve().parents[2]
HOST = b"Host: localhost\r\nConnection: close\r\n"
PAGE = b"GET /robots.txt HTTP/1.1\r\n" + HOST  # which needs no database
POST = b"POST /csp-reports HTTP/1.1\r\n" + HOST
CASES = {
    "a plain request": (200, PAGE),
    "a header of 64 KB": (431, PAGE + b"X: " + b"a" * 65536),
    "64 KB of headers": (200, PAGE + b"\r\n".join(b"X%d: %s" % (n, b"a" * 8000) for n in range(8))),
    "two hundred headers": (431, PAGE + b"\r\n".join(b"X%d: a" % n for n in range(200))),
    "an address of 64 KB": (414, b"GET /" + b"a" * 65536 + b" HTTP/1.1\r\n" + HOST),
    "a NUL in the address": (400, b"GET /\0 HTTP/1.1\r\n" + HOST),
    "an address that is not UTF-8": (400, b"GET /\xff\xfe HTTP/1.1\r\n" + HOST),
    "a NUL in a header": (400, PAGE + b"X: a\0b"),
    "an unknown method": (403, b"FOO /robots.txt HTTP/1.1\r\n" + HOST),
    "a method in small letters": (400, b"get / HTTP/1.1\r\n" + HOST),
    "a method of 300 letters": (400, b"A" * 300 + b" / HTTP/1.1\r\n" + HOST),
    "TRACE": (405, b"TRACE /robots.txt HTTP/1.1\r\n" + HOST),
    "another site's address": (200, b"GET http://evil.example/robots.txt HTTP/1.1\r\n" + HOST),
    "two hosts": (400, PAGE + b"Host: evil.example"),
    "HTTP/1.0": (200, b"GET /robots.txt HTTP/1.0\r\nHost: localhost"),
    "HTTP/0.9": (400, b"GET /robots.txt"),
    "HTTP/2.0 in words": (400, b"GET / HTTP/2.0\r\n" + HOST),
    "two kinds of length": (400, POST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0"),
    "a broken chunk": (204, POST + b"Transfer-Encoding: chunked\r\n\r\nzz"),
    "chunks": (204, POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0"),
    "a negative length": (400, POST + b"Content-Length: -1"),
    "a length of 30 digits": (204, POST + b"Content-Length: " + b"9" * 30),
    "a body that breaks off": (204, POST + b"Content-Length: 5000\r\n\r\n{}"),
    "two lengths": (400, POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    "an expectation": (417, POST + b"Expect: miracles"),
    "a folded header": (400, PAGE + b"X: a\r\n b"),
    "a space before the colon": (400, PAGE + b"X : a"),
    "no colon": (400, PAGE + b"X"),
    "a mount point": (200, PAGE + b"SCRIPT_NAME: /evil"),
    "another path": (200, PAGE + b"PATH_INFO: /nothing"),
    "two opinions on https": (400, PAGE + b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off"),
    "lines that end in LF alone": (400, b"GET / HTTP/1.1\nHost: localhost"),
    "the start of TLS": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"),
}


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    folder = tmp_path_factory.mktemp("raw")
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{folder}/none.sqlite3",
        "MEDIA_ROOT": str(folder),
    }
    server = subprocess.Popen(_processes(port)[0], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not ask(port, PAGE):
        assert server.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield port
    server.terminate()
    server.wait(30)


def ask(port, data):
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(data + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                answer += part
    except OSError:  # the server has hung up on it
        pass
    return answer


@pytest.mark.parametrize(("status", "data"), CASES.values(), ids=CASES)
def test_it_is_answered_or_refused(port, status, data):
    answer = ask(port, data)
    found = int(answer.split()[1]) if answer.startswith(b"HTTP/1.") else None
    # What the server does not read to its end it may hang up on, and then its answer can be lost on the way.
    assert found == status or (found is None and len(data) > 50_000), answer[:300]
    assert b"evil" not in answer.partition(b"\r\n\r\n")[0]


def test_the_server_is_alive_after_all_of_it(port):
    assert ask(port, PAGE).startswith(b"HTTP/1.1 200")
