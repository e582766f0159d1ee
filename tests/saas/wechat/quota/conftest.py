"""A brand's account and a fan of it; rows as the consumer hands them over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from saas import clock
from saas.db import new_id
from saas.tenancy.scope import TenantScope
from saas.wechat import xml_reader
from saas.wechat.batch import Batch, JournalRow
from saas.wechat.dispatch import NO_ANSWER
from saas.wechat.messages import message_from

OPENID = "oHk2Q5zR7mWcT1xJ9pLdV0sYbN3E"
Rows = Callable[..., Batch]


@pytest.fixture
def account_id(scope: TenantScope) -> UUID:
    """An account, in the brand's scope."""
    return new_id()


@pytest.fixture
def batch(account_id: UUID) -> Rows:
    """Makes a batch of callbacks: each the inner XML, or a pair of it and its openid."""
    numbers = count(1)

    def make(*inner: Any, at: datetime | None = None) -> Batch:
        moment = at or clock.now()
        rows = []
        for one in inner:
            words, openid = one if isinstance(one, tuple) else (one, OPENID)
            raw = (
                f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName>"
                f"<CreateTime>{int(moment.timestamp())}</CreateTime>{words}</xml>"
            ).encode()
            inbound = message_from(xml_reader.read(raw), raw)
            number = next(numbers)
            rows.append(
                JournalRow(number, account_id, moment, moment + timedelta(milliseconds=number), inbound, NO_ANSWER)
            )
        return Batch(tuple(rows))

    return make
