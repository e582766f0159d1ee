"""Texts that a fan may well send and that every part of the product must be able to keep."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.cases import Accounts, Case, Outcome, document, pushed, text

PREFIXES = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠", "%", "|")
FORMULAS = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://127.0.0.1:1/","a")', "SUM(A1:A9)*cmd|' /C calc'!A0")
TEMPLATES = (
    "{{7*7}}", "{{config}}", "{% for a in b %}", "{# a #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{0.__class__}", "{}",
    "{fan.name}", "%s%s%s%n", "%(token)s", "$(id)", "`id`", "{{''.__class__.__mro__[1].__subclasses__()}}", "@{1}",
    "[[1]]", "\\u0000", "\\x00", "\\0", "&#0;".replace("&", "&amp;"), "%00", "\\n\\r",
)  # fmt: skip
INJECTIONS = (
    "'; DROP TABLE journal; --", "' OR '1'='1", "\" OR \"\"=\"", "1; SELECT pg_sleep(10)", "\\'; --", "admin'--",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "\"><svg onload=alert(1)>",
    "../../../../etc/passwd", "..\\..\\win.ini", "file:///etc/passwd", "http://169.254.169.254/latest/meta-data/",
    "a\r\nSet-Cookie: a=b", "*)(uid=*))(|(uid=*", "<xml><ToUserName>a</ToUserName></xml>", "]]>", "<![CDATA[a]]>",
    "<!DOCTYPE html>", "<?php phpinfo() ?>", "() { :; }; id", "| id", "; id", "a && id", "\x7f", "NULL", "null",
    "undefined", "NaN", "true", "None", "0", "-1", "1e400", "0x0", "1/0", "{\"a\": [1, {\"b\": null}]}", "[]",
)  # fmt: skip
SIGNS = {
    "right to left mark": "a\u202eb",
    "bidi isolates": "\u2066\u2067\u2068a\u2069" * 50,
    "unclosed bidi": "\u202a\u202b\u202d\u202e" * 200,
    "Hebrew and Arabic": "שלום مرحبا 你好",
    "zero width": "优\u200b惠\u200c\u200d\ufeff",
    "zero width alone": "\u200b\u200c\u200d\u2060",
    "soft hyphens": "\u00ad" * 300,
    "combining marks": "a" + "\u0301" * 500,
    "Zalgo": "".join(chr(letter) + "\u0300\u0316\u0489" * 5 for letter in range(97, 123)),
    "family": "👨‍👩‍👧‍👦" * 200,
    "skin tones": "👍🏻👍🏿" * 200,
    "flags": "🇨🇳🇭🇰🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 100,
    "half a flag": "🇨",
    "keycaps": "1️⃣#️⃣",
    "emoji, 20 kB": "😀" * 5000,
    "variation selectors": "字\U000e0100\ufe0f\ufe0e",
    "tags": "\U000e0001\U000e0041\U000e007f",
    "WeChat's own emoji": "[微笑]/::)/:8-)[Facepalm]",
    "lookalikes": "аррӏе ѕсоре",
    "mathematical letters": "𝒽𝑒𝓁𝓁𝑜𝟙𝟚",
    "ligatures": "ﬁﬂﷺ",
    "Turkish i": "İıI i\u0307",
    "sharp s": "ßẞSS",
    "final sigma": "ΣΑΣ ς",
    "composed and not": "é e\u0301 한 \u1112\u1161\u11ab",
    "rare characters": "𠮷𡘙𪚥㐂",
    "private use": "\ue000\uf8ff",
    "noncharacter planes": "\U0001fffd\U0010fffd",
    "ideographic spaces": "\u3000优\u3000惠\u3000",
    "odd spaces": "\u00a0\u1680\u2003\u2028\u2029\u202f\u205f",
    "line separators": "a\u2028b\u2029c\u0085d",
    "replacement": "\ufffd\ufffc",
    "object replacement": "\ufffc",
    "tabs and breaks": "\t\n\t\n a \n\n",
    "spaces alone": "   ",
    "one sign": "优",
    "nothing": "",
    "a very long word": "a" * 20_000,
    "a very long line of Chinese": "优" * 15_000,
    "many lines": "优惠\n" * 4000,
    "many words": "a " * 15_000,
    "digits": "1234567890" * 1000,
    "full-width": "ＡＢＣ１２３",
    "half-width katakana": "ｶﾞｷﾞ",
    "Devanagari": "क्षत्रिय" * 100,
    "Thai": "ก็็็็็็็็็็็็",
    "Tibetan": "ཧ྄ྊྴྻྲ",
    "the one that crashed phones": "జ్ఞ\u200cా",
    "Arabic that crashed phones": "سمَـَّوُوُحخ ̷̴̐خ ̷̴̐خ ̷̴̐خ امارتيخ ̷̴̐خ",
    "musical signs": "𝄞𝅘𝅥𝅮",
    "braille": "⠟⠥⠊",
    "box drawing": "┌─┐" * 300,
    "a regular expression's trap": "a" * 5000 + "!",
    "a regular expression": "(a+)+$ [[:alpha:]] \\p{L}*",
    "a wildcard": "%_*?",
    "backslashes": "\\" * 3000,
    "quotes": "'\"`´‘’“”「」" * 100,
    "brackets": "([{<" * 500,
    "ampersands": "&&&amp;&lt;",
    "an address": "https://例子.test/路径?a=b&c=d#e",
    "a phone number": "13800138000",
    "an identity number": "11010519491231002X",
    "a card number": "4111 1111 1111 1111",
    "a token": "72_abcdefghijklmnopqrstuvwxyz0123456789",
}
LONG = 9000


def cases(known: Accounts) -> Iterator[Case]:
    """As texts in the three modes by turns; the signs also as every other field that a fan or a menu fills."""
    for number, (name, words) in enumerate(everything().items()):
        keys = known.modes[number % 3] if _is_short(words) else known.plain  # sealed it would be too large
        yield pushed(keys, f"words: {name}", text(quoted(words)), Outcome.STORED)
    for number, (name, words) in enumerate((name, words) for name, words in SIGNS.items() if _is_short(words)):
        keys = known.modes[number % 3]
        yield pushed(keys, f"label: {name}", _place(quoted(words)), Outcome.STORED)
        for event in ("CLICK", "subscribe", "SCAN", "VIEW"):
            key = ("qrscene_" if event == "subscribe" else "") + words
            yield pushed(keys, f"{event}: {name}", _event(event, quoted(key)), Outcome.STORED)
        yield pushed(keys, f"speech: {name}", _voice(quoted(words)), Outcome.STORED)
        yield pushed(keys, f"link: {name}", _link(quoted(words)), Outcome.STORED)


def _is_short(words: str) -> bool:
    return len(words.encode()) < LONG


def everything() -> dict[str, str]:
    """All texts by name."""
    formulas = [prefix + formula for prefix in PREFIXES for formula in FORMULAS]
    listed = [*formulas, *TEMPLATES, *INJECTIONS]
    return SIGNS | {f"{number}: {words[:20]!r}": words for number, words in enumerate(listed)}


def quoted(words: str) -> str:
    """CDATA, as WeChat writes it."""
    return f"<![CDATA[{words.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _event(name: str, key: str) -> str:
    return document(f"<MsgType>event</MsgType><Event>{name}</Event><EventKey>{key}</EventKey><Ticket>@ID@</Ticket>")


def _place(label: str) -> str:
    place = f"<Location_X>31.23</Location_X><Location_Y>121.47</Location_Y><Scale>16</Scale><Label>{label}</Label>"
    return document(f"<MsgType>location</MsgType>{place}<MsgId>@ID@</MsgId>")


def _voice(words: str) -> str:
    return document(
        f"<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format><Recognition>{words}</Recognition><MsgId>@ID@</MsgId>"
    )


def _link(words: str) -> str:
    return document(
        f"<MsgType>link</MsgType><Title>{words}</Title><Description>{words}</Description><Url>{words}</Url><MsgId>@ID@</MsgId>"
    )
