"""What rules ask of higher capabilities: kinds of replies that do more than answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import LazyString
from marshmallow import Schema

SchemaClass = type[Schema]


@dataclass(frozen=True, kw_only=True)
class ReplyAction:
    """A kind of reply that a higher capability brings, by `offers={"reply_actions": (…,)}` in its manifest.

    When a rule with it answers, the journal row carries `effect`, which that capability's observer reads. Of the
    schema's fields `content` is also sent as text, and `reason` ("complaint") is carried as a further effect; `reasons` are
    what the form lets one choose from.
    """

    type: str
    label: LazyString
    help: LazyString
    effect: str
    schema: SchemaClass
    icon: str = "bolt"
    reasons: Sequence[tuple[str, LazyString]] = ()

    @property
    def speaks(self) -> bool:
        """Whether it also sends words."""
        return "content" in self.schema().fields


_actions: dict[str, ReplyAction] = {}


def register_reply_actions(actions: Iterable[ReplyAction]) -> None:
    """Makes kinds of replies known; called once when the application is put together."""
    _actions.update({action.type: action for action in actions})


def reply_actions() -> Mapping[str, ReplyAction]:
    """The kinds of replies that other capabilities brought, by type."""
    return MappingProxyType(_actions)
