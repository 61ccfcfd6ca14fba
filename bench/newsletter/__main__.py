"""The newsletter: how fast it goes, what is lost of it, who is mailed, who notices. `python -m bench.newsletter`.

On a PostgreSQL of its own, which is stopped and started, and on SQLite. Words choose: `postgresql` or `sqlite`; parts, each
with how many if not the usual number (`rate=500 kills=1000 sign-ups=500 readers=200 memory=10000`); `--quick` takes few of each.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.reads.postgres import Postgres

# Mails; recipients while senders are killed; hostile sign-ups; mails beside readers; recipients of which memory must not tell.
PARTS = {"rate": 3000, "kills": 10_000, "sign-ups": 10_000, "readers": 2000, "memory": 100_000}
QUICK = {"rate": 300, "kills": 1000, "sign-ups": 500, "readers": 120, "memory": 10_000}


def chosen(words: list[str]) -> tuple[list[str], list[str]]:
    """The databases, and the parts with their numbers."""
    usual = QUICK if "--quick" in words else PARTS
    databases = [word for word in words if word in ("postgresql", "sqlite")]
    parts = [word.partition("=") for word in words if word not in ("--quick", *databases)]
    for name, _, number in parts:
        if name not in PARTS or (number and not number.isdecimal()):
            sys.exit(f"{name} is none of {', '.join(PARTS)}; each may have a number, as in rate=500.")
    named = [f"{name}={number or usual[name]}" for name, _, number in parts]
    return databases or ["postgresql", "sqlite"], named or [f"{name}={number}" for name, number in usual.items()]


def measure(url: str, folder: Path, parts: list[str]) -> int:
    command = [sys.executable, "-m", "bench.newsletter.measure", str(folder), *parts]
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode


def main(words: list[str]) -> int:
    databases, parts = chosen(words)
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server of PostgreSQL is run by somebody else
        for database in databases:
            (folder / database).mkdir()
            if database == "sqlite":
                failed |= measure(f"sqlite:///{folder}/sqlite/analyst.sqlite3", folder / database, parts)
                continue
            server = Postgres(folder / database / "postgres")
            server.make()
            try:
                failed |= measure(server.url, folder / database, parts)
            finally:
                server.stop()
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
