"""The limited process in which Word files are read: little memory, little time, no network, no files but Python's own.

Started by `docx.py`, which speaks to it through two pipes: eight bytes of length, then that many bytes. An answer is
JSON, then the pictures one after the other. It ends when the pipe ends, or with its parent.
"""

import gc
import json
import resource
import sys
from typing import Any, BinaryIO

from articles.confined import FORBIDDEN, LOOKING, WRITING, Forbidden, below, die_with, library, limit

from .word import Answer, Unreadable, read

MAX_MEMORY = 512 * 1024 * 1024
READY = b"\x06"

TOO_MUCH = "The file is too large to read: its text needs more than 512 MB of memory. Split it and send it again."
TOO_DEEP = "The file nests its contents too deeply. Copy the text into a new Word document and send that."


def main() -> None:
    parent, seconds = int(sys.argv[1]), int(sys.argv[2])
    hold_back()
    die_with(parent)
    lock_down()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    serve(sys.stdin.buffer, sys.stdout.buffer, seconds)


def hold_back() -> None:
    limit({resource.RLIMIT_AS: MAX_MEMORY})
    sys.setrecursionlimit(5_000)  # MAX_DEPTH levels of XML, some ten calls each
    gc.freeze()


def lock_down() -> None:
    readable, forbidden = library(), (*FORBIDDEN, "ctypes.")

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            allowed = not (arguments[2] or 0) & WRITING and below(arguments[0], readable)
        elif event in LOOKING:
            allowed = below(arguments[0], readable)
        elif event == "resource.setrlimit":
            allowed = arguments[0] == resource.RLIMIT_CPU
        else:
            allowed = not event.startswith(forbidden)
        if not allowed:
            raise Forbidden(event)

    sys.addaudithook(watch)


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
