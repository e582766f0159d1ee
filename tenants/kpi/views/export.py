"""Downloads: what begins like a formula stays text, in whatever program the file is opened."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import xlsxwriter
from flask import Response
from flask_babel import gettext as _

from tenants.kpi.domain.columns import Form
from tenants.kpi.services.reports import MonthReport
from tenants.kpi.views.asked import Asked
from tenants.kpi.views.grouping import Line, lines_of

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT_COLUMNS = 3
Value = str | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name; the first columns are text, the others figures."""

    name: str
    heads: Sequence[str]
    forms: Sequence[Form]
    rows: Sequence[Sequence[Value]]


def sheet_of(report: MonthReport, asked: Asked) -> Sheet:
    """The month's table as it is shown, with whole numbers and shares instead of written ones."""
    heads = [_("Account"), _("Kind"), _("Counted"), *(str(column.label) for column in asked.columns)]
    rows = [
        [*_words(line), *(column.value(line.figures) for column in asked.columns)]
        for line in lines_of(report.months, asked)
    ]
    name = f"{report.months[0].line.name if report.months else ''} {asked.month_name}".strip()
    return Sheet(name, heads, [column.form for column in asked.columns], rows)


def as_csv(sheet: Sheet) -> Response:
    """UTF-8 with a mark at its beginning, or Excel takes it for another encoding."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in (sheet.heads, *sheet.rows):
        writer.writerow([defused(value) if isinstance(value, str) else _plain(value) for value in row])
    return _download(b"\xef\xbb\xbf" + text.getvalue().encode(), "text/csv; charset=utf-8", f"{sheet.name}.csv")


def as_xlsx(sheet: Sheet) -> Response:
    """An Excel file: words are written as words, never as formulas or links."""
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as book:
        _fill(book, sheet)
    return _download(output.getvalue(), XLSX, f"{sheet.name}.xlsx")


def defused(word: str) -> str:
    """A word that no spreadsheet takes for a formula."""
    return f"'{word}" if word.startswith(DANGEROUS) else word


def _fill(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    bold = book.add_format({"bold": True})
    shapes = {Form.COUNT: "#,##0", Form.SHARE: "0.0%", Form.RATIO: "#,##0.0"}
    formats = [book.add_format({"num_format": shapes[form]}) for form in sheet.forms]
    page = book.add_worksheet()
    page.freeze_panes(1, 1)
    page.set_column(0, 0, 28)
    page.set_column(1, len(sheet.heads) - 1, 14)
    for at, head in enumerate(sheet.heads):
        page.write_string(0, at, head, bold)
    for at, row in enumerate(sheet.rows, start=1):
        _write(page, at, row, formats)


def _write(page: xlsxwriter.worksheet.Worksheet, at: int, row: Sequence[Value], formats: Sequence[object]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            page.write_string(at, column, value)
        elif value is not None:
            page.write_number(at, column, value, formats[column - TEXT_COLUMNS])


def _words(line: Line) -> list[Value]:
    kinds = {"central": _("Central account"), "region": _("Regional account"), "store": _("Store account")}
    figures = line.node.figures
    whole = f"{figures.counted}/{figures.nodes}" if line.is_subtotal else ""
    kind = kinds.get(line.node.line.kind, line.node.line.kind)
    return [line.node.line.name, _("%(kind)s, with all below", kind=kind) if line.is_subtotal else kind, whole]


def _plain(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def _download(body: bytes, kind: str, name: str) -> Response:
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename=figures; filename*=UTF-8''{quote(name)}"
    return response
