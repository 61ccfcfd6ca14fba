"""What processes share in which something of strangers is opened: little memory, an end with their parent, no way out.

Such a process imports this file and those of its own folder, and nothing of the site: no settings, no secrets.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOOKING = {"os.listdir", "os.scandir"}
FORBIDDEN = (
    "os.", "socket.", "subprocess.", "shutil.", "tempfile.", "pathlib.", "glob.", "pty.", "mmap.", "fcntl.",
    "resource.", "signal.", "sqlite3.", "syslog.", "urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib.",
    "webbrowser.", "builtins.input", "builtins.breakpoint", "sys.setprofile", "sys.settrace",
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
# Packages of the same names that hold nothing: what the site's own would import is not imported.
ROOMS = (
    "import sys, types, importlib; articles, child = sys.argv.pop(1), sys.argv.pop(1)\n"
    "for name, folder in (('articles', articles), ('articles.' + child, articles + '/' + child)):\n"
    "    sys.modules[name] = types.ModuleType(name); sys.modules[name].__path__ = [folder]\n"
)
START = ROOMS + "importlib.import_module('articles.' + child + '.child').main()"


class Forbidden(RuntimeError):
    """The work of this process needs none of this, so whoever asks for it is doing something else."""


def command(child: str, code: str = START) -> list[str]:
    """How to start the process of a folder beside this file: its `child.main()`, with the arguments that follow."""
    return [sys.executable, "-I", "-B", "-c", code, str(Path(__file__).resolve().parent), child]


def limit(most: dict[int, int]) -> None:
    for kind, number in (most | {resource.RLIMIT_CORE: 0}).items():
        # macOS knows no limit on address space; the others hold there too.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (number, number))


def die_with(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent; its end is ours
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def library() -> tuple[str, ...]:
    """The folders of Python and of what is installed beside it."""
    paths = sysconfig.get_paths()
    return folders(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def folders(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple({os.path.realpath(path) + os.sep for path in paths})


def below(path: object, allowed: tuple[str, ...]) -> bool:
    return isinstance(path, str | os.PathLike) and (os.path.realpath(path) + os.sep).startswith(allowed)
