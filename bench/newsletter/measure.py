"""The table of one database: `DATABASE_URL=… python -m bench.newsletter.measure <folder> <part>=<number> …`."""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "analyst.settings")
os.environ["NEWSLETTER_RATE"] = "0"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from analyst.management.commands.run import _static_files_are_fresh  # noqa: E402
from bench.newsletter import crashes, readers, sign_ups, speed  # noqa: E402
from bench.newsletter.mailing import Sink  # noqa: E402

MEASURE = {
    "rate": speed.rate, "kills": crashes.crashes, "sign-ups": sign_ups.sign_ups, "readers": readers.beside_readers,
    "memory": speed.memory,
}  # fmt: skip


def main(folder: Path, parts: list[str]) -> None:
    call_command("migrate", verbosity=0)
    if not _static_files_are_fresh():
        call_command("collectstatic", verbosity=0, interactive=False)
    sink = Sink(folder)
    try:
        print(f"\nOn {connection.vendor}.\n\n| what | figure | against |\n|---|---|---|", flush=True)
        for part in parts:
            name, _, number = part.partition("=")
            for cells in MEASURE[name](sink, int(number)):
                print(f"| {' | '.join(cells)} |", flush=True)
    finally:
        sink.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
