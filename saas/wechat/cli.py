"""`flask quarantine list|retry` and `flask spool retry`: callbacks that were put aside, for a person."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import click
import structlog
from flask import current_app
from flask.cli import AppGroup

from saas.config import Config
from saas.db import db
from saas.tenancy.directory import find_tenant, list_tenants
from saas.tenancy.scope import TenantRecord, enter, enter_directory, system_scope
from saas.wechat.drain import retry_damaged
from saas.wechat.quarantine import list_aside, reopen_aside

quarantine = AppGroup("quarantine", help="Callbacks that were put aside.")
spool = AppGroup("spool", help="Callbacks that wait on this machine.")
of_tenant = click.option("--tenant", type=click.UUID, help="One tenant; all without it.")
log = structlog.get_logger(__name__)


@quarantine.command("list")
@of_tenant
def list_command(tenant: UUID | None) -> None:
    """Prints what was put aside, why, and whether it may be tried again."""
    for one in _tenants(tenant):
        with enter(system_scope(one)):
            found = list_aside()
        for row in found:
            hope = "may be tried again" if row.is_kept else "not in the journal"
            click.echo(f"{one.name}  {row.account_id}  {row.received_at.isoformat()}  {row.id}  {row.reason}: {hope}")


@quarantine.command("retry")
@of_tenant
def retry_command(tenant: UUID | None) -> None:
    """Gives back to the consumer what no observer could take, once its cause is mended."""
    number = 0
    for one in _tenants(tenant):
        with enter(system_scope(one)):
            reopened = reopen_aside()
            db.session.commit()
        if reopened:
            log.warning("quarantine_retried", tenant_id=str(one.id), journal_ids=list(reopened))
        number += len(reopened)
    click.echo(f"to be tried again: {number}")


@spool.command("retry")
def retry_spool_command() -> None:
    """Gives segments that could not be read back to this machine's callback processes, once the cause is mended."""
    config: Config = current_app.config["SETTINGS"]
    young, old = retry_damaged(config.data_dir / "spool")
    if young:
        log.warning("spool_retried", segments=young)
    click.echo(f"to be tried again: {young}; too old, as they might be stored twice: {old}")


def _tenants(tenant_id: UUID | None) -> Sequence[TenantRecord]:
    with enter_directory():
        return list_tenants() if tenant_id is None else [find_tenant(tenant_id)]
