"""From journal rows to acts of fans, and from many acts to what they say of each fan together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from saas.wechat.batch import JournalRow
from saas.wechat.messages import (
    Click,
    Event,
    Inbound,
    LocationPicked,
    LocationReport,
    Message,
    NoticeAsked,
    NoticeRefused,
    PersonalDataNotice,
    PicturesPicked,
    Scan,
    ScanCode,
    Subscribe,
    Unsubscribe,
    View,
    ViewMiniProgram,
)
from tenants.fans.domain.describing import Described, describe, describe_reply

PASSIVE = (LocationReport, NoticeAsked, NoticeRefused)
TAPS = (Click, LocationPicked, PicturesPicked, Scan, ScanCode, View, ViewMiniProgram)
Pair = tuple[UUID, str]


class ActKind(StrEnum):
    """What an act says of the fan."""

    ACTIVE = "active"
    """The fan did something."""
    DUTY = "duty"
    """WeChat asks to forget the fan."""
    FOLLOW = "follow"
    PRESENT = "present"
    """A sign of life, but no deed: the place is reported on entering the chat."""
    REPORT = "report"
    """About a fan, not by the fan: says nothing of who is there."""
    UNFOLLOW = "unfollow"


SILENT = frozenset({ActKind.DUTY, ActKind.REPORT})
"""Tells nothing of whether the fan is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One journal row, as far as it concerns a fan."""

    journal_id: int
    account_id: UUID
    openid: str
    kind: ActKind
    occurred_at: datetime
    received_at: datetime
    said: Described
    scene: str | None = None
    source: str = "unknown"
    answer: Described | None = None
    origin: str | None = None
    rule_id: str | None = None
    effects: tuple[str, ...] = ()

    @property
    def pair(self) -> Pair:
        """Who did it, where."""
        return self.account_id, self.openid

    @property
    def awaits_answer(self) -> bool:
        """Whether the fan may expect an answer: something was said."""
        return self.kind is ActKind.ACTIVE and not self.said.is_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What several acts say of one fan, whatever their order."""

    account_id: UUID
    openid: str
    followed_at: datetime | None = None
    unfollowed_at: datetime | None = None
    scene: str | None = None
    source: str = "unknown"
    active_at: datetime | None = None


def act_of(row: JournalRow) -> Act:
    """A journal row as an act."""
    inbound, answer = row.inbound, row.answer
    return Act(
        journal_id=row.id,
        account_id=row.account_id,
        openid=_openid(inbound),
        kind=_kind(type(inbound)),
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        said=describe(inbound),
        scene=inbound.scene if isinstance(inbound, Subscribe) else None,
        source=_source(inbound),
        answer=describe_reply(answer.reply) if answer.reply is not None else None,
        origin=answer.origin.capability if answer.origin else None,
        rule_id=answer.origin.id if answer.origin else None,
        effects=answer.effects,
    )


def sightings(acts: Iterable[Act]) -> list[Sighting]:
    """One sighting for each fan that the acts prove to be there, in a fixed order: two writers never wait crosswise."""
    by_fan: dict[Pair, list[Act]] = {}
    for act in acts:
        if act.kind not in SILENT:
            by_fan.setdefault(act.pair, []).append(act)
    return [_sighting(pair, by_fan[pair]) for pair in sorted(by_fan)]


def _sighting(pair: Pair, acts: Sequence[Act]) -> Sighting:
    if len(acts) == 1 and acts[0].kind is ActKind.ACTIVE:  # as nearly all of them
        return Sighting(account_id=pair[0], openid=pair[1], active_at=acts[0].occurred_at)
    follow = max(
        (act for act in acts if act.kind is ActKind.FOLLOW),
        key=lambda act: (act.occurred_at, act.journal_id),
        default=None,
    )
    return Sighting(
        account_id=pair[0],
        openid=pair[1],
        followed_at=follow.occurred_at if follow else None,
        unfollowed_at=_latest(acts, ActKind.UNFOLLOW),
        scene=follow.scene if follow else None,
        source=follow.source if follow else "unknown",
        active_at=_latest(acts, ActKind.ACTIVE, ActKind.FOLLOW),
    )


def _latest(acts: Iterable[Act], *kinds: ActKind) -> datetime | None:
    return max((act.occurred_at for act in acts if act.kind in kinds), default=None)


def _openid(inbound: Inbound) -> str:
    return inbound.person_openid if isinstance(inbound, PersonalDataNotice) else inbound.openid


def _source(inbound: Inbound) -> str:
    if not isinstance(inbound, Subscribe):
        return "unknown"
    if inbound.scene:
        return "scan"
    return "paid" if inbound.last_trade_no else "unknown"


_KINDS: dict[type[Inbound], ActKind] = {}


def _kind(kind: type[Inbound]) -> ActKind:
    """What messages of this class are, looked up once."""
    found = _KINDS.get(kind)
    if found is None:
        found = _KINDS[kind] = _kind_of(kind)
    return found


def _kind_of(kind: type[Inbound]) -> ActKind:
    if issubclass(kind, Subscribe):
        return ActKind.FOLLOW
    if issubclass(kind, Unsubscribe):
        return ActKind.UNFOLLOW
    if issubclass(kind, PersonalDataNotice):
        return ActKind.DUTY
    if issubclass(kind, TAPS) or (issubclass(kind, Message) and not issubclass(kind, Event)):
        return ActKind.ACTIVE
    return ActKind.PRESENT if issubclass(kind, PASSIVE) else ActKind.REPORT
