"""What may be stored: kinds, sizes and types, told by the first bytes and not by the name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

KIB = 1024
MIB = 1024 * KIB


class MediaKind(StrEnum):
    """WeChat's kinds of temporary media."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    THUMB = "thumb"


@dataclass(frozen=True)
class Limit:
    """The largest size in bytes, and the content types, of a kind."""

    size: int
    types: tuple[str, ...]


LIMITS = {
    MediaKind.IMAGE: Limit(10 * MIB, ("image/png", "image/jpeg", "image/gif")),
    MediaKind.VOICE: Limit(2 * MIB, ("audio/mpeg", "audio/amr")),
    MediaKind.VIDEO: Limit(10 * MIB, ("video/mp4",)),
    MediaKind.THUMB: Limit(64 * KIB, ("image/jpeg",)),
}

_SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (4, b"ftyp", "video/mp4"),
)
ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}


def content_type_of(content: bytes) -> str | None:
    """The content type that the first bytes tell, or None."""
    for offset, sign, name in _SIGNS:
        if content[offset : offset + len(sign)] == sign:
            return name
    return None
