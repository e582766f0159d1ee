"""Templates compile strictly, are used, and hold nothing that the Content-Security-Policy forbids."""

from __future__ import annotations

import re

from flask import Flask

from tests.architecture.sources import ROOT, product, sources

FORBIDDEN = {
    r"\sstyle=": "use a class: the policy refuses style attributes",
    r"\son\w+=\"": "register a listener in a module: the policy refuses handlers",
    r"<style": "put it into a stylesheet",
    r"(?<!['\"\s])\s*\|\s*safe\b": "let Jinja escape: only a literal of our own may be marked safe",
    r"(src|href|action)=\"https?://": "nothing is fetched from another host",
    r"javascript:": "use a button",
}
SCRIPT = re.compile(r"<script(?![^>]*(src=|type=\"application/json\"|nonce=))")


def pages() -> dict[str, str]:
    return {
        path.relative_to(ROOT / "templates").as_posix(): path.read_text()
        for path in sorted((ROOT / "templates").rglob("*.html"))
    }


def test_templates_compile(whole_app: Flask) -> None:
    for name in pages():
        whole_app.jinja_env.get_template(name)


def test_templates_hold_nothing_inline() -> None:
    offences = [
        f"{name}: {way_out}"
        for name, text in pages().items()
        for sign, way_out in FORBIDDEN.items()
        if re.search(sign, text)
    ]
    offences += [f"{name}: an inline script without nonce" for name, text in pages().items() if SCRIPT.search(text)]
    assert offences == []


def test_templates_are_used() -> None:
    code = "\n".join(one.text for one in product() + sources("tests")) + "\n".join(pages().values())
    assert [name for name in pages() if f'"{name}"' not in code and f"'{name}'" not in code] == []


def test_an_inline_script_is_found() -> None:
    assert SCRIPT.search("<script>x()</script>")
    assert not SCRIPT.search('<script type="module" src="a.js"></script>')
