"""Emoji in all spellings: each becomes one token, whatever the phone sent.

🙂, /::) and [微笑] are the same token; so are 👍 and 👍🏻, ☀ and ☀️. A face without a Unicode look-alike gets a token
from a private plane, so that its name can never be taken for a word somebody wrote.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from tenants.rules.domain.emoji_table import FACES

_PRIVATE_PLANE = 0xF0000
_SKIN = "\U0001f3fb-\U0001f3ff"
_ALWAYS = (
    "\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u2600-\u2775\u2794-\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f004\U0001f0cf\U0001f170-\U0001f19a\U0001f201-\U0001f265\U0001f300-\U0001f3fa\U0001f400-\U0001faff"
)
# Signs that are emoji only when the sender asked for the picture (variation selector 16).
_ON_REQUEST = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe"
    "\u2934\u2935\u2b05-\u2b07\u3030\u303d\u3297\u3299"
)
_ONE = rf"(?:[{_ALWAYS}]|[{_ON_REQUEST}]\ufe0f)[\ufe0e\ufe0f{_SKIN}]*"
_SEQUENCE = rf"{_ONE}(?:\u200d{_ONE})*[\U000e0020-\U000e007f]*"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_KEYCAP = "[0-9#*]\ufe0f?\u20e3"

# 🤦‍♀️ and 🤦‍♂️ are 🤦 for a rule, and so is every tone of skin.
_DETAILS = re.compile(rf"[\ufe0e\ufe0f{_SKIN}]|\u200d[\u2640\u2642]")


def _bare(sequence: str) -> str:
    return _DETAILS.sub("", sequence.replace("\ufe0f", ""))


def _tokens() -> dict[str, str]:
    tokens: dict[str, str] = {}
    for number, face in enumerate(FACES):
        token = _bare(face.unicode[0]) if face.unicode else chr(_PRIVATE_PLANE + number)
        codes = (face.code, html.escape(face.code, quote=False)) if face.code else ()
        for spelling in (*codes, *face.bracketed, *map(_bare, face.unicode), face.private):
            tokens.setdefault(spelling, token)
    tokens.pop("", None)
    return tokens


_TOKENS = _tokens()
_FOLDED = {spelling.casefold(): token for spelling, token in reversed(_TOKENS.items())}


def _either(spellings: list[str], skip: int) -> str:
    # The longest first: /:,@-D must not be read as /:,@ and a rest.
    return "|".join(re.escape(spelling[skip:]) for spelling in sorted(spellings, key=len, reverse=True))


def _pattern() -> re.Pattern[str]:
    codes = [spelling for spelling in _TOKENS if spelling.startswith("/:")]
    names = [spelling for spelling in _TOKENS if spelling.startswith("[")]
    private = "".join(face.private for face in FACES)
    return re.compile(
        rf"/:(?i:{_either(codes, 2)})|\[(?i:{_either(names, 1)})|{_SEQUENCE}|{_FLAG}|{_KEYCAP}"
        rf"|[{private}{chr(_PRIVATE_PLANE)}-{chr(_PRIVATE_PLANE + len(FACES) - 1)}]"
    )


_EMOJI = _pattern()


def token_of(spelling: str) -> str:
    """The token of one emoji as it was spelled; case counts only where it tells two faces apart (/::D, /::d)."""
    bare = _bare(spelling)
    return _TOKENS.get(spelling) or _TOKENS.get(bare) or _FOLDED.get(spelling.casefold()) or bare


def parts(text: str) -> Iterator[tuple[bool, str]]:
    """Cuts a text into (True, token of an emoji) and (False, what stands between), in order."""
    end = 0
    for found in _EMOJI.finditer(text):
        if found.start() > end:
            yield False, text[end : found.start()]
        yield True, token_of(found[0])
        end = found.end()
    if end < len(text):
        yield False, text[end:]


def emoji_in(text: str) -> tuple[frozenset[str], bool]:
    """The tokens of all emoji of a text, and whether it holds nothing else."""
    tokens, alone = set(), True
    for is_emoji, part in parts(text):
        if is_emoji:
            tokens.add(part)
        elif part.strip():
            alone = False
    return frozenset(tokens), alone and bool(tokens)
