"""Every message and event of docs/protocol.md, 4, whole and damaged: repeated, nested, missing, huge, empty, unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.corpus.cases import Accounts, Case, Outcome, document, pushed, text
from tests.factories.inbound_samples import EVENTS, MESSAGES

# Without these a form means nothing; whatever else is missing is missing.
NEEDED = {
    "text": {"Content"},
    "image": {"MediaId"},
    "voice": {"MediaId"},
    "video": {"MediaId"},
    "shortvideo": {"MediaId"},
    "location": {"Location_X", "Location_Y"},
    "link": {"Url"},
    "LOCATION": {"Latitude", "Longitude"},
    "user_info_modified": {"OpenID"},
    "user_authorization_revoke": {"OpenID"},
}
# These hold a number or an id: words in them are as good as nothing.
STRICT = {"Location_X", "Location_Y", "Latitude", "Longitude"}
FIRST = re.compile(r"<(\w+)>(.*?)</\1>|<(\w+)/>", re.DOTALL)
HUGE = "千" * 8_000


def cases(known: Accounts) -> Iterator[Case]:
    """Each form in six ways, in the three modes by turns."""
    modes = (known.plain, known.safe, known.compatible)
    for number, (kind, inner) in enumerate(forms().items()):
        for step, (name, damaged, outcome) in enumerate(damages(kind, inner)):
            yield pushed(modes[(number + step) % 3], f"{kind}, {name}", _whole(kind, damaged), outcome)
    for keys in modes:
        for name, clear in OUTER_ASIDE.items():
            yield pushed(keys, name, clear, Outcome.ASIDE)
        for name, clear in OUTER_BAD.items():
            yield pushed(keys, name, clear, Outcome.BAD)
        for name, clear in OUTER_STORED.items():
            yield pushed(keys, name, clear, Outcome.STORED)


def forms() -> dict[str, str]:
    """The fullest sample of each kind."""
    found: dict[str, str] = {}
    for kind, inner, *_ in MESSAGES + EVENTS:
        found[kind] = max(inner, found.get(kind, ""), key=len)
    return found


def damages(kind: str, inner: str) -> Iterator[tuple[str, str, Outcome]]:
    """What is done to a form, and what must become of it."""
    needed = NEEDED.get(kind, set())
    yield "whole", inner, Outcome.STORED
    yield "with unknown fields", f"{inner}<Unknown><A>1</A><item>2</item></Unknown><另>三</另>", Outcome.STORED
    yield "without any field", "", Outcome.ASIDE if needed else Outcome.STORED
    field = FIRST.search(inner)
    if field is None:
        return
    name = field[1] or field[3]
    damaged = Outcome.ASIDE if name in needed else Outcome.STORED
    strict = Outcome.ASIDE if name in needed & (STRICT | {"OpenID"}) else Outcome.STORED
    yield "repeated", inner + field[0], Outcome.BAD
    yield "nested", inner.replace(field[0], f"<{name}><a><b>1</b></a></{name}>", 1), damaged
    yield "huge", inner.replace(field[0], f"<{name}>{HUGE}</{name}>", 1), strict
    yield "empty", inner.replace(field[0], f"<{name}/>", 1), strict


def _whole(kind: str, inner: str) -> str:
    if kind in {name for name, *_ in MESSAGES}:
        return document(f"<MsgType>{kind}</MsgType>{inner}<MsgId>@ID@</MsgId>")
    return document(f"<MsgType>event</MsgType><Event>{kind}</Event>{inner}")


def _without(name: str) -> str:
    return re.sub(f"<{name}>.*?</{name}>", "", text())


OUTER_ASIDE = {
    **{f"no {name}": _without(name) for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId")},
    **{
        f"{name} with fields": re.sub(f"<{name}>.*?</{name}>", f"<{name}><A>@ID@</A></{name}>", text())
        for name in ("ToUserName", "FromUserName", "CreateTime", "MsgId")
    },
    "empty openid": text().replace("@FAN@", ""),
    "blank openid": text().replace("@FAN@", " \n "),
    "openid of 200 signs": text().replace("@FAN@", "@FAN@" + "o" * 200),
    "MsgId of 200 digits": text().replace("@ID@", "@ID@" + "1" * 200),
    "event without a name": document("<MsgType>event</MsgType><EventKey>@ID@</EventKey>"),
    "event with an empty name": document("<MsgType>event</MsgType><Event/><EventKey>@ID@</EventKey>"),
    "event with a name of 200 signs": document(f"<MsgType>event</MsgType><Event>{'E' * 200}@ID@</Event>"),
    "type of 200 signs": document(f"<MsgType>{'m' * 200}</MsgType><MsgId>@ID@</MsgId>"),
    "another account's original id": text().replace("@TO@", "gh_000000000000"),
    "the AppID as original id": text().replace("@TO@", "wx0000000000000000"),
    "original id in capitals": text().replace("@TO@", "GH_@TO@"),
    "original id with a space": text().replace("@TO@", "@TO@ "),
}
OUTER_BAD = {
    f"{name} twice": text(more=f"<{name}>1</{name}>")
    for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId")
} | {
    "an unknown field twice": text(more="<A/><A/>"),
    "an item twice": text(more="<item/><item/>"),
    "a list twice": text(more="<List/><List/>"),
    "a nested field twice": text(more="<A><B/><B/></A>"),
    "a field of a list twice": text(more="<A><item><B/><B/></item></A>"),
    "sealed twice": text(more="<Encrypt>a</Encrypt><Encrypt>b</Encrypt>"),
}
OUTER_STORED = {
    "an unknown type": document("<MsgType>hologram</MsgType><A><B>1</B></A><MsgId>@ID@</MsgId>"),
    "an unknown type without an id": document("<MsgType>hologram</MsgType><A>@ID@</A>"),
    "a type in capitals": text().replace(">text<", ">TEXT<"),
    "an unknown event": document("<MsgType>event</MsgType><Event>apocalypse</Event><A>@ID@</A>"),
    "an event in other letters": document("<MsgType>event</MsgType><Event>sUbScRiBe</Event><EventKey/>"),
    "an event's name with marks": document("<MsgType>event</MsgType><Event>a'b\";--</Event><A>@ID@</A>"),
    "a type with marks": document("<MsgType>../../etc</MsgType><A>@ID@</A>"),
    "a fan with marks": text().replace("@FAN@", "@FAN@'; DROP TABLE fans; --"),
    "a fan in Chinese": text().replace("@FAN@", "@FAN@粉丝"),
    "a fan with a slash": text().replace("@FAN@", "../@FAN@%00"),
    "an id in words": text().replace("@ID@", "not-a-number-@ID@"),
    "an id in Chinese": text().replace("@ID@", "号@ID@"),
}
