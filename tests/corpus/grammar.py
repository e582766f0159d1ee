"""A grammar of callbacks: documents of known and unknown fields, then damaged, sealed, damaged again, and signed or not."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from saas.wechat.ports import AccountKeys, Mode
from tests.corpus.cases import Accounts, Case, Outcome, seal, wrapped
from tests.corpus.elements import forms
from tests.factories.callbacks import NONCE, STAMP, query_of, signed
from tests.factories.inbound_samples import MESSAGES

KINDS = [name for name, *_ in MESSAGES]
NAMES = [
    *("MsgType", "Event", "EventKey", "Content", "MsgId", "MsgID", "CreateTime", "ToUserName", "Ticket", "Encrypt"),
    *("Location_X", "Location_Y", "Latitude", "Scale", "MediaId", "Url", "Title", "Status", "OpenID", "Recognition"),
    *(
        "SendPicsInfo",
        "PicList",
        "item",
        "List",
        "fail_idx",
        "ScanCodeInfo",
        "SubscribeMsgPopupEvent",
        "A",
        "内容",
        "xml",
    ),
]
PIECES = [
    *("优惠", "1", "-1", "1e9", "9" * 19, "text", "event", "subscribe", "@ID@", "@TO@", "qrscene_1", " ", "\n", "\r\n"),
    *("<![CDATA[", "]]>", "]]", "<!--", "-->", "<?a?>", "&lt;", "&amp;", "&#0;", "&#x10FFFF;", "&a;", "&", "<", ">"),
    *(
        "<!DOCTYPE a>",
        '<!ENTITY a "b">',
        "</A>",
        "<A>",
        "<A/>",
        "</xml>",
        "<xml>",
        "\ufeff",
        "\u202e",
        "👨‍👩‍👧",
        "\x1b",
    ),
]
AROUND = [
    *(('<?xml version="1.0"?>', ""), ("\ufeff", ""), ("<!DOCTYPE xml>", ""), ("<!-- a -->", "<!-- b -->")),
    *(("hello", ""), ("", "hello"), ("", "<xml/>"), ("\n", "\n")),
]
JUNK = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"<",
    b"&",
    b"]]>",
    b"<!DOCTYPE a>",
    b"",
    b"\xf0\x9f\x98\x80",
    b"x" * 3000,
]

words = st.lists(st.sampled_from(PIECES) | st.text(st.characters(codec="utf-8"), max_size=6), max_size=5).map("".join)
legal_words = words.map(lambda value: "".join(sign for sign in value if sign.isprintable() or sign in "\n\r\t"))
plain_words = legal_words.map(escape)
quoted_words = legal_words.map(lambda value: f"<![CDATA[{value.replace(']]>', '')}]]>")
values = st.recursive(
    plain_words | quoted_words,
    lambda inner: st.lists(st.tuples(st.sampled_from(NAMES), inner), max_size=4, unique_by=lambda field: field[0]).map(
        lambda children: "".join(f"<{name}>{value}</{name}>" for name, value in children)
    ),
    max_leaves=8,
)
numbers = st.integers(-(2**70), 2**70).map(str) | st.floats().map(str) | st.sampled_from(["", " ", "１", "1760000001"])
loose_fields = st.lists(
    st.tuples(st.sampled_from(NAMES), values | numbers), max_size=5, unique_by=lambda field: field[0]
)
raw_fields = st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=2)


def rarely(draw: st.DrawFn) -> bool:
    """Once in eight times."""
    return draw(st.integers(0, 7)) == 7


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document: a known form or loose fields, in any order, now and then with something before and after."""
    known = draw(known_forms)
    parts = [
        ("ToUserName", "gh_0" if rarely(draw) and rarely(draw) else "@TO@"),
        ("FromUserName", "@FAN@" + (draw(st.sampled_from(["o" * 128, "<a/>", "粉"])) if rarely(draw) else "")),
        ("CreateTime", draw(numbers) if rarely(draw) else "1760000001"),
        *known,
    ]
    there = {name for name, _ in parts}
    parts += [(name, value) for name, value in draw(loose_fields) if name not in there]
    parts += draw(raw_fields) if rarely(draw) else []
    shuffled = draw(st.permutations(parts)) if draw(st.booleans()) else parts
    between = draw(st.sampled_from(["", "", "", "\n", " ", "<!-- a -->", "hello"]))
    inner = between.join(f"<{name}>{value}</{name}>" for name, value in shuffled)
    around = draw(st.sampled_from(AROUND)) if rarely(draw) else ("", "")
    return f"{around[0]}<xml>{inner}</xml>{around[1]}"


