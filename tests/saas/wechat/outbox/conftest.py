"""An account that the simulator knows, its fans, and a sender that works here instead of in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from flask import Flask

from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.client import Credentials, WeChatClient
from saas.wechat.outbox.effects import CustomMessage, Effect
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.planning import plan
from saas.wechat.outbox.ports import no_copy
from saas.wechat.outbox.sending import Sender
from saas.wechat.replies import Reply, TextReply


@dataclass
class Phone:
    """The fans' side of one account of the simulator."""

    url: str

    def act(self, openid: str, **values: Any) -> None:
        """Something the fan does."""
        answer = requests.post(f"{self.url}/fans/{openid}/acts", json=values, timeout=5)
        assert answer.status_code == 200, answer.text

    def write(self, openid: str, words: str = "在吗") -> None:
        """The fan writes, and may be written to five times."""
        self.act(openid, type="text", content=words)

    def got(self, openid: str) -> list[dict[str, Any]]:
        """What reached the fan, oldest first."""
        answer = requests.get(f"{self.url}/fans/{openid}/messages", timeout=5)
        return [item["content"] for item in answer.json()["items"]]


@pytest.fixture
def phone(simulator: str, credentials: Credentials) -> Phone:
    """The fans' side."""
    return Phone(f"{simulator}/_sim/accounts/{credentials.app_id}")


@pytest.fixture
def sender(app: Flask, client_out: WeChatClient) -> Sender:
    """A sender whose leases are over at once."""
    return Sender(lambda _: client_out, no_copy, lease_seconds=0.0)


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
def states(tenant: TenantRecord) -> Callable[[], list[str]]:
    """The states of all effects, in order."""

    def read() -> list[str]:
        with enter(system_scope(tenant)):
            return list(db.session.scalars(db.select(OutboxRow.state).order_by(OutboxRow.number)))

    return read
