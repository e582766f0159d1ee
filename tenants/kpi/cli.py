"""`flask kpi recount`: the sums against the facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import click
from flask.cli import AppGroup

from saas.db import db
from saas.tenancy.directory import find_tenant, list_tenants
from saas.tenancy.scope import TenantRecord, enter, enter_directory, system_scope
from tenants.kpi.domain.periods import parse_month
from tenants.kpi.services.recount import compare_with_facts, rebuild_from_facts

group = AppGroup("kpi", help="The figures.")


@group.command("recount")
@click.option("--tenant", type=click.UUID, help="One tenant; all without it.")
@click.option("--month", callback=lambda _c, _p, value: _month(value), help="One month, as 2026-11; all without it.")
@click.option("--rebuild", is_flag=True, help="Write the sums anew from the facts first.")
def recount_command(tenant: UUID | None, month: date | None, rebuild: bool) -> None:  # noqa: FBT001 - click's way
    """Counts again from the facts and prints what differs; ends with status 1 when something does."""
    found = sum(_recount(one, month, anew=rebuild) for one in _tenants(tenant))
    click.echo(f"differences: {found}")
    if found:
        raise SystemExit(1)


def _tenants(tenant_id: UUID | None) -> Sequence[TenantRecord]:
    with enter_directory():
        return list_tenants() if tenant_id is None else [find_tenant(tenant_id)]


def _recount(tenant: TenantRecord, month: date | None, *, anew: bool) -> int:
    with enter(system_scope(tenant)):
        if anew:
            rebuild_from_facts(month)
            db.session.commit()
        differences = compare_with_facts(month)
    for one in differences:
        click.echo(f"{tenant.name}  {one.period}  {one.node_id}  {one.column}: {one.stored}, facts say {one.counted}")
    return len(differences)


def _month(value: str | None) -> date | None:
    if value is None:
        return None
    month = parse_month(value)
    if month is None:
        raise click.BadParameter("write a month as 2026-11")
    return month
