"""Kinds are told by the first bytes."""

from __future__ import annotations

import pytest

from tenants.library.domain import ENDINGS, LIMITS, content_type_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"),
        (b"GIF89a..", "image/gif"),
        (b"#!AMR\n", "audio/amr"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"<svg onload=alert(1)>", None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell(content: bytes, expected: str | None) -> None:
    assert content_type_of(content) == expected


def test_every_type_has_an_ending() -> None:
    assert {name for limit in LIMITS.values() for name in limit.types} <= set(ENDINGS)
