"""The pages of figures: the month of every account, an account's days, and exports."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for

from saas.auth.entry import requires
from saas.web.render import render
from tenants.kpi.domain.columns import ALL, CHARTED
from tenants.kpi.domain.finding import days_finding
from tenants.kpi.permissions import KpiPermission
from tenants.kpi.services.reports import days_report, month_report
from tenants.kpi.views.asked import asked_for
from tenants.kpi.views.export import as_csv, as_xlsx, sheet_of
from tenants.kpi.views.rows import day_rows, table_rows

blueprint = Blueprint("kpi", __name__, url_prefix="/t/<uuid:tenant_id>/a/<uuid:account_id>/figures")


@blueprint.get("")
@requires(KpiPermission.KPI_VIEW)
def month(account_id: UUID) -> str:
    """The month of every account at or below the picked one."""
    asked = asked_for(request.args)
    report = month_report(account_id, asked.period, metric=asked.metric.name)
    rows = table_rows(report, asked, place=_days_address(asked.month_name))
    return render("kpi/month.html", asked=asked, report=report, rows=rows, charted=CHARTED, every=ALL)


@blueprint.get("/days")
@requires(KpiPermission.KPI_VIEW)
def days(account_id: UUID) -> str:
    """The days of the picked account and all below it."""
    asked = asked_for(request.args)
    found = days_report(account_id, asked.period)
    points = [(one.day, one.figures[asked.metric.name]) for one in found]
    finding = days_finding(str(asked.metric.label), points)
    return render(
        "kpi/days.html", asked=asked, points=points, rows=day_rows(found, asked), finding=finding, charted=CHARTED
    )


@blueprint.get("/export.csv")
@requires(KpiPermission.KPI_VIEW)
def export_csv(account_id: UUID) -> Response:
    """The table as CSV."""
    asked = asked_for(request.args)
    return as_csv(sheet_of(month_report(account_id, asked.period, metric=asked.metric.name), asked))


@blueprint.get("/export.xlsx")
@requires(KpiPermission.KPI_VIEW)
def export_xlsx(account_id: UUID) -> Response:
    """The table as an Excel file."""
    asked = asked_for(request.args)
    return as_xlsx(sheet_of(month_report(account_id, asked.period, metric=asked.metric.name), asked))


def _days_address(month: str) -> tuple[str, str]:
    # One address cut in two: building five hundred of them would take longer than the figures.
    mark = UUID(int=0)
    before, _, after = url_for("kpi.days", account_id=mark, month=month).partition(str(mark))
    return before, after
