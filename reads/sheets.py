"""Tables for spreadsheets."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# A cell that begins so is a formula to a spreadsheet, whoever wrote it: a title can be one, and so can a host.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def send_sheet(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
    csv.writer(response).writerows([defused(cell) for cell in row] for row in rows)
    return response
