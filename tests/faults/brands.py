"""Two brands, known to the product and to the simulator: A is hurt, B looks on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any
from uuid import UUID

from flask import Flask

from saas.auth.roles import Role
from saas.simulator import accounts, fans, templates
from saas.simulator.acting import Desk
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.accounts.services import Kind
from tests.factories.accounts import connection_values, make_account, make_connected
from tests.factories.people import Member, make_member, make_tenant
from tests.factories.rules import make_rule

FANS = 16
KEYWORD = "你好"
# How often a push comes again though it was answered, by the account's mode.
REPEATS = {"safe": 0, "plain": 1}


@dataclass(frozen=True)
class Brand:
    """One tenant with its accounts; `mark` stands in everything that is its own."""

    mark: str
    tenant: TenantRecord
    member: Member
    accounts: tuple[Connected, ...]

    @property
    def url(self) -> str:
        """The start of its API's paths."""
        return f"/api/v1/tenants/{self.tenant.id}"

    @property
    def openids(self) -> list[str]:
        """All its fans."""
        return [openid for account in self.accounts for openid in account.openids]

    @property
    def marks(self) -> list[str]:
        """What nobody else may ever see."""
        ids = [str(account.account_id) for account in self.accounts]
        app_ids = [account.app_id for account in self.accounts]
        return [self.mark, str(self.tenant.id), *ids, *app_ids, *self.openids]


@dataclass(frozen=True)
class Connected:
    """One account: what its rule answers, and who follows it."""

    account_id: UUID
    values: Mapping[str, Any]
    answer: str
    openids: tuple[str, ...]
    template_id: str

    @property
    def app_id(self) -> str:
        """WeChat's name of it."""
        return str(self.values["app_id"])


def make_brand(app: Flask, desk: Desk, mark: str, modes: tuple[str, ...]) -> Brand:
    """A tenant whose headquarters and stores each have an account in another mode."""
    with app.app_context():
        tenant = make_tenant(name=f"{mark}品牌")
        member = make_member(Role.BRAND_HQ, tenant=tenant)
        with enter(system_scope(tenant)):
            return Brand(mark, tenant, member, tuple(_accounts(desk, mark, modes)))


def _accounts(desk: Desk, mark: str, modes: tuple[str, ...]) -> list[Connected]:
    found: list[Connected] = []
    for number, mode in enumerate(modes):
        parent_id = found[0].account_id if found else None
        found.append(_connected(desk, f"{mark}{number}", mode, parent_id))
    return found


def _connected(desk: Desk, name: str, mode: str, parent_id: UUID | None) -> Connected:
    kind = Kind.STORE if parent_id else Kind.CENTRAL
    account_id = make_account(kind, parent_id=parent_id, name=name).id
    keys = {"app_secret": token_hex(16), "token": token_hex(12), "encoding_aes_key": token_hex(22)[:43]}
    values = connection_values(mode=mode, name=name, **keys)
    make_connected(account_id, **{key: value for key, value in values.items() if key != "name"})
    answer = f"{name}回复您"
    trigger = {"type": "keyword", "match": "contains", "value": KEYWORD}
    make_rule(account_id, name=name, triggers=[trigger], replies=[{"type": "text", "content": answer}])
    account = accounts.set_faults(desk.store, accounts.register(desk.store, values), {"duplicate": REPEATS[mode]})
    openids = fans.create_fans(desk.store, account, [{"name": f"{name}粉丝"}] * FANS)
    return Connected(
        account_id, values, answer, tuple(openids), templates.list_templates(desk.store, account)[0].template_id
    )
