"""Documents that grow, nest or point elsewhere, and declarations in every place. None is taken; most are refused."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.cases import Accounts, Case, Outcome, document, pushed, text

CANARY = "http://127.0.0.1:1/canary"
FILE = "file:///etc/passwd"


def _doubling(levels: int, width: int) -> str:
    names = [f'<!ENTITY e{level} "{f"&e{level - 1};" * width}">' for level in range(1, levels)]
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{"".join(names)}]>' + text(f"&e{levels - 1};")


REFUSED = {
    "billion laughs": _doubling(10, 10),
    "quadratic blow-up": f'<!DOCTYPE x [<!ENTITY a "{"a" * 20000}">]>' + text("&a;" * 10000),
    "wide laughs": _doubling(3, 1000),
    "laughs by parameter entity": "<!DOCTYPE x [<!ENTITY % a \"<!ENTITY b 'bbbb'>\">%a;%a;%a;]>" + text("&b;"),
    "entity that holds itself": '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>' + text("&a;"),
    "laughs in an attribute": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + text('<b c="&b;"/>'),
    "file as entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{FILE}">]>' + text("&e;"),
    "address as entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{CANARY}">]>' + text("&e;"),
    "public entity": f'<!DOCTYPE x [<!ENTITY e PUBLIC "-//x//y" "{CANARY}">]>' + text("&e;"),
    "address as parameter entity": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{CANARY}"> %p;]>' + text(),
    "address as DTD": f'<!DOCTYPE xml SYSTEM "{CANARY}">' + text(),
    "public DTD": f'<!DOCTYPE xml PUBLIC "-//x//y" "{CANARY}">' + text(),
    "data sent out by a DTD": f'<!DOCTYPE x [<!ENTITY % f SYSTEM "{FILE}"><!ENTITY % d SYSTEM "{CANARY}">%d;]>'
    + text(),
    "unparsed entity": f'<!DOCTYPE x [<!NOTATION g SYSTEM "g"><!ENTITY e SYSTEM "{CANARY}" NDATA g>]>' + text(),
    "entity named as a usual one": '<!DOCTYPE x [<!ENTITY amp "ha">]>' + text("&amp;"),
    "attribute defaults": '<!DOCTYPE x [<!ATTLIST xml a CDATA "b">]>' + text(),
    "element types": "<!DOCTYPE x [<!ELEMENT xml ANY>]>" + text(),
    "empty doctype": "<!DOCTYPE xml>" + text(),
    "doctype in lower case": "<!doctype xml>" + text(),
    "doctype in mixed case": "<!DocType xml>" + text(),
    "doctype after the declaration": '<?xml version="1.0"?><!DOCTYPE xml>' + text(),
    "doctype after a comment": "<!-- hello --><!DOCTYPE xml>" + text(),
    "doctype after an instruction": "<?hello?><!DOCTYPE xml>" + text(),
    "doctype after line breaks": "\n\r\n\t <!DOCTYPE xml>" + text(),
    "doctype after a byte order mark": "\ufeff<!DOCTYPE xml>" + text(),
    "doctype behind a false CDATA": "<!-- <![CDATA[ --><!DOCTYPE x><!-- ]]> -->" + text(),
    "doctype within the root": document("<MsgType>text</MsgType><!DOCTYPE x><Content>a</Content><MsgId>@ID@</MsgId>"),
    "doctype within a field": text("<!DOCTYPE x>"),
    "doctype after the root": text() + "<!DOCTYPE x>",
    "doctype left open": "<!DOCTYPE xml [" + text(),
    "doctype in a comment": text(more="<!-- <!DOCTYPE x> -->"),
    "doctype in an attribute": text('<b a="<!DOCTYPE x>"/>'),
    "entity without a doctype": '<!ENTITY a "b">' + text(),
    "entity within the root": text('<!ENTITY a "b">'),
    "entity after the root": text() + '<!ENTITY a "b">',
    "entity in lower case": text('<!entity a "b">'),
    "two doctypes": "<!DOCTYPE a><!DOCTYPE b>" + text(),
    "seven levels": text("<a><b><c><d><e>1</e></d></c></b></a>"),
    "a thousand levels": text("<a>" * 1000 + "</a>" * 1000),
    "levels to the limit": "<xml>" + "<a>" * 9000 + "</a>" * 9000 + "</xml>",
    "levels never closed": "<xml>" + "<a>" * 20000,
    "a list too long": document("<SendPicsInfo><PicList>" + "<item/>" * 101 + "</PicList></SendPicsInfo>"),
    "a list far too long": document("<A>" + "<List/>" * 5000 + "</A>"),
    "a list of failures too long": document("<A>" + "<fail_idx>1</fail_idx>" * 2000 + "</A>"),
}

# Signed by WeChat's token and without any declaration, but no document: put aside.
ASIDE = {
    "unknown entities by the thousand": text("&a;" * 9000),
    "an attribute of 60,000 signs without end": '<xml a="' + "a" * 60000,
    "a name of 60,000 signs": "<" + "x" * 60000 + "/>",
    "a comment without end": "<xml><!--" + "-" * 60000,
    "open brackets": "<" * 60000,
    "CDATA opened by the thousand": "<xml>" + "<A><![CDATA[" * 5000,
    "the same attribute twice": '<xml a="1" a="2"><A/></xml>',
}

# Large or odd, yet a message: kept.
STORED = {
    "six levels": text(more="<a><b><c><d><e>1</e></d></c></b></a>"),
    "fields by the thousand": text(more="".join(f"<f{number}/>" for number in range(5000))),
    "attributes by the thousand": text(more="<A " + " ".join(f'a{number}="1"' for number in range(4000)) + "/>"),
    "references by the thousand": text("&lt;" * 14000),
    "signs by number": text("&#20013;" * 7000),
    "comments by the thousand": text(more="<!-- -->" * 7000),
    "instructions by the thousand": text(more="<?a?>" * 11000),
    "CDATA by the thousand": text("<![CDATA[a]]>" * 4500),
    "a list of a hundred": document(
        "<MsgType>event</MsgType><Event>pic_weixin</Event><EventKey>@ID@</EventKey><SendPicsInfo><Count>100</Count>"
        f"<PicList>{'<item><PicMd5Sum>0cc1</PicMd5Sum></item>' * 100}</PicList></SendPicsInfo>"
    ),
    "white space by the thousand": text(more=" \n\t" * 20000),
}


def cases(known: Accounts) -> Iterator[Case]:
    """All of them in clear and sealed."""
    for keys in (known.plain, known.safe):
        for table, outcome in ((REFUSED, Outcome.BAD), (ASIDE, Outcome.ASIDE), (STORED, Outcome.STORED)):
            for name, clear in table.items():
                if len(clear) < 48_000 or keys is known.plain:  # sealed it would be too large for another reason
                    yield pushed(keys, name, clear, outcome)
