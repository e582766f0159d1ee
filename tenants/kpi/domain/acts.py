"""What a journalled message counts as. Pure: the same message always counts the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from saas.wechat.dispatch import Answer
from saas.wechat.messages import (
    Click,
    Image,
    Inbound,
    Location,
    LocationPicked,
    Message,
    PicturesPicked,
    Scan,
    ScanCode,
    Subscribe,
    Unsubscribe,
    View,
    ViewMiniProgram,
)
from saas.wechat.replies import TransferReply
from tenants.kpi.domain.kinds import Kind

TAPS = (Click, View, ViewMiniProgram, ScanCode, PicturesPicked, LocationPicked)
HAND_OVER, COMPLAINT = "hand_over", "complaint"


@dataclass(frozen=True, slots=True)
class Counted:
    """One kind and the part of the source's key that keeps it from counting twice."""

    kind: Kind
    part: str


class Matter(Enum):
    """What a kind of message is to the figures."""

    FOLLOW = auto()
    UNFOLLOW = auto()
    SAID = auto()
    """May expect an answer."""
    TAPPED = auto()
    NOTHING = auto()


_MATTERS: dict[type[Inbound], Matter] = {}


def matter_of(kind: type[Inbound]) -> Matter:
    """What messages of this class are, looked up once."""
    found = _MATTERS.get(kind)
    if found is None:
        found = _MATTERS[kind] = _matter_of(kind)
    return found


def _matter_of(kind: type[Inbound]) -> Matter:
    if issubclass(kind, Subscribe):
        return Matter.FOLLOW
    if issubclass(kind, Unsubscribe):
        return Matter.UNFOLLOW
    if issubclass(kind, Message):
        return Matter.SAID
    return Matter.TAPPED if issubclass(kind, (Scan, *TAPS)) else Matter.NOTHING


def counts(inbound: Inbound) -> bool:
    """Whether the message adds anything to the figures."""
    return matter_of(type(inbound)) is not Matter.NOTHING


def announced(inbound: Inbound) -> tuple[str, int] | None:
    """The type and number of messages that a tap says will follow, or None."""
    if isinstance(inbound, PicturesPicked):
        return "image", inbound.count if inbound.count is not None else 1
    if isinstance(inbound, LocationPicked):
        return "location", 1
    return None


def may_follow(inbound: Inbound) -> str | None:
    """The type under which a message may have been announced by a tap."""
    if isinstance(inbound, Image):
        return "image"
    return "location" if isinstance(inbound, Location) else None


def concerns_taps(inbound: Inbound) -> bool:
    """Whether the message announces others or may have been announced."""
    return isinstance(inbound, (PicturesPicked, LocationPicked, Image, Location))


class _Case(NamedTuple):
    """All that the figures look at: so few that each is thought through once."""

    matter: Matter
    is_answered: bool | None
    """None when the fan was handed to Tencent's desk."""
    is_handed_over: bool
    is_complaint: bool
    follows_tap: bool


def counted(inbound: Inbound, answer: Answer, *, follows_tap: bool = False) -> Sequence[Counted]:
    """Everything that one journalled message adds to the figures."""
    matter, reply, effects = matter_of(type(inbound)), answer.reply, answer.effects
    if matter in _ONCE:
        return _ONCE[matter]
    transferred, complaint = isinstance(reply, TransferReply), COMPLAINT in effects
    is_answered = None if transferred else reply is not None
    return _counted(
        _Case(matter, is_answered, transferred or complaint or HAND_OVER in effects, complaint, follows_tap)
    )


_ONCE: dict[Matter, Sequence[Counted]] = {
    Matter.FOLLOW: (Counted(Kind.FOLLOW, "act"),),
    Matter.UNFOLLOW: (Counted(Kind.UNFOLLOW, "act"),),
    Matter.NOTHING: (),
}
_WITH_REPLY = {
    None: Kind.INTERACTION,
    Kind.REPLY_ROBOT: Kind.INTERACTION_ANSWERED,
    Kind.UNANSWERED: Kind.INTERACTION_UNANSWERED,
}


@cache
def _counted(case: _Case) -> Sequence[Counted]:
    reply = _reply(case)
    found = [
        Counted(Kind.INTERACTION_FOLLOW_UP if case.follows_tap else _WITH_REPLY[reply], "act"),
        Counted(reply, "reply") if case.follows_tap and reply is not None else None,
        Counted(Kind.HANDED_OVER, "hand_over") if case.is_handed_over else None,
        Counted(Kind.COMPLAINT, "complaint") if case.is_complaint else None,
    ]
    return tuple(one for one in found if one is not None)


def _reply(case: _Case) -> Kind | None:
    if case.is_answered:
        return Kind.REPLY_ROBOT
    return Kind.UNANSWERED if case.is_answered is False and case.matter is Matter.SAID else None
