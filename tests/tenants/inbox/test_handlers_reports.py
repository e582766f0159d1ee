"""What becomes of a template message after WeChat took it: the simulator's own reports, through the gateway to the page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from flask import Flask

from saas.auth.roles import Role
from saas.db import db
from saas.faultpoints import Point
from saas.simulator.app import create_app as create_simulator
from saas.simulator.settings import SimulatorSettings
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat import consume
from saas.wechat.http import Hosts, WeChatHttp
from saas.wechat.outbox import TemplateMessage, sending
from tenants.accounts import services as accounts
from tenants.fans.models import Fan
from tenants.inbox import services
from tests.factories.accounts import connection_values, make_account
from tests.factories.door import door_of
from tests.factories.fans import make_fan
from tests.factories.outward import effects
from tests.factories.people import Member, browser_of, make_member
from tests.saas.simulator.echo import serving

PATIENCE = 10.0
ARRIVED = ("done", "")
BLOCKED = ("refused", "reported_block")


@dataclass
class World:
    """A follower of an account at a simulated WeChat, whose pushes come in at our door; and our own sender."""

    app: Flask
    tenant: TenantRecord
    fan: Fan
    notice: TemplateMessage
    address: str

    def say(self, path: str, **values: Any) -> None:
        """Tells the simulator something about the account."""
        requests.post(f"{self.address}/{path}", json=values, timeout=5).raise_for_status()

    def send(self) -> None:
        """A person's template message, sent by the sender of the application."""
        with enter(system_scope(self.tenant)):
            services.send_message(self.fan, self.notice, filled="排队叫号提醒")
            db.session.commit()
        self.app.extensions["outbox"].drain(self.tenant, self.fan.account_id)

    def fate(self) -> tuple[str, str]:
        with enter(system_scope(self.tenant)):
            (row,) = effects()
            return row.state, row.reason


def hear() -> None:
    """Consumes until a callback has come in."""
    end = time.monotonic() + PATIENCE
    while not consume.run_once():
        assert time.monotonic() < end, "nothing was pushed"
        time.sleep(0.02)


@pytest.fixture
def world(app: Flask, tenant: TenantRecord, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    simulator = create_simulator(SimulatorSettings(tries=1, testing=True))
    values = connection_values(mode="plain")
    with serving(door_of(app)) as gateway, serving(simulator) as url, WeChatHttp(Hosts(url, url)) as http:
        monkeypatch.setitem(app.extensions, "wechat_out", (Hosts(url, url), http))
        more = {"name": "云岫咖啡", "callback_url": f"{gateway}/wechat/{values['app_id']}"}
        requests.post(f"{url}/_sim/accounts", json=values | more, timeout=5).raise_for_status()
        address = f"{url}/_sim/accounts/{values['app_id']}"
        (openid,) = requests.post(f"{address}/fans", json={"count": 1}, timeout=5).json()["openids"]
        with enter(system_scope(tenant)):
            account_id = make_account().id
            accounts.connect_account(accounts.access_account(account_id), values)
            fan = make_fan(account_id, openid=openid)
            yield World(app, tenant, fan, notice_for(fan), address)
    simulator.extensions["simulator"].store.close()
    simulator.extensions["simulator"].callbacks.close()


def notice_for(fan: Fan) -> TemplateMessage:
    """A template message as this account may send it."""
    client = accounts.client_of(fan.account_id)
    known = client.send("/cgi-bin/template/api_add_template", {"template_id_short": "47702"})
    data = {"character_string1": "A012", "number2": "3"}
    return TemplateMessage(openid=fan.openid or "", template_id=known["template_id"], data=data)


@pytest.fixture
def hq(tenant: TenantRecord) -> Member:
    return make_member(Role.BRAND_HQ, tenant=tenant)


def test_one_that_arrived_stays_sent(world: World) -> None:
    world.send()
    hear()
    assert world.fate() == ARRIVED


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        ("failed:user block", "reported_block", "未送达：粉丝已拒收该公众号的消息。"),
        ("failed: system failed", "reported_system", "未送达：微信系统发送失败"),
        ("failed:freq limit", "reported_limit", "未送达：发给该粉丝的模板消息已达微信的频率上限。"),
        ("failed:something new", "reported", "未送达：微信接收后又报告发送失败。"),
    ],
)
def test_one_that_failed_stands_among_the_undelivered(
    world: World, hq: Member, status: str, reason: str, words: str
) -> None:
    world.say("faults", template_status=status)
    world.send()
    assert world.fate() == ARRIVED
    hear()
    assert world.fate() == ("refused", reason)
    place = f"/t/{world.tenant.id}/a/{world.fan.account_id}"
    page = browser_of(world.app, hq).get(f"{place}/inbox/undelivered").text
    assert words in page
    listed = world.app.test_client().get(
        f"/api/v1/tenants/{world.tenant.id}/accounts/{world.fan.account_id}/messages", headers=hq.bearer
    )
    assert [one["state"] for one in listed.json["items"]] == ["refused"]


def test_a_report_that_comes_before_our_own_commit_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def arrive(point: Point) -> None:
        if point is Point.OUTBOX_BEFORE_OUTCOME:
            hear()
            early.append(world.fate()[0])

    early: list[str] = []
    monkeypatch.setattr(sending, "reach", arrive)
    world.say(f"fans/{world.fan.openid}/acts", type="refuse_templates")
    world.send()
    assert early == ["sending"]
    assert world.fate() == BLOCKED
