"""Numbers that are none, or none that a column holds."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.cases import Accounts, Case, Outcome, document, pushed, text

NUMBERS = {
    "negative": "-1",
    "zero": "0",
    "minus zero": "-0",
    "largest of 32 bits": str(2**31 - 1),
    "2^31": str(2**31),
    "largest of 64 bits": str(2**63 - 1),
    "with leading zeros": "0001760000001",
    "with spaces": " 1760000001\n",
    "smallest of 64 bits but one": str(-(2**63) + 1),
}
NOT_WHOLE = {
    "2^63": str(2**63),
    "19 nines": "9" * 19,
    "2^64": str(2**64),
    "10^400": "1" + "0" * 400,
    "10^10000": "1" + "0" * 10000,
    "a fraction": "1760000001.5",
    "an exponent": "1e9",
    "hexadecimal": "0x68e7a001",
    "with a plus": "+1760000001",
    "underscored": "1_760_000_001",
    "with commas": "1,760,000,001",
    "full-width": "１７６００００００１",
    "Arabic": "١٧٦٠٠٠٠٠٠١",
    "Chinese": "一七六",
    "superscript": "17²",
    "a word": "now",
    "not a number": "NaN",
    "endless": "Infinity",
    "true": "true",
    "empty": "",
    "blank": " ",
    "two": "1 2",
    "minus alone": "-",
    "an injection": "1);DROP TABLE journal;--",
}
# Decimals: what is none of these is missing.
DECIMALS = {
    "0": Outcome.STORED,
    "-0.0": Outcome.STORED,
    "+31.2": Outcome.STORED,
    "31.": Outcome.STORED,
    ".5": Outcome.STORED,
    "1e-7": Outcome.STORED,
    "90.000001": Outcome.STORED,
    "-180.1": Outcome.STORED,
    "1e300": Outcome.STORED,
    "-1E300": Outcome.STORED,
    "999999999999999999999999999999": Outcome.STORED,
    "0.0000000000000000000000000000000000001": Outcome.STORED,
    "1e400": Outcome.ASIDE,
    "NaN": Outcome.ASIDE,
    "-inf": Outcome.ASIDE,
    "Infinity": Outcome.ASIDE,
    "31,23": Outcome.ASIDE,
    "31.2.3": Outcome.ASIDE,
    "1_0.5": Outcome.ASIDE,
    "３１.２": Outcome.ASIDE,
    "٣١": Outcome.ASIDE,
    "0x1p3": Outcome.ASIDE,
    "1e": Outcome.ASIDE,
    "e1": Outcome.ASIDE,
    ".": Outcome.ASIDE,
    "+": Outcome.ASIDE,
    "": Outcome.ASIDE,
    " ": Outcome.ASIDE,
    "北纬31度": Outcome.ASIDE,
    "9" * 31: Outcome.ASIDE,
    "0." + "1" * 41: Outcome.ASIDE,
    "9" * 5000: Outcome.ASIDE,
}


def cases(known: Accounts) -> Iterator[Case]:
    """Numbers in every field that has one."""
    for name, value in NUMBERS.items():
        yield pushed(known.plain, f"time {name}", text().replace("1760000001", value), Outcome.STORED)
    for name, value in NOT_WHOLE.items():
        yield pushed(known.safe, f"time {name}", text().replace("1760000001", value), Outcome.ASIDE)
    for name, value in (NUMBERS | NOT_WHOLE).items():
        yield from _optional(known, name, value)
    for value, outcome in DECIMALS.items():
        place = f"<Location_X>{value}</Location_X><Location_Y>121.4</Location_Y>"
        yield pushed(known.plain, f"latitude {value[:40]!r}", _place(place), outcome)
        place = f"<Location_X>31.2</Location_X><Location_Y>{value}</Location_Y>"
        yield pushed(known.safe, f"longitude {value[:40]!r}", _place(place), outcome)
        report = f"<Latitude>{value}</Latitude><Longitude>{value}</Longitude><Precision>{value}</Precision>"
        yield pushed(known.compatible, f"report {value[:40]!r}", _event("LOCATION", report), outcome)


def _optional(known: Accounts, name: str, value: str) -> Iterator[Case]:
    place = f"<Location_X>31.2</Location_X><Location_Y>121.4</Location_Y><Scale>{value}</Scale>"
    counts = "".join(f"<{one}>{value}</{one}>" for one in ("TotalCount", "FilterCount", "SentCount", "ErrorCount"))
    yield pushed(known.compatible, f"scale {name}", _place(place), Outcome.STORED)
    yield pushed(
        known.plain, f"counts {name}", _event("MASSSENDJOBFINISH", f"<MsgID>@ID@</MsgID>{counts}"), Outcome.STORED
    )
    yield pushed(known.safe, f"article's place {name}", text(more=f"<Idx>{value}</Idx>"), Outcome.STORED)
    if value.strip() and len(value) <= 128:
        yield pushed(known.plain, f"id {name}", text().replace("@ID@", value), Outcome.STORED)
    else:
        yield pushed(known.plain, f"id {name}", text().replace("@ID@", value), Outcome.ASIDE)


def _place(inner: str) -> str:
    return document(f"<MsgType>location</MsgType>{inner}<Label>外滩</Label><MsgId>@ID@</MsgId>")


def _event(name: str, inner: str) -> str:
    return document(f"<MsgType>event</MsgType><Event>{name}</Event>{inner}")
