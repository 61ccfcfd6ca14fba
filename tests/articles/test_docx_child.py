"""The process that opens Word files: limited, alone, replaced when it dies, never left behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from articles.intake import docx
from articles.intake.docx import WordReader, read_docx
from articles.intake.manuscript import Refused

from .word_files import para, run, word_file

ROOT = Path(docx.__file__).parents[2]
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
GRAIN = word_file(para(run("Grain")))


def children_of(pid: int) -> list[int]:
    """Living ones and zombies."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has ended meanwhile
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def gone(pid: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return True
        time.sleep(0.01)
    return False


def pid_of(reader: WordReader) -> int:
    assert reader._child is not None
    return reader._child.pid


@pytest.fixture
def reader():
    with WordReader() as reader:
        reader.read(GRAIN)
        yield reader


def test_it_reads_a_single_file():
    assert read_docx(GRAIN).html == "<p>Grain</p>"


def test_it_reads_many_files_in_one_child(reader):
    before = pid_of(reader)
    assert [reader.read(word_file(para(run(word)))).html for word in "ab"] == ["<p>a</p>", "<p>b</p>"]
    assert pid_of(reader) == before


@ON_LINUX
def test_it_leaves_no_child_behind():
    before = children_of(os.getpid())
    with WordReader() as reader:
        reader.read(GRAIN)
        assert len(children_of(os.getpid())) == len(before) + 1
    assert children_of(os.getpid()) == before


@ON_LINUX
def test_it_leaves_no_child_behind_when_the_caller_fails():
    before = children_of(os.getpid())
    with pytest.raises(Refused), WordReader() as reader:
        reader.read(b"no Word file")
    assert children_of(os.getpid()) == before


@ON_LINUX
def test_the_child_ends_with_its_parent():
    code = (
        "import os; from articles.intake.docx import WordReader; reader = WordReader(); "
        "print(reader._running().pid, flush=True); os.kill(os.getpid(), 9)"
    )
    parent = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert parent.returncode == -signal.SIGKILL
    assert gone(int(parent.stdout))


@ON_LINUX
def test_the_child_ends_with_its_parent_even_in_the_middle_of_a_file(tmp_path):
    (tmp_path / "long.docx").write_bytes(long_file(40_000))
    code = (
        "import os, sys, threading, time; from pathlib import Path; from articles.intake.docx import WordReader; "
        "reader = WordReader(); print(reader._running().pid, flush=True); data = Path(sys.argv[1]).read_bytes(); "
        "threading.Thread(target=reader.read, args=[data]).start(); time.sleep(0.5); os.kill(os.getpid(), 9)"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path / "long.docx")]
    parent = subprocess.run(arguments, cwd=ROOT, capture_output=True, check=False)
    assert gone(int(parent.stdout), seconds=0.5)


