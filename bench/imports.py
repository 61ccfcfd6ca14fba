"""`import_article` on many Word files of 1,700 words: files a second, and memory. `python -m bench.imports [files]`."""

import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import django
import docx
from django.core.management import call_command

from bench.docx import paragraph, slim

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
FILES = 200


def manuscript(number: int) -> bytes:
    document = docx.Document()
    document.add_heading(f"Grain and power, part {number}", 0)
    document.add_paragraph("By Ada Lindqvist and Omar Reyes")
    document.add_paragraph(f"March {number % 28 + 1}, 2019, the Harbour Review")
    document.add_paragraph(f"Lead {number}. {paragraph(number)}")
    for header, paragraphs in (("BACKGROUND", 9), ("IMPLICATIONS", 7), ("CONCLUSIONS", 3)):
        document.add_paragraph(f"{header}: {paragraph(number)}")
        for n in range(paragraphs - 1):
            document.add_paragraph(paragraph(number + n))
    document.add_paragraph("AUTHORS’ BIO: Ada Lindqvist is a fellow. Omar Reyes is a pilot.")
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(name: str, files: list[Path]) -> None:
    call_command("flush", interactive=False, verbosity=0)
    half = len(files) // 2
    call_command("import_article", *map(str, files[:half]), stdout=io.StringIO())
    before, started, processor = megabytes(), time.perf_counter(), time.process_time()
    call_command("import_article", *map(str, files[half:]), stdout=io.StringIO())
    seconds = time.perf_counter() - started
    own = time.process_time() - processor
    print(
        f"{name:28} {len(files) - half:4} files {(len(files) - half) / seconds:6.1f} a second "
        f"({own / (len(files) - half) * 1000:.0f} ms of it each outside the child), "
        f"{before:.0f} → {megabytes():.0f} MB"
    )


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        django.setup()
        call_command("migrate", verbosity=0)
        for name, make in (
            ("python-docx's own template", manuscript),
            ("styles.xml of 40 KB", lambda n: slim(manuscript(n))),
        ):
            files = []
            for n in range(number):
                files.append(Path(folder) / f"{name[:6]}-{n}.docx")
                files[-1].write_bytes(make(n))
            measure(name, files)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FILES)
