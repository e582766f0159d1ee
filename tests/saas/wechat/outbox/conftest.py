"""An account that the simulator knows, its fans, and a sender that works here instead of in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
import requests
from flask import Flask

from saas import clock
from saas.db import db, new_id
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.client import Credentials, WeChatClient
from saas.wechat.outbox.calling import Caller
from saas.wechat.outbox.effects import CustomMessage, Effect, TemplateMessage
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.planning import plan
from saas.wechat.outbox.ports import MediaCopies, no_copy
from saas.wechat.outbox.sending import Sender
from saas.wechat.quota import fans
from saas.wechat.quota.acts import GRANTS, Changes, Trigger
from saas.wechat.replies import Reply, TextReply

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


@dataclass
class Phone:
    """The fans' side of one account: what they do at WeChat, and what the consumer then writes into the ledger."""

    url: str
    tenant: TenantRecord
    account_id: UUID

    def act(self, openid: str, **values: Any) -> None:
        """Something the fan does."""
        answer = requests.post(f"{self.url}/fans/{openid}/acts", json=values, timeout=5)
        assert answer.status_code == 200, answer.text

    def write(self, openid: str, words: str = "在吗") -> None:
        """The fan writes, and may be written to five times."""
        self.act(openid, type="text", content=words)
        self.allow(openid)

    def allow(self, openid: str, trigger: Trigger = Trigger.MESSAGE) -> None:
        """Only the ledger learns of an act."""
        until = clock.now() + GRANTS[trigger].lasts
        with enter(system_scope(self.tenant)):
            fans.apply(Changes(ends={(self.account_id, openid, trigger): until}))
            db.session.commit()

    def got(self, openid: str) -> list[dict[str, Any]]:
        """What reached the fan, oldest first."""
        answer = requests.get(f"{self.url}/fans/{openid}/messages", timeout=5)
        return [item["content"] for item in answer.json()["items"]]


@pytest.fixture
def phone(simulator: str, tenant: TenantRecord, credentials: Credentials) -> Phone:
    """The fans' side."""
    return Phone(f"{simulator}/_sim/accounts/{credentials.app_id}", tenant, credentials.account_id)


@pytest.fixture
def sender(app: Flask, client_out: WeChatClient) -> Sender:
    """A sender of that account."""
    return Sender(Caller(lambda _: client_out, no_copy))


@pytest.fixture
def planned(tenant: TenantRecord, credentials: Credentials) -> Callable[..., OutboxRow]:
    """Plans an effect and commits; words are a text to the fan."""

    def make(openid: str, effect: Effect | Reply | str = "您好", **values: Any) -> OutboxRow:
        message = TextReply(effect) if isinstance(effect, str) else effect
        wanted = CustomMessage(openid=openid, message=message) if isinstance(message, Reply) else message
        with enter(system_scope(tenant)):
            row = plan(credentials.account_id, wanted, **values)
            db.session.commit()
            return row

    return make


@pytest.fixture
def effects(tenant: TenantRecord) -> Callable[[], list[OutboxRow]]:
    """All effects, in order."""

    def read() -> list[OutboxRow]:
        with enter(system_scope(tenant)):
            return list(db.session.scalars(db.select(OutboxRow).order_by(OutboxRow.number)))

    return read


@pytest.fixture
def states(effects: Callable[[], list[OutboxRow]]) -> Callable[[], list[str]]:
    """Their states."""
    return lambda: [row.state for row in effects()]


@pytest.fixture
def change(tenant: TenantRecord) -> Callable[[str], None]:
    """Changes all effects of the brand, as time or a killed process would have."""

    def apply(values: str) -> None:
        with enter(system_scope(tenant)):
            db.session.execute(db.text(f"UPDATE outbox SET {values}"))
            db.session.commit()

    return apply


@pytest.fixture
def notice(client_out: WeChatClient, fans: list[str]) -> TemplateMessage:
    """A template message to the first fan, as WeChat takes it."""
    known = client_out.send("/cgi-bin/template/api_add_template", {"template_id_short": "47702"})
    data = {"character_string1": "A012", "number2": "3"}
    return TemplateMessage(openid=fans[0], template_id=known["template_id"], data=data)


@pytest.fixture
def calls(client_out: WeChatClient, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """The calls that went out: path and body."""
    made: list[tuple[str, Any]] = []
    send = client_out.send
    keep = lambda path, body, **named: (made.append((path, body)), send(path, body, **named))[1]  # noqa: E731
    monkeypatch.setattr(client_out, "send", keep)
    return made


@pytest.fixture
def drain(sender: Sender, tenant: TenantRecord, credentials: Credentials) -> Callable[[], int]:
    """Sends what is due."""
    return lambda: sender.drain(tenant, credentials.account_id)


@pytest.fixture
def copying(sender: Sender) -> Callable[[MediaCopies], Sender]:
    """The sender with copies of files."""
    return lambda copies: replace(sender, caller=replace(sender.caller, media_copy=copies))


@pytest.fixture
def new_media() -> UUID:
    """The id of a file of the library."""
    return new_id()