@st.composite
def _known_form(draw: st.DrawFn) -> list[tuple[str, str]]:
    kind, inner = draw(st.sampled_from(sorted(forms().items())))
    head = [("MsgType", kind), ("MsgId", "@ID@")] if kind in KINDS else [("MsgType", "event"), ("Event", kind)]
    fields = _fields_of(inner)
    if rarely(draw) and fields:  # one of its fields is something else
        changed = draw(st.integers(0, len(fields) - 1))
        fields[changed] = (fields[changed][0], draw(values | numbers))
    return [*head, *fields]


def _fields_of(inner: str) -> list[tuple[str, str]]:
    found, rest = [], inner
    while rest.startswith("<") and ">" in rest:
        name, _, rest = rest[1:].partition(">")
        if name.endswith("/"):
            found.append((name[:-1], ""))
            continue
        value, _, rest = rest.partition(f"</{name}>")
        found.append((name, value))
    return found


known_forms = _known_form()


@dataclass(frozen=True)
class Push:
    """What the grammar made, before it has a fan, an id and an account."""

    letter: int
    document: bytes
    damage: tuple[str, int, bytes]
    query: tuple[tuple[str, str], ...]
    chunks: int


@st.composite
def pushes(draw: st.DrawFn) -> Push:
    """Nearly always signed, often undamaged."""
    raw = draw(documents()).encode()
    if rarely(draw):
        raw = _damaged(raw, draw(st.integers(0, len(raw))), draw(st.integers(0, 12)), draw(st.sampled_from(JUNK)))
    kinds = st.sampled_from(["cut", "bend", "owner", "proof"])
    damage = (draw(kinds), 7, b"A") if rarely(draw) else ("", 0, b"")
    query = draw(st.sampled_from([(("nonce", "x"),), (("a", "\0"),), (("signature", ""),)])) if rarely(draw) else ()
    return Push(draw(st.integers(0, 2)), raw, damage, query, draw(st.sampled_from([0, 0, 0, 3])))


def _damaged(raw: bytes, start: int, size: int, junk: bytes) -> bytes:
    return raw[:start] + junk + raw[start + size :]


def case_of(push: Push, known: Accounts, number: int) -> Case:
    """The push as a case of its own; its outcome stands for "whatever is proper"."""
    keys = known.modes[push.letter]
    raw = push.document.replace(b"@TO@", keys.original_id.encode()).replace(b"@FAN@", b"o%027d" % number)
    raw = raw.replace(b"@ID@", b"%d" % (10**15 + number))
    body, query = _sealed(raw, push, keys)
    path = f"/wechat/{keys.app_id}".encode()
    return Case(
        str(number), Outcome.STORED, path, urlencode(query | dict(push.query)).encode(), body, chunks=push.chunks
    )


def _sealed(raw: bytes, push: Push, keys: AccountKeys) -> tuple[bytes, dict[str, str]]:
    if keys.mode is Mode.PLAIN:
        return raw, query_of(keys)
    kind, place, junk = push.damage
    sealed = seal(raw, keys, app_id="wx0" if kind == "owner" else None)
    if kind in ("cut", "bend"):
        sealed = _damaged(sealed.encode(), place, 1 if kind == "bend" else 4, junk if kind == "bend" else b"").decode()
    proof = signed(keys.token, STAMP, NONCE, "" if kind == "proof" else sealed)
    clear = raw.removesuffix(b"</xml>") if keys.mode is Mode.COMPATIBLE else b"<xml>"
    return clear + wrapped(sealed), query_of(keys, encrypt_type="aes", msg_signature=proof)
