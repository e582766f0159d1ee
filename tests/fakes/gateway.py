"""A capability in memory: one account book, one rule, one observer; what the gateway asks of the business."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from saas.capability import Capability
from saas.errors import NotFound
from saas.tenancy.ports import NodeRecord
from saas.wechat.batch import Batch
from saas.wechat.dispatch import Answer, Answerer, Origin, Phase
from saas.wechat.messages import Inbound, Text
from saas.wechat.ports import AccountKeys
from saas.wechat.replies import TextReply


class Book:
    """Whose account an app_id is."""

    def __init__(self) -> None:
        self.accounts: dict[str, AccountKeys] = {}

    def find(self, app_id: str) -> AccountKeys | None:
        return self.accounts.get(app_id)


class Tree:
    """A tree without nodes."""

    def granted(self, membership_id: UUID) -> frozenset[UUID]:
        return frozenset()

    def node(self, account_id: UUID) -> NodeRecord:
        raise NotFound

    def top(self) -> NodeRecord:
        raise NotFound


class Business:
    """Answers texts with words that a test may change, counts its loads, and remembers or refuses what it observes."""

    def __init__(self) -> None:
        self.words: dict[UUID, str] = {}
        self.loads = 0
        self.seen: list[Inbound] = []
        self.observers: list[Callable[[Batch], Iterable[str]]] = []

    def load(self, keys: AccountKeys) -> str | None:
        self.loads += 1
        return self.words.get(keys.account_id)

    def answer(self, inbound: Inbound, loaded: Any, now: datetime) -> Answer | None:
        if not isinstance(inbound, Text) or loaded is None:
            return None
        return Answer(TextReply(loaded.format(inbound.content)), Origin("fake", "rule-1"))

    def observe(self, batch: Batch) -> Iterable[str]:
        self.seen += [row.inbound for row in batch.rows]
        return {topic for observer in self.observers for topic in observer(batch)}


def capability(book: Book | None = None, business: Business | None = None) -> Capability:
    """A manifest around the two."""
    acts = business or Business()
    return Capability(
        name="fake",
        answers={Phase.RULE: Answerer(acts.load, acts.answer)},
        observe=acts.observe,
        account_tree=Tree(),
        account_directory=book or Book(),
    )
