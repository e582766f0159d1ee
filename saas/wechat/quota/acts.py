"""Which act of a fan allows what (docs/protocol.md, 10). Pure.

A new act of the same kind starts its allowance afresh; it does not add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from saas.wechat.batch import JournalRow
from saas.wechat.messages import CardPaid, Click, Inbound, Message, Scan, ScanCode, Subscribe, Text, Unsubscribe

DAYS, MINUTE = timedelta(hours=48), timedelta(minutes=1)


class Trigger(StrEnum):
    """The kinds of acts that allow something."""

    FOLLOW = "follow"
    MENU = "menu"
    MESSAGE = "message"
    PAYMENT = "payment"
    SCAN = "scan"


@dataclass(frozen=True, slots=True)
class Grant:
    """How many messages, None for any number, and for how long."""

    messages: int | None
    lasts: timedelta


GRANTS: Mapping[Trigger, Grant] = {
    Trigger.MESSAGE: Grant(5, DAYS),
    Trigger.MENU: Grant(3, MINUTE),
    Trigger.FOLLOW: Grant(3, MINUTE),
    Trigger.SCAN: Grant(3, MINUTE),
    Trigger.PAYMENT: Grant(None, DAYS),
}
FIXED: Mapping[type[Inbound], tuple[Trigger, ...]] = {
    Click: (Trigger.MENU,),
    ScanCode: (Trigger.MENU,),
    Scan: (Trigger.SCAN,),
    CardPaid: (Trigger.PAYMENT,),
}
NOTHING: tuple[Trigger, ...] = ()


def triggers_of(inbound: Inbound) -> tuple[Trigger, ...]:
    """What the act allows; a link of the menu or a reported place allows nothing."""
    if isinstance(inbound, Message):
        # A choice tapped in a menu message arrives as text, but counts as a tap.
        tapped = isinstance(inbound, Text) and inbound.bizmsgmenuid
        return (Trigger.MENU,) if tapped else (Trigger.MESSAGE,)
    if isinstance(inbound, Subscribe):
        return (Trigger.FOLLOW, *((Trigger.PAYMENT,) if inbound.last_trade_no else NOTHING))
    return FIXED.get(type(inbound), NOTHING)


Place = tuple[UUID, str, Trigger]
Fan = tuple[UUID, str]


@dataclass(slots=True)
class Changes:
    """What a batch changes in the ledger: allowances with their ends, and the fans who left before them."""

    ends: dict[Place, datetime] = field(default_factory=dict)
    left: set[Fan] = field(default_factory=set)


def changes_of(rows: Iterable[JournalRow]) -> Changes:
    """The changes of a batch in order of arrival: of each kind the last counts, and leaving ends all."""
    changes = Changes()
    for row in rows:
        account_id, openid = row.account_id, row.inbound.openid
        if isinstance(row.inbound, Unsubscribe):
            changes.left.add((account_id, openid))
            for trigger in Trigger:
                changes.ends.pop((account_id, openid, trigger), None)
        for trigger in triggers_of(row.inbound):
            place = (account_id, openid, trigger)
            until = row.occurred_at + GRANTS[trigger].lasts
            changes.ends[place] = max(until, changes.ends.get(place, until))
    return changes
