"""Bytes that are no UTF-8, or say they are something else."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.cases import Accounts, Case, Outcome, filled, pushed, text

# Addressed first, then encoded: whoever read them would find a whole message.
ENCODED = {
    "UTF-16 with a mark": (text(), "utf-16"),
    "UTF-16 little": (text(), "utf-16-le"),
    "UTF-16 big": (text(), "utf-16-be"),
    "UTF-16 of ASCII alone": (text("hello"), "utf-16-le"),
    "UTF-16 of ASCII alone, big": (text("hello"), "utf-16-be"),
    "UTF-16 with its declaration": (('<?xml version="1.0" encoding="UTF-16"?>' + text("a")), "utf-16-le"),
    "UTF-32 with a mark": (text(), "utf-32"),
    "UTF-32 little": (text(), "utf-32-le"),
    "UTF-32 big": (text(), "utf-32-be"),
    "GBK": (text("优惠"), "gbk"),
    "GBK, declared": (('<?xml version="1.0" encoding="gbk"?>' + text("优惠")), "gbk"),
    "GB18030": (text("𠮷优惠"), "gb18030"),
    "Big5": (text("優惠"), "big5"),
    "Shift JIS": (text("クーポン"), "shift-jis"),
    "Latin-1": (text("café"), "latin-1"),
    "Latin-1, declared": (('<?xml version="1.0" encoding="iso-8859-1"?>' + text("café")), "latin-1"),
    "EBCDIC": (text("hello"), "cp037"),
}
ASIDE = {
    "mark of UTF-16 before UTF-8": b"\xff\xfe" + text().encode(),
    "mark of UTF-16 before UTF-8, big": b"\xfe\xff" + text().encode(),
    "mark of UTF-32 before UTF-8": b"\x00\x00\xfe\xff" + text().encode(),
    "NUL in a text": text("a\0b").encode(),
    "NUL in CDATA": text("<![CDATA[a\0b]]>").encode(),
    "NUL in a name": text().replace("Content", "Con\0tent").encode(),
    "NUL at the end": text().encode() + b"\0",
    "NUL at the beginning": b"\0" + text().encode(),
    "NUL by number": text("&#0;").encode(),
    "NUL in an attribute": text('<b a="\0"/>').encode(),
    "lone high surrogate": text("MARK").encode().replace(b"MARK", b"\xed\xa0\x80"),
    "lone low surrogate": text("MARK").encode().replace(b"MARK", b"\xed\xbf\xbf"),
    "pair of surrogates (CESU-8)": text("MARK").encode().replace(b"MARK", b"\xed\xa0\xbd\xed\xb8\x80"),
    "surrogate by number": text("&#xD800;").encode(),
    "pair of surrogates by number": text("&#xD83D;&#xDE00;").encode(),
    "overlong NUL": text("MARK").encode().replace(b"MARK", b"\xc0\x80"),
    "overlong slash": text("MARK").encode().replace(b"MARK", b"\xc0\xaf"),
    "overlong bracket": text("MARK").encode().replace(b"MARK", b"\xe0\x80\xbc"),
    "overlong in four bytes": text("MARK").encode().replace(b"MARK", b"\xf0\x80\x80\xbc"),
    "three byte order marks": ("\ufeff\ufeff\ufeff" + text()).encode(),
    "beyond Unicode": text("MARK").encode().replace(b"MARK", b"\xf4\x90\x80\x80"),
    "five bytes": text("MARK").encode().replace(b"MARK", b"\xf8\x88\x80\x80\x80"),
    "a continuation alone": text("MARK").encode().replace(b"MARK", b"\x80"),
    "a sign cut in two": text("MARK").encode().replace(b"MARK", "中".encode()[:2]),
    "bytes FE and FF": text("MARK").encode().replace(b"MARK", b"\xfe\xff"),
    "no character U+FFFE": text("\ufffe").encode(),
    "no character U+FFFF": text("<![CDATA[\uffff]]>").encode(),
    "no character by number": text("&#xFFFF;").encode(),
    "beyond Unicode by number": text("&#x110000;").encode(),
    "a huge number": text("&#99999999999999999999;").encode(),
    "a negative number": text("&#-1;").encode(),
    "escape sign": text("\x1b[31m").encode(),
    "bell in CDATA": text("<![CDATA[\x07]]>").encode(),
    "control sign by number": text("&#1;").encode(),
    "vertical tab": text("\x0b").encode(),
    "form feed": text("\x0c").encode(),
}

STORED = {
    "a byte order mark": ("\ufeff" + text()).encode(),
    "two byte order marks": ("\ufeff\ufeff" + text()).encode(),
    "a byte order mark within": text("\ufeff").encode(),
    "declared as UTF-8": ('<?xml version="1.0" encoding="UTF-8"?>' + text()).encode(),
    "declared as GBK, is UTF-8": ('<?xml version="1.0" encoding="gbk"?>' + text()).encode(),
    "declared as UTF-16, is UTF-8": ('<?xml version="1.0" encoding="utf-16"?>' + text()).encode(),
    "declared as UTF-7": ('<?xml version="1.0" encoding="utf-7"?>' + text("+ADw-")).encode(),
    "declared as nothing known": ('<?xml version="1.0" encoding="x-unknown"?>' + text()).encode(),
    "declared standalone": ('<?xml version="1.0" standalone="yes"?>' + text()).encode(),
    "the largest sign": text("\U0010ffff").encode(),
    "private signs": text("\ue000\U000f0000").encode(),
    "delete and C1": text("\x7f\x85\x9f").encode(),
    "UTF-8 of every length": text("a¢€𝄞").encode(),
}


def cases(known: Accounts) -> Iterator[Case]:
    """All in clear and sealed; the broken ones also where clear fields stand beside sealed ones."""
    for keys in known.modes:
        for name, (clear, codec) in ENCODED.items():
            yield pushed(keys, name, filled(clear, keys, name).decode().encode(codec), Outcome.ASIDE)
        for name, clear in ASIDE.items():
            yield pushed(keys, name, clear, Outcome.ASIDE)
    for keys in (known.plain, known.safe):
        for name, clear in STORED.items():
            yield pushed(keys, name, clear, Outcome.STORED)
