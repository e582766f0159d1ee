"""What comes by way of the open platform: messages of an account that authorised it, and events of the platform itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.corpus.cases import Accounts, Case, Outcome, filled, pushed, query, seal, sent, text, wrapped
from tests.corpus.requests import LIMIT
from tests.factories.callbacks import query_of
from tests.factories.component import COMPONENT

TICKET = "<xml><AppId>{app_id}</AppId><CreateTime>{time}</CreateTime><InfoType>{kind}</InfoType>{more}</xml>"
HEARD = {
    "a ticket": {"more": "<ComponentVerifyTicket>ticket@@@@1</ComponentVerifyTicket>"},
    "the same ticket": {"more": "<ComponentVerifyTicket>ticket@@@@1</ComponentVerifyTicket>"},
    "an older ticket": {"more": "<ComponentVerifyTicket>ticket@@@@0</ComponentVerifyTicket>", "time": "1"},
    "a ticket of 20,000 signs": {"more": f"<ComponentVerifyTicket>{'t' * 20000}</ComponentVerifyTicket>"},
    "a ticket in Chinese": {"more": "<ComponentVerifyTicket>票𝄞</ComponentVerifyTicket>"},
    "no ticket": {},
    "an empty ticket": {"more": "<ComponentVerifyTicket/>"},
    "a ticket with fields": {"more": "<ComponentVerifyTicket><A>1</A></ComponentVerifyTicket>"},
    "another platform's ticket": {"more": "<ComponentVerifyTicket>t</ComponentVerifyTicket>", "app_id": "wx0"},
    "an unknown event": {"kind": "apocalypse"},
    "an event without a name": {"kind": ""},
    "an event with fields as name": {"kind": "<A>authorized</A>"},
    "a time in words": {"time": "now"},
    "a time of 400 digits": {"time": "9" * 400},
    "a negative time": {"time": "-1"},
    "a full-width time": {"time": "１７"},
    "a time of 12 nines": {"time": "9" * 12, "kind": "unauthorized", "more": "<AuthorizerAppid>wx0</AuthorizerAppid>"},
    "an unknown account": {"kind": "unauthorized", "more": "<AuthorizerAppid>wx0000000000000000</AuthorizerAppid>"},
    "an account in Chinese": {"kind": "unauthorized", "more": "<AuthorizerAppid>微信</AuthorizerAppid>"},
    "an account of 20,000 signs": {"kind": "unauthorized", "more": f"<AuthorizerAppid>{'w' * 20000}</AuthorizerAppid>"},
    "an authorisation nobody asked for": {
        "kind": "authorized",
        "more": "<AuthorizerAppid>wx0</AuthorizerAppid><AuthorizationCode>c</AuthorizationCode><PreAuthCode>p</PreAuthCode>",
    },
    "an authorisation without a code": {"kind": "authorized", "more": "<AuthorizerAppid>wx0</AuthorizerAppid>"},
    "a return by post": {"kind": "returned", "more": "<AuthorizationCode>c</AuthorizationCode>"},
}
# Signed and sealed as it should be, but nothing to keep: another try would bring the same.
UNREADABLE = {
    "empty": "",
    "JSON": '{"AppId": "wx0"}',
    "cut": "<xml><AppId>wx",
    "a NUL": "<xml><AppId>\0</AppId></xml>",
    "another root": "<html/>",
}
REFUSED = {
    "a doctype": "<!DOCTYPE a><xml><AppId>a</AppId></xml>",
    "a field twice": "<xml><InfoType>a</InfoType><InfoType>b</InfoType></xml>",
    "too deep": "<xml>" + "<a>" * 6 + "</a>" * 6 + "</xml>",
    "an entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><AppId>&e;</AppId></xml>',
}


def cases(known: Accounts) -> Iterator[Case]:
    """Messages, then events."""
    yield from _messages(known)
    yield from _events()


def _messages(known: Accounts) -> Iterator[Case]:
    keys = known.authorised
    for name, clear, outcome in (
        ("a text", text(), Outcome.STORED),
        ("an unreadable text", text("\0"), Outcome.ASIDE),
        ("a text without its id", text().replace("<MsgId>@ID@</MsgId>", ""), Outcome.ASIDE),
        ("a text to another account", text().replace("@TO@", known.safe.original_id), Outcome.ASIDE),
        ("a doctype", "<!DOCTYPE a>" + text(), Outcome.BAD),
        ("a field twice", text(more="<A/><A/>"), Outcome.BAD),
    ):
        yield replace(pushed(keys, name, clear, outcome), name=f"by the platform: {name}")
    good = pushed(keys, "elsewhere", text(), Outcome.STORED)
    for name, path in {
        "at the account's own address": f"/wechat/{keys.app_id}",
        "at another platform's": f"/wechat/component/wx0/{keys.app_id}",
        "at the platform's, for a direct account": f"/wechat/component/{COMPONENT.app_id}/{known.safe.app_id}",
        "at the platform's, for nobody": f"/wechat/component/{COMPONENT.app_id}/wx0",
        "with a slash more": f"/wechat/component/{COMPONENT.app_id}/{keys.app_id}/",
    }.items():
        yield replace(good, name=f"by the platform: {name}", path=path.encode(), outcome=Outcome.UNKNOWN)
    raw = filled(text(), keys, "owner")
    for name, sealed in {
        "sealed for the account itself": seal(raw, keys, app_id=keys.app_id),
        "sealed for another platform": seal(raw, keys, app_id="wxcomp0000000002"),
        "sealed by another key": seal(raw, known.other, app_id=COMPONENT.app_id),
    }.items():
        body = b"<xml>" + wrapped(sealed)
        yield sent(keys, f"by the platform: {name}", body, Outcome.FORBIDDEN, sealed=sealed)
    yield sent(keys, "by the platform: in the clear", raw, Outcome.FORBIDDEN)
    direct = pushed(known.safe, "signed by the account", text(), Outcome.FORBIDDEN)
    yield replace(direct, name="by the platform: signed by another account", path=good.path)


def _events() -> Iterator[Case]:
    keys = COMPONENT.keys
    usual = {"app_id": COMPONENT.app_id, "time": "1760000000", "kind": "component_verify_ticket", "more": ""}
    for name, changes in HEARD.items():
        yield _event(name, TICKET.format_map(usual | changes), Outcome.HEARD)
    for name, clear in UNREADABLE.items():
        yield _event(name, clear, Outcome.HEARD)
    for name, clear in REFUSED.items():
        yield _event(name, clear, Outcome.BAD)
    clear = TICKET.format_map(usual).encode()
    good = _event("good", clear.decode(), Outcome.HEARD)
    yield _sent("in the clear", clear, Outcome.FORBIDDEN)
    yield replace(good, name="event: unsigned", query=b"", outcome=Outcome.FORBIDDEN)
    yield replace(good, name="event: without msg_signature", query=query(query_of(keys)), outcome=Outcome.FORBIDDEN)
    yield replace(good, name="event: at another platform's", path=b"/wechat/component/wx0", outcome=Outcome.UNKNOWN)
    yield replace(good, name="event: as an account's", path=b"/wechat/" + keys.app_id.encode(), outcome=Outcome.UNKNOWN)
    yield replace(good, name="event: put", method="PUT", outcome=Outcome.METHOD)
    yield _sent("too large", b"x" * (LIMIT + 1), Outcome.LARGE)
    sealed = seal(clear, keys, app_id="wx0")
    yield _sent("sealed for another platform", b"<xml>" + wrapped(sealed), Outcome.FORBIDDEN, sealed=sealed)
    asked = query(query_of(keys, echostr="437512"))
    yield _sent("verification", b"", Outcome.HEARD, method="GET", query=asked)
    yield _sent("verification unsigned", b"", Outcome.FORBIDDEN, method="GET", query=b"echostr=1")


def _event(name: str, clear: str, outcome: Outcome) -> Case:
    sealed = seal(clear.encode(), COMPONENT.keys)
    return _sent(name, b"<xml>" + wrapped(sealed), outcome, sealed=sealed)


def _sent(name: str, body: bytes, outcome: Outcome, **more: object) -> Case:
    path = f"/wechat/component/{COMPONENT.app_id}".encode()
    return sent(COMPONENT.keys, f"event: {name}", body, outcome, path=path, **more)  # type: ignore[arg-type]
