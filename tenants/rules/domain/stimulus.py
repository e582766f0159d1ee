"""What reached an account, reduced to what a rule may look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tenants.rules.domain.emoji import emoji_in
from tenants.rules.domain.text import normalise, plain, spoken

_UNSUPPORTED = ("[收到不支持的消息类型", "【收到不支持的消息类型")


class Kind(StrEnum):
    """A message, or an event that may be answered."""

    CLICK = "menu_click"
    MESSAGE = "message"
    SCAN = "scan"
    SUBSCRIBE = "subscribe"


@dataclass(frozen=True)
class Stimulus:
    """`text` is what was typed or recognised in speech; `key` is a menu key or the scene of a code."""

    kind: Kind = Kind.MESSAGE
    message_type: str = "text"
    text: str = ""
    key: str = ""
    point: tuple[float, float] | None = None

    @cached_property
    def is_sticker(self) -> bool:
        """A custom sticker: it reaches an account only as a note that its type is not supported."""
        return self.message_type == "sticker" or (
            self.message_type == "text" and self.text.lstrip().startswith(_UNSUPPORTED)
        )

    @cached_property
    def said(self) -> str:
        """The text in the form keywords are compared in; empty for a sticker."""
        text = spoken(self.text) if self.message_type == "voice" else self.text
        return "" if self.is_sticker else normalise(text)

    @cached_property
    def searched(self) -> str:
        """The text in the form patterns are searched in; empty for a sticker."""
        return "" if self.is_sticker else plain(self.text)

    @cached_property
    def emoji(self) -> tuple[frozenset[str], bool]:
        """The emoji of the text, and whether the message is nothing else."""
        return emoji_in(self.said)
