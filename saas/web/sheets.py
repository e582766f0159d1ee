"""Lists as files: what begins like a formula stays text, in whatever program the file is opened."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import xlsxwriter
from flask import Response

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
# A file begins with this, or Excel takes it for another encoding.
CSV_MARK = b"\xef\xbb\xbf"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN_WORDS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Sheet:
    """A list with its name, the heads of its columns, and its cells as words."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[str]]


def send_sheet(sheet: Sheet, form: str) -> Response:
    """The list as a download; `form` is csv or xlsx."""
    return _csv(sheet) if form == "csv" else _xlsx(sheet)


def defused(word: str) -> str:
    """A word that no spreadsheet takes for a formula."""
    return f"'{word}" if word.startswith(DANGEROUS) else word


def download(content: bytes, kind: str, name: str) -> Response:
    """A file that the browser saves under its name and nobody keeps on the way."""
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _csv(sheet: Sheet) -> Response:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(sheet.heads)
    writer.writerows([defused(word) for word in row] for row in sheet.rows)
    return download(CSV_MARK + text.getvalue().encode(), CSV, f"{sheet.name}.csv")


def _xlsx(sheet: Sheet) -> Response:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, PLAIN_WORDS) as book:
        page = book.add_worksheet()
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.heads) - 1, 18)
        for at, row in enumerate([sheet.heads, *sheet.rows]):
            for column, word in enumerate(row):
                page.write_string(at, column, word)
    return download(output.getvalue(), XLSX, f"{sheet.name}.xlsx")
