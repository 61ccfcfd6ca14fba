"""A Word file becomes its text. The file is opened in a process of its own, which can do nothing but read it."""

import json
import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Timer
from types import TracebackType
from typing import IO, Any, Self

from articles import confined

from .manuscript import Refused

SECONDS = 20  # for one file: of processor time, and by the clock
MAX_FILE = 100 * 1024 * 1024
MAX_ANSWER = 256 * 1024 * 1024

TOO_LARGE = "The file is larger than 100 MB. Take out or shrink its pictures and send it again."
TOO_LONG = (
    f"The file took more than {SECONDS} seconds to read, which no manuscript does. "
    "Copy the text into a new Word document and send that."
)
BROKEN = "The file cannot be read: it is damaged. Open it in Word, save it again as .docx and send that."


@dataclass(frozen=True)
class WordText:
    """What Word shows with all changes accepted, as clean HTML, and the pictures that stand in it."""

    html: str
    images: dict[str, bytes]
    alts: dict[str, str]
    hidden_characters: int
    title: str | None
    core_author: str | None
    left_out: list[str] = field(default_factory=list)  # a sentence for each picture or drawing that is missing


def read_docx(data: bytes) -> WordText:
    with WordReader() as reader:
        return reader.read(data)


class WordReader:
    """Reads many files, one after the other, in one child; a file that kills the child costs only itself.

    On Linux a child ends with the thread that started it; the next file then gets a new one.
    """

    def __init__(self, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._end()

    def read(self, data: bytes) -> WordText:
        if len(data) > MAX_FILE:
            raise Refused(TOO_LARGE)
        with self._lock:
            answer = self._answer(data)
        if isinstance(answer, str):
            raise Refused(answer)
        return answer

    def _answer(self, data: bytes) -> WordText | str:
        """The text, or the sentence that says why not."""
        child = self._running()
        clock = Timer(self._seconds, child.kill)
        clock.start()
        goes_on = False
        try:
            values = _ask(child, data)
            goes_on = "last" not in values
        except (BrokenPipeError, EOFError):
            return self._reason()
        finally:
            clock.cancel()
            if not goes_on:
                self._end()  # also when stopped halfway: what is left in its pipe belongs to no other file
        return str(values["refused"]) if "refused" in values else WordText(**values)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child and self._child.poll() is not None:
            self._end()
        if not self._child:
            self._child = _start(self._seconds)
        return self._child

    def _reason(self) -> str:
        return TOO_LONG if self._end() in (-signal.SIGKILL, -signal.SIGXCPU) else BROKEN

    def _end(self) -> int:
        """Nothing of the child stays behind: no process, no pipe, no zombie."""
        child, self._child = self._child, None
        return _end(child) if child else 0


def _start(seconds: int) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [*confined.command("intake"), str(os.getpid()), str(seconds)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/",
    )  # fmt: skip
    clock = Timer(SECONDS, child.kill)
    clock.start()
    ready = _pipe(child.stdout).read(1)
    clock.cancel()
    if not ready:
        raise RuntimeError(f"The reader of Word files did not start (exit status {_end(child)}).")
    return child


def _end(child: subprocess.Popen[bytes]) -> int:
    for pipe in (child.stdin, child.stdout):
        with suppress(BrokenPipeError):  # what a dead child did not take is lost with it
            _pipe(pipe).close()
    try:
        return child.wait(timeout=1)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def _ask(child: subprocess.Popen[bytes], data: bytes) -> dict[str, Any]:
    request, answers = _pipe(child.stdin), _pipe(child.stdout)
    request.write(len(data).to_bytes(8, "big"))
    request.write(data)
    request.flush()
    values: dict[str, Any] = json.loads(_read(answers, int.from_bytes(_read(answers, 8), "big")))
    if "pictures" in values:
        values["images"] = {name: _read(answers, size) for name, size in values.pop("pictures")}
    return values


def _read(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size) if size <= MAX_ANSWER else b""
    if len(data) < size:
        raise EOFError
    return data


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # both were asked for
    return pipe
