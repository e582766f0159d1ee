"""The kinds of facts and the columns that add them up."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What one fact says happened."""

    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    ADJUSTED = "adjusted"
    INTERACTION = "interaction"
    INTERACTION_ANSWERED = "interaction_answered"
    """An interaction and the robot's reply to it, in one: most facts are this, and one row is written, not two."""
    INTERACTION_UNANSWERED = "interaction_unanswered"
    INTERACTION_FOLLOW_UP = "interaction_follow_up"
    """The picture or place that follows a tap of the menu: one act with it, so not counted."""
    REPLY_HUMAN = "reply_human"
    REPLY_ROBOT = "reply_robot"
    UNANSWERED = "unanswered"
    HANDED_OVER = "handed_over"
    COMPLAINT = "complaint"


INTERACTIONS = (Kind.INTERACTION, Kind.INTERACTION_ANSWERED, Kind.INTERACTION_UNANSWERED)
SUMS: dict[str, tuple[Kind, ...]] = {
    "followers_new": (Kind.FOLLOW,),
    "followers_lost": (Kind.UNFOLLOW,),
    "followers_adjusted": (Kind.ADJUSTED,),
    "interactions": INTERACTIONS,
    "replies_robot": (Kind.REPLY_ROBOT, Kind.INTERACTION_ANSWERED),
    "replies_human": (Kind.REPLY_HUMAN,),
    "messages_unanswered": (Kind.UNANSWERED, Kind.INTERACTION_UNANSWERED),
    "handed_over": (Kind.HANDED_OVER,),
    "complaints": (Kind.COMPLAINT,),
}
"""Columns of the sums by day and month, each with the facts it adds up."""

DISTINCT = "fans_interacting"
COLUMNS = (*SUMS, DISTINCT)
"""All stored columns; `fans_interacting` counts distinct fans."""
