"""What a journalled message counts as. Pure: the same message always counts the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


def is_act(inbound: Inbound) -> bool:
    """Whether a fan did something to the account: wrote, tapped the menu, scanned a code as a follower."""
    return isinstance(inbound, (Message, Scan, *TAPS))


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


def counted(inbound: Inbound, answer: Answer, *, follows_tap: bool = False) -> Iterator[Counted]:
    """Everything that one journalled message adds to the figures."""
    if isinstance(inbound, Subscribe):
        yield Counted(Kind.FOLLOW, "act")
    elif isinstance(inbound, Unsubscribe):
        yield Counted(Kind.UNFOLLOW, "act")
    elif is_act(inbound):
        yield Counted(Kind.INTERACTION_FOLLOW_UP if follows_tap else Kind.INTERACTION, "act")
        yield from _answered(inbound, answer)


def _answered(inbound: Inbound, answer: Answer) -> Iterator[Counted]:
    transferred = isinstance(answer.reply, TransferReply)
    if answer.reply is not None and not transferred:
        yield Counted(Kind.REPLY_ROBOT, "reply")
    if answer.reply is None and isinstance(inbound, Message):
        yield Counted(Kind.UNANSWERED, "reply")
    if transferred or HAND_OVER in answer.effects or COMPLAINT in answer.effects:
        yield Counted(Kind.HANDED_OVER, "hand_over")
    if COMPLAINT in answer.effects:
        yield Counted(Kind.COMPLAINT, "complaint")
