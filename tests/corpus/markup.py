"""Tricks of XML: sections, attributes, names, instructions, comments, and what is no XML at all."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.cases import Accounts, Case, Outcome, document, pushed, text

STORED = {
    "CDATA with brackets": text("<![CDATA[a]]b]>c]]>"),
    "CDATA split at its end": text("<![CDATA[a]]]]><![CDATA[>b]]>"),
    "CDATA in CDATA": text("<![CDATA[<![CDATA[a]]>"),
    "CDATA beside text": text("a<![CDATA[b]]>c<![CDATA[d]]>"),
    "empty CDATA": text("<![CDATA[]]>"),
    "fields in CDATA": text("<![CDATA[</Content><MsgType>event</MsgType>]]>"),
    "doctype in CDATA": text('<![CDATA[<!DOCTYPE html><!ENTITY a "b">]]>'),
    "references in CDATA": text("<![CDATA[&lt;&#0;&unknown;]]>"),
    "references": text("&lt;&gt;&amp;&quot;&apos;&#x4e2d;&#20013;"),
    "a bracket in text": text("a > b ] c"),
    "lines of Windows": text("a\r\nb\rc\n"),
    "an attribute": text().replace("<Content>", '<Content a="1">'),
    "an attribute of the root": text().replace("<xml>", '<xml a="1">', 1),
    "a namespace": text().replace("<xml>", '<xml xmlns="http://example.test" xmlns:a="b">', 1),
    "a prefixed field beside": text(more="<a:Content>b</a:Content>"),
    "an unbound prefix": text(more="<x:y:z/>"),
    "a Chinese field": text(more="<内容>b</内容>"),
    "an instruction": text("a<?php exit() ?>b"),
    "an instruction before": "<?xml-stylesheet href='http://127.0.0.1:1/canary'?>" + text(),
    "a comment within a text": text("a<!-- b -->c"),
    "comments around": "<!-- a -->" + text() + "<!-- b -->",
    "white space around": "\n " + text() + " \n",
    "white space within tags": text().replace("<Content>", "<Content\n >").replace("</Content>", "</Content >"),
    "text between fields": text().replace("<Content>", "hello<Content>"),
    "an include": text(more='<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
    "SVG with script": text("<![CDATA[<svg onload=alert(1)>]]>"),
    "a field named xml": text(more="<xml>b</xml>"),
    "an item as a field": text(more="<item>b</item>"),
    "fields of another order": document("<MsgId>@ID@</MsgId><Content>a</Content><MsgType>text</MsgType>"),
    "a field in another case beside": text(more="<content>b</content><MSGTYPE>event</MSGTYPE>"),
    "sealed beside clear": text(more="<Encrypt>AAAA</Encrypt>"),
    "a field called __proto__": text(more="<__proto__><constructor>1</constructor></__proto__>"),
    "a field called self": text(more="<self>1</self><tree>2</tree><raw>3</raw>"),
}

ASIDE = {
    "end of CDATA in text": text("a]]>b"),
    "CDATA left open": text("<![CDATA[a"),
    "CDATA in lower case": text("<![cdata[a]]>"),
    "CDATA before the root": "<![CDATA[a]]>" + text(),
    "CDATA after the root": text() + "<![CDATA[a]]>",
    "CDATA split in its head": text("<![CDA" + "TA [a]]>"),
    "conditional section": text("<![INCLUDE[a]]>"),
    "no end": text()[:-6],
    "cut in the middle": text()[:90],
    "wrong end": text().replace("</Content>", "</content>"),
    "crossing tags": text(more="<a><b></a></b>"),
    "two roots": text() + "<xml/>",
    "text after the root": text() + "hello",
    "text before the root": "hello" + text(),
    "another root": text().replace("xml>", "html>"),
    "a root in capitals": text().replace("xml>", "XML>"),
    "a root in a namespace": text().replace("xml>", "a:xml>"),
    "a root around the root": "<a>" + text() + "</a>",
    "a bare ampersand": text("a & b"),
    "a bare bracket": text("a < b"),
    "an unknown entity": text("&nbsp;"),
    "an attribute without quotes": text("<b a=1/>"),
    "an attribute twice": text('<b a="1" a="2"/>'),
    "a name that begins with a digit": text(more="<1a/>"),
    "an instruction called xml within": text('<?xml version="1.0"?>'),
    "declaration after a space": ' <?xml version="1.0"?>' + text(),
    "version 9": '<?xml version="9.0"?' + text(),
    "two dashes in a comment": text("<!-- a -- b -->"),
    "an empty root": "<xml/>",
    "an empty root of this case": "<xml><!-- @ID@ --></xml>",
    "only text in the root": "<xml>hello @ID@</xml>",
    "sealed within plain text": "<xml>@ID@<Encrypt><a/></Encrypt><MsgType>a</MsgType></xml>",
}


def cases(known: Accounts) -> Iterator[Case]:
    """All in clear and sealed."""
    for keys in (known.plain, known.safe):
        for name, clear in STORED.items():
            yield pushed(keys, name, clear, Outcome.STORED)
        for name, clear in ASIDE.items():
            yield pushed(keys, name, clear, Outcome.ASIDE)
