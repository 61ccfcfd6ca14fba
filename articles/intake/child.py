"""The limited process in which Word files are read: little memory, little time, no network, no files but Python's own.

Started by `docx.py`, which speaks to it through two pipes: eight bytes of length, then that many bytes. An answer is
JSON, then the pictures one after the other. It ends when the pipe ends, or with its parent.
"""

import contextlib
import ctypes
import gc
import json
import os
import resource
import signal
import sys
import sysconfig
from typing import Any, BinaryIO

from .word import Answer, Unreadable, read

MAX_MEMORY = 512 * 1024 * 1024
PR_SET_PDEATHSIG = 1
READY = b"\x06"

TOO_MUCH = "The file is too large to read: its text needs more than 512 MB of memory. Split it and send it again."
TOO_DEEP = "The file nests its contents too deeply. Copy the text into a new Word document and send that."

LOOKING = {"os.listdir", "os.scandir"}
FORBIDDEN = (
    "os.", "socket.", "subprocess.", "ctypes.", "shutil.", "tempfile.", "pathlib.", "glob.", "pty.", "mmap.", "fcntl.",
    "resource.", "signal.", "sqlite3.", "syslog.", "urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib.",
    "webbrowser.", "builtins.input", "builtins.breakpoint", "sys.setprofile", "sys.settrace",
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC


class Forbidden(RuntimeError):
    """Reading text needs none of this, so whoever asks for it is not reading text."""


def main() -> None:
    parent, seconds = int(sys.argv[1]), int(sys.argv[2])
    limit()
    die_with(parent)
    lock_down()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    serve(sys.stdin.buffer, sys.stdout.buffer, seconds)


def limit() -> None:
    for kind, most in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CORE, 0)):
        # macOS knows no limit on address space; the time limit and the pipe hold there too.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    sys.setrecursionlimit(5_000)  # MAX_DEPTH levels of XML, some ten calls each
    gc.freeze()


def die_with(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent; its end is ours
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def lock_down() -> None:
    paths = sysconfig.get_paths()
    library = tuple({os.path.realpath(paths[name]) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")})

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            allowed = not (arguments[2] or 0) & WRITING and _below(arguments[0], library)
        elif event in LOOKING:
            allowed = _below(arguments[0], library)
        elif event == "resource.setrlimit":
            allowed = arguments[0] == resource.RLIMIT_CPU
        else:
            allowed = not event.startswith(FORBIDDEN)
        if not allowed:
            raise Forbidden(event)

    sys.addaudithook(watch)


def _below(path: object, library: tuple[str, ...]) -> bool:
    return isinstance(path, str) and (os.path.realpath(path) + os.sep).startswith(library)


def serve(requests: BinaryIO, answers: BinaryIO, seconds: int) -> None:
    gc.disable()  # reading one file makes few circles; they are cleared between files
    while length := requests.read(8):
        grant(seconds)
        if not _serve_one(requests.read(int.from_bytes(length, "big")), answers):
            # What is left of the memory is in pieces: the next file gets a new child.
            _write(answers, {"refused": TOO_MUCH, "last": True})
            return
        gc.collect()


def _serve_one(data: bytes, answers: BinaryIO) -> bool:
    """Answer; or tell that the memory did not suffice, once it is free again."""
    try:
        _send(answers, read(data))
    except Unreadable as error:
        _write(answers, {"refused": str(error)})
    except RecursionError:
        _write(answers, {"refused": TOO_DEEP})
    except MemoryError:
        return False
    return True


def grant(seconds: int) -> None:
    """So much more processor time from here on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _send(answers: BinaryIO, answer: Answer) -> None:
    pictures = {name: answer.image(name) for name in answer.pictures}  # all of them before the first byte goes out
    _write(answers, {
        "html": answer.html, "hidden_characters": answer.hidden_characters, "title": answer.title,
        "core_author": answer.core_author, "alts": answer.alts, "left_out": answer.left_out,
        "pictures": [[name, len(data)] for name, data in pictures.items()],
    })  # fmt: skip
    for data in pictures.values():
        answers.write(data)
    answers.flush()


def _write(answers: BinaryIO, values: dict[str, Any]) -> None:
    written = json.dumps(values).encode()
    answers.write(len(written).to_bytes(8, "big"))
    answers.write(written)
    answers.flush()
