"""One form for what fans type in many: width, case, blanks and the spelling of emoji make no difference."""

from __future__ import annotations

import re
import unicodedata

from tenants.rules.domain.emoji import parts

# Marks nobody sees: zero-width, direction, variation selectors, controls other than white space.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_BLANKS = re.compile(r"\s+")
_END_OF_SPEECH = "。．.！!？?，,、；;~～ "
_ROUNDS = 4


def normalise(text: str) -> str:
    """The form in which keywords and messages are compared; normalising it again changes nothing."""
    for _ in range(_ROUNDS):
        again = _once(text)
        if again == text:
            break
        text = again
    return text


def plain(text: str) -> str:
    """The form patterns are searched in: as typed, but for width, invisible marks and doubled blanks."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).strip()


def spoken(text: str) -> str:
    """What was recognised in a voice message, without the full stop that recognition adds."""
    return text.strip().strip(_END_OF_SPEECH)


def _once(text: str) -> str:
    folded = "".join(part if is_emoji else _fold(part) for is_emoji, part in parts(text))
    return _BLANKS.sub(" ", folded).strip()


def _fold(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFKC", narrow.casefold())
