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
    """What a batch changes in the ledger: allowances with their ends, and when fans left before these were granted."""

    ends: dict[Place, datetime] = field(default_factory=dict)
    left: dict[Fan, datetime] = field(default_factory=dict)

    def leave(self, fan: Fan, moment: datetime) -> None:
        """Ends what was allowed up to then; an act after it stands, also one that arrived first."""
        self.left[fan] = max(moment, self.left.get(fan, moment))
        for trigger in Trigger:
            if (until := self.ends.get((*fan, trigger))) and until <= moment + GRANTS[trigger].lasts:
                del self.ends[*fan, trigger]

    def grant(self, fan: Fan, trigger: Trigger, moment: datetime) -> None:
        """Allows what the act does, unless the fan has left since."""
        if moment < self.left.get(fan, moment):
            return
        until = moment + GRANTS[trigger].lasts
        self.ends[*fan, trigger] = max(until, self.ends.get((*fan, trigger), until))


def changes_of(rows: Iterable[JournalRow]) -> Changes:
    """The changes of a batch: of each kind the last act counts, and leaving ends what was done before it.

    What was done when counts; of what was done at the same moment, what arrived first.
    """
    changes = Changes()
    for row in rows:
        fan = (row.account_id, row.inbound.openid)
        if isinstance(row.inbound, Unsubscribe):
            changes.leave(fan, row.occurred_at)
        for trigger in triggers_of(row.inbound):
            changes.grant(fan, trigger, row.occurred_at)
    return changes
