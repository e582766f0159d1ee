"""The month as a file, figures as figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from flask import Response
from flask_babel import gettext as _

from saas.web.sheets import CSV, CSV_MARK, PLAIN_WORDS, XLSX, defused, download
from tenants.kpi.domain.columns import Form
from tenants.kpi.services.reports import MonthReport
from tenants.kpi.views.asked import Asked
from tenants.kpi.views.grouping import Line, lines_of

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
    """The table as words and plain numbers."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in (sheet.heads, *sheet.rows):
        writer.writerow([defused(value) if isinstance(value, str) else _plain(value) for value in row])
    return download(CSV_MARK + text.getvalue().encode(), CSV, f"{sheet.name}.csv")


def as_xlsx(sheet: Sheet) -> Response:
    """An Excel file: words are written as words, never as formulas or links."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, PLAIN_WORDS) as book:
        _fill(book, sheet)
    return download(output.getvalue(), XLSX, f"{sheet.name}.xlsx")


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
