"""Tables for spreadsheets."""

import csv
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# A cell that begins so is a formula to a spreadsheet, whoever wrote it: a title can be one, and so can a host. After a
# semicolon one begins where that parts cells; a quote of its own is doubled, so that what was written can be restored.
_FORMULA = re.compile(r"[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20']|;\s*[=+\-@]")


def defused(cell: object) -> object:
    """The cell as text that no spreadsheet computes. Numbers and dates stay what they are."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """What `defused` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def send_sheet(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
    csv.writer(response).writerows([defused(cell) for cell in row] for row in rows)
    return response
