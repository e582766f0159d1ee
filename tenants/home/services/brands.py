"""One line per brand of an agency: each read in a scope of its own, as far as the person's role in it reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saas.auth.identity import Identity
from saas.auth.permissions import AuthPermission
from saas.auth.roles import Role
from saas.capability import Capability
from saas.tenancy.directory import list_tenants
from saas.tenancy.ports import NodeRecord
from saas.tenancy.scope import Principal, TenantRecord, TenantScope, enter, enter_directory
from tenants.home.services.homes import METRIC, find_top, list_todos
from tenants.kpi.services.reports import MonthReport, month_report, shown_period
from tenants.kpi.services.silence import count_connected, list_silent

Grants = Mapping[Role, frozenset[str]]


@dataclass(frozen=True, slots=True)
class BrandLine:
    """A brand on the overview; `top`, and with it the figures, is None before its first account."""

    tenant: TenantRecord
    top: NodeRecord | None = None
    report: MonthReport | None = None
    connected: int = 0
    silent: int = 0
    waiting: int = 0

    @property
    def is_red(self) -> bool:
        """Whether somebody should look: nothing connected, or accounts of which nothing is heard."""
        return not self.connected or self.silent > 0


def list_brands(identity: Identity, grants: Grants, capabilities: Sequence[Capability]) -> list[BrandLine]:
    """The brands in which the person's role opens the overview; those that need somebody first."""
    with enter_directory():
        tenants = list_tenants()
    scopes = [scope for tenant in tenants if (scope := _scope(identity, tenant, grants)) is not None]
    lines = [_line(scope, capabilities) for scope in scopes]
    return sorted(lines, key=lambda line: (not line.is_red, line.tenant.name))


def _scope(identity: Identity, tenant: TenantRecord, grants: Grants) -> TenantScope | None:
    membership = identity.membership_in(tenant)
    if membership is None or AuthPermission.OVERVIEW_VIEW not in grants[membership.role]:
        return None
    principal = Principal(
        role=membership.role, name=identity.name, user_id=identity.user_id, membership_id=membership.id
    )
    return TenantScope(tenant=tenant, principal=principal, permissions=grants[membership.role])


def _line(scope: TenantScope, capabilities: Sequence[Capability]) -> BrandLine:
    with enter(scope):
        top = find_top()
        if top is None:
            return BrandLine(scope.tenant)
        report = month_report(top.id, shown_period(None), metric=METRIC)
        return BrandLine(
            tenant=scope.tenant,
            top=top,
            report=report,
            connected=count_connected([one.line for one in report.months]),
            silent=len(list_silent(top.id)),
            waiting=sum(todo.count for todo in list_todos(capabilities)),
        )
