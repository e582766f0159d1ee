"""A tree, people who see parts of it, and a WeChat that answers as told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest
import requests
from flask import Flask

from saas.auth.roles import Role
from saas.config import Config
from saas.simulator.app import create_app as create_simulator
from saas.simulator.settings import SimulatorSettings
from saas.tenancy.scope import Principal, TenantRecord, TenantScope, enter
from saas.wechat.answers import QrCode
from saas.wechat.errors import WeChatError
from tenants.accounts import services
from tenants.accounts.permissions import GRANTS
from tenants.accounts.services import calls
from tests.conftest import running
from tests.factories.accounts import Tree, make_grant, make_tree
from tests.factories.component import COMPONENT, SETTINGS
from tests.factories.door import close_door, door_of
from tests.factories.owners import Owner, make_owner
from tests.factories.people import Member, make_member
from tests.saas.simulator.echo import serving


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    """Six nodes of the test's tenant."""
    return make_tree()


@pytest.fixture
def holding(tenant: TenantRecord, scope: TenantScope) -> Callable[..., Member]:
    """Makes a person with a role and grants."""

    def make(role: Role, *accounts: UUID) -> Member:
        member = make_member(role, tenant=tenant)
        for account_id in accounts:
            make_grant(member.membership_id, account_id)
        return member

    return make


def scope_of(scope: TenantScope, member: Member) -> TenantScope:
    """The scope that the door would enter for a person."""
    principal = Principal(role=member.role, user_id=member.user_id, membership_id=member.membership_id)
    narrow = replace(scope, principal=principal, permissions=frozenset(GRANTS[member.role]))
    if member.role in {Role.BRAND_HQ, Role.AGENCY_STAFF}:
        return narrow
    return replace(narrow, accounts=services.SeenTree().granted(member.membership_id))


@pytest.fixture
def acting(scope: TenantScope) -> Callable[[Member], object]:
    """Enters the scope of a person."""
    return lambda member: enter(scope_of(scope, member))


@dataclass
class FakeWeChat:
    """Gives tokens and codes, or the error it was told to give."""

    errcode: int | None = 0
    scenes: list[str] = field(default_factory=list)
    cleared: int = 0

    def clear_quota(self) -> None:
        self._refuse()
        self.cleared += 1

    def fetch_token(self) -> int:
        self._refuse()
        return 7200

    def create_qrcode(self, scene: str) -> QrCode:
        self._refuse()
        self.scenes.append(scene)
        return QrCode(ticket=f"ticket-{scene}", url=f"http://weixin.qq.com/q/{scene}")

    def show_qrcode_url(self, ticket: str) -> str:
        return f"https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket={ticket}"

    def _refuse(self) -> None:
        if self.errcode != 0:
            raise WeChatError(self.errcode)


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> FakeWeChat:
    """In place of Tencent."""
    fake = FakeWeChat()
    monkeypatch.setattr(calls, "client_for", lambda _credentials: fake)
    return fake


@pytest.fixture(scope="module")
def platform(config: Config) -> Iterator[Flask]:
    """The application of a deployment that is a platform at WeChat's Open Platform."""
    with running(replace(config, **SETTINGS)) as made:
        yield made


@pytest.fixture
def tencent(tmp_path: Path) -> Iterator[str]:
    """The simulator."""
    app = create_simulator(SimulatorSettings(database=tmp_path / "simulator.sqlite3", testing=True, tries=1))
    with serving(app) as address:
        yield address


@pytest.fixture
def simulated(config: Config, tencent: str) -> Iterator[Flask]:
    """The application, whose WeChat is the simulator, with a platform of its own there."""
    hosts = {"wechat_api_url": tencent, "wechat_mp_url": tencent, "wechat_open_url": tencent}
    with running(replace(config, **hosts, **SETTINGS)) as made, made.app_context():
        yield made
        close_door(made)


@pytest.fixture
def doorway(app: Flask) -> Iterator[str]:
    """The test's application behind a real address."""
    with serving(door_of(app)) as address:
        yield address


@pytest.fixture
def register(tencent: str, doorway: str) -> Callable[..., None]:
    """Makes our platform known to Tencent; `event_delay=-1` keeps it from telling of scans."""

    def put(**more: object) -> None:
        door = f"{doorway}/wechat/component/{COMPONENT.app_id}"
        platform = {
            "app_id": COMPONENT.app_id, "app_secret": COMPONENT.secret, "token": COMPONENT.token,
            "encoding_aes_key": COMPONENT.aes_key, "event_url": door, "message_url": f"{door}/$APPID$", **more,
        }  # fmt: skip
        assert requests.put(f"{tencent}/_sim/component", json=platform, timeout=9).ok
        told = requests.post(f"{tencent}/_sim/component/ticket", json={}, timeout=9).json()
        assert told["status"] == "empty", told

    return put


@pytest.fixture
def owner(tencent: str) -> Owner:
    """Whoever administers an account at the simulator."""
    return make_owner(tencent)
