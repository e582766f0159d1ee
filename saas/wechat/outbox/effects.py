"""The kinds of effects: what each holds, the call it becomes, and what WeChat promises about repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from saas.wechat.outbox.states import Policy
from saas.wechat.replies import ILLEGAL, REPLIES, Reply, reply_from_json

OWN = "library:"
MEDIA_FIELDS = ("media_id", "thumb_media_id")


def own_media(media_id: UUID) -> str:
    """Stands in a message for WeChat's id of a file of the library, which is looked up just before the call."""
    return f"{OWN}{media_id}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu inside a message; its id comes back as `bizmsgmenuid`."""

    id: str
    content: str


@dataclass(frozen=True, slots=True, repr=False)
class MenuReply(Reply):
    """Words with choices to tap; no answer to a callback can hold it, a customer-service message can."""

    msg_type = "msgmenu"
    head: str
    choices: tuple[Choice, ...]
    tail: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the outbox keeps it."""
        return {"type": self.msg_type, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CustomMessage:
    """A customer-service message: WeChat knows no repeat of it, so it is sent at most once."""

    kind: ClassVar[str] = "custom"
    path: ClassVar[str] = "/cgi-bin/message/custom/send"
    policy: ClassVar[Policy] = Policy()

    openid: str
    message: Reply
    kf_account: str = ""

    def __post_init__(self) -> None:
        if self.message.msg_type not in SENDABLE:
            raise ValueError(f"no message: {self.message.msg_type}")

    def payload(self) -> dict[str, Any]:
        """As the outbox keeps it; the receiver stands in a column of its own."""
        return {"message": self.message.to_json(), "kf_account": self.kf_account}

    def body(self, key: str | None) -> dict[str, Any]:
        """The call's body."""
        sender = {"customservice": {"kf_account": self.kf_account}} if self.kf_account else {}
        kind = self.message.msg_type
        return {"touser": self.openid, "msgtype": kind, kind: _group(self.message), **sender}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TemplateMessage:
    """A template message: WeChat knows a repeat by its key for ten minutes."""

    kind: ClassVar[str] = "template"
    path: ClassVar[str] = "/cgi-bin/message/template/send"
    policy: ClassVar[Policy] = Policy(window=timedelta(minutes=9), good_for=timedelta(days=1))

    openid: str
    template_id: str
    data: Mapping[str, str]
    url: str = ""
    mini_program: Mapping[str, str] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """As the outbox keeps it; the receiver stands in a column of its own."""
        return {name: value for name, value in asdict(self).items() if name != "openid"}

    def body(self, key: str | None) -> dict[str, Any]:
        """The call's body."""
        optional = {"url": self.url, "miniprogram": dict(self.mini_program), "client_msg_id": key}
        return {
            "touser": self.openid,
            "template_id": self.template_id,
            "data": {name: {"value": value} for name, value in self.data.items()},
            **{name: value for name, value in optional.items() if value},
        }


Effect = CustomMessage | TemplateMessage
KINDS: Mapping[str, type[Effect]] = {kind.kind: kind for kind in (CustomMessage, TemplateMessage)}


def policy_of(kind: str) -> Policy:
    """What WeChat promises about repeats of this kind."""
    return KINDS[kind].policy


def effect_from(kind: str, openid: str, payload: Mapping[str, Any]) -> Effect:
    """The effect that `payload` wrote."""
    if kind == CustomMessage.kind:
        return CustomMessage(openid=openid, message=_message(payload["message"]), kf_account=payload["kf_account"])
    return TemplateMessage(openid=openid, **payload)


def legal(value: Any) -> Any:
    """The value with what neither PostgreSQL nor WeChat takes in a text left out."""
    if isinstance(value, Mapping):
        return {name: legal(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [legal(item) for item in value]
    return ILLEGAL.sub("", value) if isinstance(value, str) else value


def _message(value: dict[str, Any]) -> Reply:
    if value["type"] == MenuReply.msg_type:
        return MenuReply(value["head"], tuple(Choice(**choice) for choice in value["choices"]), value["tail"])
    reply = reply_from_json(value)
    if reply is None:
        raise ValueError("a message without content")
    return reply


def _group(message: Reply) -> dict[str, Any]:
    """The message's own part of the body: WeChat calls some fields otherwise than in an answer to a callback."""
    values = {THEIRS.get((message.msg_type, name), name): value for name, value in asdict(message).items()}  # type: ignore[call-overload]
    return {"articles": [values]} if message.msg_type == "news" else values


THEIRS: Mapping[tuple[str, str], str] = {
    ("music", "url"): "musicurl",
    ("music", "hq_url"): "hqmusicurl",
    ("news", "picture_url"): "picurl",
    ("msgmenu", "head"): "head_content",
    ("msgmenu", "choices"): "list",
    ("msgmenu", "tail"): "tail_content",
}
SENDABLE = frozenset({*REPLIES, MenuReply.msg_type} - {"transfer_customer_service"})
