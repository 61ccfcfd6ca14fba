"""Reads: what is lost, how fast, and what is kept. `python -m bench.reads [reads | --quick]`.

On a PostgreSQL of its own and on SQLite, each beside the older system's way. Figures of one run can be compared.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.reads.postgres import Postgres


def measure(url: str, number: int, folder: Path) -> int:
    command = [sys.executable, "-m", "bench.reads.measure", str(number), str(folder)]
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode


def main(number: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server of PostgreSQL is run by somebody else
        (folder / "on-postgresql").mkdir()
        (folder / "on-sqlite").mkdir()
        server = Postgres(folder / "on-postgresql" / "postgres")
        server.make()
        try:
            failed = measure(server.url, number, folder / "on-postgresql")
        finally:
            server.stop()
        return measure(f"sqlite:///{folder}/on-sqlite/analyst.sqlite3", number, folder / "on-sqlite") or failed


if __name__ == "__main__":
    words = sys.argv[1:] or ["100000"]
    sys.exit(main(200 if words == ["--quick"] else int(words[0])))
