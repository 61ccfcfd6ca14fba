"""How fast Word files are read, and whether the child grows: `python -m bench.docx [files]`.

Three templates, each with 1,700 words in 20 paragraphs: python-docx's own (a styles.xml of 349 KB), the same with a
styles.xml of at most 40 KB, and one as editors leave it: every third word a run of its own, changes tracked, notes.
"""

import io
import os
import sys
import time
import zipfile
from pathlib import Path

import docx

from articles.intake.docx import WordReader
from tests.articles.word_files import deleted, inserted, note, para, run, word_file

SENTENCE = (
    "The ports closed in the spring, and what had been a quarrel over transit fees became one over who may store "
    "grain, who may insure it, and who would be asked to pay when neither was done in time."
)
WORDS = SENTENCE.split()
FILES = 200


def paragraph(number: int) -> str:
    return " ".join(WORDS[(number + word) % len(WORDS)] for word in range(85))


def usual() -> bytes:
    document = docx.Document()
    document.add_heading("Grain and power", 1)
    for number in range(20):
        document.add_paragraph(paragraph(number))
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def slim(data: bytes) -> bytes:
    """The same document, its styles cut down to the few that it uses."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/styles.xml":
                content = content[:40_000].rpartition(b"</w:style>")[0] + b"</w:style></w:styles>"
            target.writestr(name, content)
    return packed.getvalue()


def edited() -> bytes:
    body, notes = "", {}
    for number in range(20):
        words = [run(f"{word} ") for word in paragraph(number).split()]
        words[3::9] = [inserted(word) + deleted("gone ") for word in words[3::9]]
        notes[str(number + 1)] = para(run(paragraph(number)[:120]))
        body += para("".join(words) + note(str(number + 1)))
    return word_file(body, notes=notes)


def child(reader: WordReader, name: str) -> list[str]:
    assert reader._child is not None
    return Path(f"/proc/{reader._child.pid}/{name}").read_text().split()


def memory(reader: WordReader) -> str:
    return f"{int(child(reader, 'statm')[1]) * os.sysconf('SC_PAGE_SIZE') / 1024**2:5.1f} MB"


def processor(reader: WordReader) -> float:
    """Seconds the child has worked, which do not grow while others use the machine."""
    user, system = child(reader, "stat")[13:15]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(name: str, data: bytes, files: int) -> str:
    with WordReader() as reader:
        reader.read(data)
        before, worked, begun = memory(reader), processor(reader), time.perf_counter()
        for _ in range(files):
            reader.read(data)
        seconds, work = time.perf_counter() - begun, processor(reader) - worked
        speeds = f"{seconds:8.2f} {files / seconds:8.1f} {files / work:10.1f}"
        return f"{name:36} {files:5} {speeds}   {before} → {memory(reader)}"


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    print(f"{'template':36} {'files':>5} {'seconds':>8} {'files/s':>8} {'per core/s':>10}   child's memory")
    for name, data in {"python-docx's own, 349 KB of styles": usual(), "at most 40 KB of styles": slim(usual()),
                       "as editors leave it": edited()}.items():  # fmt: skip
        print(measure(name, data, files))


if __name__ == "__main__":
    main()
