"""Which hand-overs a batch of journal rows asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from saas.wechat.batch import JournalRow

HAND_OVER = "hand_over"
COMPLAINT = "complaint"


class Status(StrEnum):
    """Where a conversation stands."""

    ROBOT = "robot"
    WAITING = "waiting"
    OPEN = "open"
    RESOLVED = "resolved"


class Reason(StrEnum):
    """Why a person is needed."""

    HAND_OVER = "hand_over"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class HandOver:
    """A fan asks for a person."""

    account_id: UUID
    openid: str
    at: datetime
    received_at: datetime
    journal_id: int
    reason: Reason

    @property
    def pair(self) -> tuple[UUID, str]:
        """Who asks."""
        return self.account_id, self.openid


def hand_overs(rows: Iterable[JournalRow]) -> list[HandOver]:
    """The hand-overs of a batch, in order of arrival."""
    return [
        HandOver(
            row.account_id, row.inbound.openid, row.occurred_at, row.received_at, row.id, _reason(row.answer.effects)
        )
        for row in rows
        if HAND_OVER in row.answer.effects
    ]


def first_of_each(asked: Iterable[HandOver]) -> dict[tuple[UUID, str], HandOver]:
    """One hand-over per fan: the first, and a complaint when any of them is one."""
    found: dict[tuple[UUID, str], HandOver] = {}
    for one in asked:
        first = found.setdefault(one.pair, one)
        if one.reason is Reason.COMPLAINT:
            found[one.pair] = replace(first, reason=Reason.COMPLAINT)
    return found


def _reason(effects: Iterable[str]) -> Reason:
    return Reason.COMPLAINT if COMPLAINT in effects else Reason.HAND_OVER
