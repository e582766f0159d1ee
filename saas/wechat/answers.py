"""What WeChat tells, as records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Follower:
    """What WeChat tells of a follower; of one who left only `openid`."""

    openid: str
    is_subscribed: bool
    subscribed_at: int | None
    unionid: str
    scene: str
    qr_scene: str
    remark: str
    tag_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QrCode:
    """A permanent code: the ticket that shows its picture, and the address it holds."""

    ticket: str
    url: str


@dataclass(frozen=True, slots=True)
class Media:
    """A temporary file at WeChat: good for three days."""

    media_id: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Template:
    """A message template of the account; its content has fields like `{{thing1.DATA}}`."""

    template_id: str
    title: str
    content: str
    example: str


@dataclass(frozen=True, slots=True)
class CallQuota:
    """A day's calls of one path, as WeChat counts them, from all programs of the account."""

    limit: int
    used: int


def read_quota(values: dict[str, Any]) -> CallQuota:
    """A path's quota."""
    return CallQuota(limit=int(values["daily_limit"]), used=int(values["used"]))


def read_page(answer: dict[str, Any]) -> tuple[list[str], str | None]:
    """Openids, and where the next page begins; None after the last."""
    # The last page still names its last openid; the page after it is empty.
    openids: list[str] = answer.get("data", {}).get("openid", [])
    return openids, (answer.get("next_openid") or None) if openids else None


def read_media(answer: dict[str, Any]) -> Media:
    """What was uploaded."""
    return Media(media_id=answer.get("media_id") or answer["thumb_media_id"], created_at=int(answer["created_at"]))


def read_followers(answer: dict[str, Any]) -> list[Follower]:
    """The followers asked for."""
    return [_follower(item) for item in answer["user_info_list"]]


def read_templates(answer: dict[str, Any]) -> list[Template]:
    """The account's templates."""
    return [
        Template(item["template_id"], item.get("title", ""), item["content"], item.get("example", ""))
        for item in answer["template_list"]
    ]


def _follower(item: dict[str, Any]) -> Follower:
    code = item.get("qr_scene_str") or (str(item["qr_scene"]) if item.get("qr_scene") else "")
    return Follower(
        openid=item["openid"],
        is_subscribed=item.get("subscribe") == 1,
        subscribed_at=item.get("subscribe_time"),
        unionid=item.get("unionid", ""),
        scene=item.get("subscribe_scene", ""),
        qr_scene=code,
        remark=item.get("remark", ""),
        tag_ids=tuple(item.get("tagid_list", ())),
    )
