"""Files become drafts: a manuscript (.docx), a saved page (.html), a text (.txt)."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from analyst.importing import Import, import_file
from articles.intake import Reader
from articles.intake.draft import Outcome
from articles.intake.manuscript import Refused


class Command(BaseCommand):
    help = "Turns manuscripts, saved pages and texts into drafts. The same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--publish", action="store_true", help="Publish what has a title, a text and a category.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would become of each file; store nothing.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object a line for each file.")

    def handle(self, *, files: list[Path], publish: bool, dry_run: bool, **options: Any) -> None:
        refused = 0
        with Reader() as reader:  # which reads all Word files in one limited process
            for path in files:
                done = self._import(reader, path, publish, dry_run)
                self._say(done, as_json=options["json"])
                refused += done.outcome.outcome == "refused"
        if refused:
            sys.exit(1)

    def _import(self, reader: Reader, path: Path, publish: bool, dry_run: bool) -> Import:
        name = os.fsencode(path.name).decode(errors="replace")  # a name may hold bytes that are no text
        try:
            data = path.read_bytes()
            manuscript = reader.read(name, data, beside=path.parent)
        except OSError as problem:
            return _refusal(name, f"This file cannot be opened: {problem.strerror}.")
        except Refused as refusal:
            return _refusal(name, str(refusal))
        return import_file(name, data, manuscript=manuscript, publish=publish, dry_run=dry_run)

    def _say(self, done: Import, *, as_json: bool) -> None:
        result = done.as_json()
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        reason = f": {result['reason']}" if result["reason"] else ""
        self.stdout.write(f"{result['file']}  {result['outcome']}{reason}  {result['url'] or ''}".rstrip())
        for part, placed in _placed(result):
            self.stdout.write(f"  {part}  {placed}")
        for flag in result["flags"]:
            self.stdout.write(f"  flag  {flag['field']}: {flag['reason']} {flag['text']}".rstrip())
        for text in result["unplaced"]:
            self.stdout.write(f"  unplaced  {text}")


def _placed(result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What each part holds, in a few words."""
    for part in ("title", "category", "dateline", "published_on", "modified_on", "image_credit", "reads"):
        if result[part] is not None:
            yield part, str(result[part])
    for part, texts in (("authors", [author["name"] for author in result["authors"]]), ("tags", result["tags"])):
        if texts:
            yield part, ", ".join(texts)
    for part in ("summary", "background", "implications", "conclusions", "body"):
        if result[part]:
            yield part, f"{len(result[part].split()):,} words"
    for bio in result["bios"]:
        yield "bio", bio
    if any(result["publications"].values()):
        yield "staff publications", "{created} new, {known} known".format(**result["publications"])


def _refusal(name: str, reason: str) -> Import:
    return Import(Outcome(name, "refused", reason))
