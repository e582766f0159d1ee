"""What reached an account, reduced to what a rule may look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tenants.rules.domain.emoji import emoji_in
from tenants.rules.domain.text import normalise, plain, spoken

MOST_SAID = 2048
"""Characters of a message in which keywords are looked for."""
MOST_SEARCHED = 500
"""Characters of a message in which patterns are looked for: each may be as much work as all steps of all patterns."""
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
    def heard(self) -> str:
        """As much of the text as rules look at."""
        return self.text[:MOST_SAID]

    @cached_property
    def is_sticker(self) -> bool:
        """A custom sticker: it reaches an account only as a note that its type is not supported."""
        return self.message_type == "sticker" or (
            self.message_type == "text" and self.heard.lstrip().startswith(_UNSUPPORTED)
        )

    @cached_property
    def said(self) -> str:
        """The text in the form keywords are compared in; empty for a sticker."""
        text = spoken(self.heard) if self.message_type == "voice" else self.heard
        # Some signs become many: ⁗ is four.
        return "" if self.is_sticker else normalise(text)[:MOST_SAID]

    @cached_property
    def searched(self) -> str:
        """The text in the form patterns are searched in; empty for a sticker."""
        return "" if self.is_sticker else plain(self.heard)[:MOST_SEARCHED]

    @cached_property
    def emoji(self) -> tuple[frozenset[str], bool]:
        """The emoji of the text, and whether the message is nothing else."""
        return emoji_in(self.said)
