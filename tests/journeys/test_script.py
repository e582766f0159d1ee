"""By API and callback alone: from the creation of a brand to its figures, with duplicates and a consumer killed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from saas import clock
from saas.auth.roles import Role
from saas.config import Config
from saas.wechat.ports import AccountKeys, Mode
from tests.factories.accounts import AES_KEY
from tests.factories.callbacks import event_fields, fields, opened, posted, text_fields
from tests.factories.door import Door
from tests.factories.people import make_agency, make_member
from tests.factories.processes import consuming, wait_for

FANS, MESSAGES = 5, 6
ANSWERS = {"central": "总部您好", "bund": "外滩店您好", "lake": "西湖店您好"}


@dataclass(frozen=True)
class Brand:
    """What the script has made."""

    client: FlaskClient
    door: Door
    headers: dict[str, str]
    url: str
    nodes: dict[str, str]
    keys: dict[str, AccountKeys]

    def month(self) -> dict[str, dict[str, Any]]:
        """This month's figures by node."""
        answer = self.client.get(f"{self.url}/kpi/monthly?month={today():%Y-%m}", headers=self.headers)
        return {item["account_id"]: item for item in answer.json["items"]}

    def day(self) -> dict[str, dict[str, Any]]:
        """Today's figures by node."""
        query = f"account_id={self.nodes['central']}&from={today():%Y-%m-%d}&to={today():%Y-%m-%d}"
        answer = self.client.get(f"{self.url}/kpi/daily?{query}", headers=self.headers)
        return {item["account_id"]: item for item in answer.json["items"]}


def today() -> datetime:
    return clock.now().astimezone(ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def brand(client: FlaskClient, door: Door) -> Brand:
    """A brand with a central account, a region and two stores, each account in another mode and with its own rule."""
    headers = make_member(Role.AGENCY_ADMIN, agency_id=make_agency()).bearer
    tenant_id = post(client, "/api/v1/tenants", headers, name="云岫咖啡")["id"]
    url = f"/api/v1/tenants/{tenant_id}"
    keys = {name: new_keys(UUID(tenant_id), mode) for name, mode in zip(ANSWERS, Mode, strict=True)}
    central = add(client, url, headers, "总部", "central", None, keys["central"])
    east = add(client, url, headers, "华东", "region", central, None)
    nodes = {"central": central, "east": east}
    for name in ("bund", "lake"):
        nodes[name] = add(client, url, headers, name, "store", east, keys[name])
    for name, content in ANSWERS.items():
        post(
            client, f"{url}/accounts/{nodes[name]}/rules", headers, name="问候",
            triggers=[{"type": "keyword", "match": "contains", "value": "你好"}],
            replies=[{"type": "text", "content": content}],
        )  # fmt: skip
    return Brand(client, door, headers, url, nodes, keys)


def new_keys(tenant_id: UUID, mode: Mode) -> AccountKeys:
    return AccountKeys(
        tenant_id=tenant_id, account_id=uuid4(), app_id=f"wx{uuid4().hex[:16]}", original_id=f"gh_{uuid4().hex[:12]}",
        token=uuid4().hex, encoding_aes_key=AES_KEY, mode=mode,
    )  # fmt: skip


def add(
    client: FlaskClient,
    url: str,
    headers: dict[str, str],
    name: str,
    kind: str,
    parent: str | None,
    keys: AccountKeys | None,
) -> str:
    connection = {} if keys is None else {
        "app_id": keys.app_id, "original_id": keys.original_id, "service_type": "service", "verified": True,
        "mode": keys.mode.value, "app_secret": uuid4().hex, "token": keys.token, "encoding_aes_key": keys.encoding_aes_key,
    }  # fmt: skip
    place = {} if parent is None else {"parent_id": parent}
    return str(post(client, f"{url}/accounts", headers, name=name, kind=kind, **place, **connection)["id"])


def post(client: FlaskClient, url: str, headers: dict[str, str], **body: Any) -> Any:
    answer = client.post(url, json=body, headers=headers | {"Idempotency-Key": uuid4().hex})
    assert answer.status_code == 201, answer.text
    return answer.json


def send(door: Door, keys: AccountKeys, inner: str, openid: str) -> str:
    """The clear answer to a push; every push arrives twice and must be answered alike."""
    clear = fields(keys, inner, openid=openid, created_at=int(clock.now().timestamp()))
    answers = []
    for _ in range(2):
        body, query = posted(keys, clear)
        answer = door.post(f"/wechat/{keys.app_id}", data=body, query_string=query)
        assert answer.status_code == 200
        answers.append(read(keys, answer.text))
    assert answers[0] == answers[1]
    return answers[0]


def read(keys: AccountKeys, body: str) -> str:
    return body if keys.mode is Mode.PLAIN or body == "success" else opened(keys, body)


def test_a_script_makes_a_brand_and_finds_every_message_counted_once(brand: Brand, config: Config) -> None:
    with consuming(config) as consumer:
        for number in range(MESSAGES):
            if number == MESSAGES // 2:
                consumer.kill()
            for name, keys in brand.keys.items():
                for fan in range(FANS):
                    answer = send(brand.door, keys, text_fields("你好"), f"{name}-fan-{fan}-openid")
                    assert ANSWERS[name] in answer
        for name, keys in brand.keys.items():
            assert send(brand.door, keys, text_fields("没人懂"), f"{name}-fan-0-openid") == "success"
            send(brand.door, keys, event_fields("subscribe", "<EventKey></EventKey>"), f"{name}-new-openid")
        consumer.start()
        everything = len(ANSWERS) * (FANS * MESSAGES + 1)
        wait_for(lambda: subtree(brand, "central", "interactions") >= everything, "all messages counted")
    check_own(brand)
    check_subtrees(brand)


def check_own(brand: Brand) -> None:
    month, day = brand.month(), brand.day()
    for name in ANSWERS:
        for own in (month[brand.nodes[name]]["own"], day[brand.nodes[name]]):
            assert own["interactions"] == FANS * MESSAGES + 1
            assert own["replies_robot"] == FANS * MESSAGES
            assert own["messages_unanswered"] == 1
            assert own["fans_interacting"] == FANS
            assert own["followers_new"] == 1
    assert month[brand.nodes["east"]]["own"]["interactions"] is None  # a region without an account of its own


def check_subtrees(brand: Brand) -> None:
    assert subtree(brand, "bund", "interactions") == FANS * MESSAGES + 1
    assert subtree(brand, "east", "interactions") == 2 * (FANS * MESSAGES + 1)
    assert subtree(brand, "central", "interactions") == 3 * (FANS * MESSAGES + 1)
    assert subtree(brand, "central", "fans_interacting") == 3 * FANS


def subtree(brand: Brand, name: str, metric: str) -> int:
    return int(brand.month()[brand.nodes[name]]["subtree"][metric])