def test_it_works_from_any_folder_and_without_settings(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from articles.intake.docx import read_docx\n"
    code += "print(read_docx(open('grain.docx', 'rb').read()).html)"
    (tmp_path / "grain.docx").write_bytes(GRAIN)
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "<p>Grain</p>\n"


def test_a_child_that_was_killed_is_replaced(reader):
    before = pid_of(reader)
    os.kill(before, signal.SIGKILL)
    time.sleep(0.1)
    assert reader.read(GRAIN).html == "<p>Grain</p>"
    assert pid_of(reader) != before


def long_file(paragraphs: int) -> bytes:
    return word_file("".join(para(run(str(number * 7919))) for number in range(paragraphs)))


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_read():
    endless = long_file(40_000)
    with WordReader(seconds=1) as reader:
        begun = time.monotonic()
        with pytest.raises(Refused, match="took more than"):
            reader.read(endless)
        assert time.monotonic() - begun < 10
        assert reader.read(GRAIN).html == "<p>Grain</p>"


def test_the_child_itself_stops_where_nobody_watches_the_clock(monkeypatch):
    class NoClock(threading.Timer):
        def start(self) -> None:
            """Never rings."""

    monkeypatch.setattr(docx, "Timer", NoClock)
    with WordReader(seconds=0) as reader, pytest.raises(Refused, match="took more than"):
        reader.read(long_file(40_000))


def test_a_reading_that_was_interrupted_leaves_nothing_to_the_next_file(reader, monkeypatch):
    def interrupt(pipe: object, size: int) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(docx, "_read", interrupt)
        with pytest.raises(KeyboardInterrupt):
            reader.read(word_file(para(run("Lies"))))
    assert reader.read(GRAIN).html == "<p>Grain</p>"


def test_a_file_that_is_too_large_is_not_even_handed_over():
    with WordReader() as reader:
        with pytest.raises(Refused, match="larger than 100 MB"):
            reader.read(bytes(docx.MAX_FILE + 1))
        assert reader._child is None


def test_threads_get_each_their_own_answer(reader):
    answers: dict[int, str] = {}
    start = threading.Barrier(20)

    def ask(number: int) -> None:
        file = word_file(para(run(str(number))))
        start.wait()
        answers[number] = reader.read(file).html

    threads = [threading.Thread(target=ask, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"<p>{number}</p>" for number in range(20)}


def test_it_tells_the_operator_when_the_child_cannot_start(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with WordReader() as reader, pytest.raises(RuntimeError, match="did not start"):
        reader.read(GRAIN)


@ON_LINUX
def test_the_child_knows_nothing_of_its_parent(reader):
    place = Path(f"/proc/{pid_of(reader)}")
    assert (place / "environ").read_bytes() == b""
    assert os.readlink(place / "cwd") == "/"
    assert sorted(os.listdir(place / "fd")) == ["0", "1", "2"]


@ON_LINUX
def test_the_child_is_limited(reader):
    text = Path(f"/proc/{pid_of(reader)}/limits").read_text()
    limits = {line[:26].strip(): line[26:].split() for line in text.splitlines()}
    assert limits["Max address space"][:2] == [str(512 * 1024 * 1024)] * 2
    assert limits["Max core file size"][:2] == ["0", "0"]
    assert 20 <= int(limits["Max cpu time"][0]) <= 25


@ON_LINUX
def test_the_childs_memory_stays_flat(reader):
    def size() -> int:
        return int(Path(f"/proc/{pid_of(reader)}/statm").read_text().split()[1]) * 4096

    file = long_file(100)
    for _ in range(10):
        reader.read(file)
    before = size()
    for _ in range(25):
        reader.read(file)
    assert size() - before < 4 * 1024 * 1024


# What the child is forbidden, tried from inside it

ATTEMPTS = {
    "a socket": "import socket; socket.socket()",
    "a name to look up": "import socket; socket.getaddrinfo('localhost', 80)",
    "an address": "import urllib.request; urllib.request.urlopen('http://127.0.0.1/')",
    "a program": "import subprocess; subprocess.run(['true'])",
    "a command": "os.system('true')",
    "a copy of itself": "os.fork()",
    "another program in its place": "os.execv('/bin/true', ['true'])",
    "a foreign file": "open('/etc/passwd')",
    "a foreign file by its bytes": "open(b'/etc/passwd')",
    "a foreign file by its number": "os.fdopen(0)",
    "a foreign file by os.open": "os.open('/etc/passwd', os.O_RDONLY)",
    "a foreign file by a detour": "open(os.path.dirname(os.__file__) + '/../../../../../../../../etc/passwd')",
    "a project file": "open({root!r} + '/pyproject.toml')",
    "a file to write": "open('/tmp/made-by-a-docx', 'w')",
    "a library file to write": "open(os.__file__, 'a')",
    "a library file to write by os.open": "os.open(os.__file__, os.O_RDWR)",
    "a folder": "os.listdir('/')",
    "a file to remove": "os.remove('/tmp/nothing')",
    "a file to rename": "os.rename('/tmp/nothing', '/tmp/nothing2')",
    "another process to stop": "os.kill(1, 0)",
    "more memory": "resource.setrlimit(resource.RLIMIT_AS, (1, 1))",
    "foreign code": "import ctypes; ctypes.CDLL(None)",
    "a database": "import sqlite3; sqlite3.connect(':memory:')",
}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    """What came of each attempt, all made in one locked process."""
    code = f"""
import json, os, resource, sys
import ctypes, socket, sqlite3, subprocess, urllib.request
sys.path.insert(0, {str(ROOT)!r})
from articles.intake.child import Forbidden, lock_down
attempts = json.loads(sys.argv[1])
lock_down()
outcomes = {{}}
for name, attempt in attempts.items():
    try:
        exec(attempt)
        outcomes[name] = "done"
    except BaseException as error:
        while error.__cause__ or error.__context__:
            error = error.__cause__ or error.__context__
        outcomes[name] = type(error).__name__
print(json.dumps(outcomes))
"""
    attempts = {name: attempt.replace("{root!r}", repr(str(ROOT))) for name, attempt in ATTEMPTS.items()}
    attempts["a library file"] = "open(os.__file__).close()"
    attempts["a late import"] = "import fractions"
    arguments = [sys.executable, "-I", "-B", "-c", code, json.dumps(attempts)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_child_is_forbidden(outcomes, attempt):
    assert outcomes[attempt] == "Forbidden"


@pytest.mark.parametrize("attempt", ["a library file", "a late import"])
def test_the_child_may_open(outcomes, attempt):
    assert outcomes[attempt] == "done"
