"""What a person sends to one fan: the effect, its line, and what it means for the fan's conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, text

from saas.db import db
from saas.errors import Invalid
from saas.tenancy.scope import current_scope
from saas.wechat.batch import Batch
from saas.wechat.outbox import CustomMessage, Effect, OutboxRow, own_media, reports
from saas.wechat.outbox.effects import effect_from
from saas.wechat.replies import ImageReply, TextReply
from saas.wechat.rows import announce
from tenants.fans import services as fans
from tenants.inbox.domain import Status
from tenants.inbox.errors import AlreadyResolved, NotInTrouble
from tenants.inbox.models import Conversation
from tenants.library import services as library

MOST_PICTURES = 24
TOPICS = ("inbox", "outbox")
TROUBLED = ("refused", "unknown")
# The conversation in which the message was written; whoever has resolved it since has not made it slower.
_FIRST_RESPONSE = text("""
    UPDATE conversations SET first_response_seconds = extract(epoch FROM CAST(:at AS timestamptz) - waiting_since)::integer
    WHERE fan_id = :fan AND first_response_seconds IS NULL AND waiting_since <= :at
      AND (resolved_at IS NULL OR resolved_at >= :at)
""")


def words(fan: fans.Fan, content: str) -> CustomMessage:
    """A text to the fan."""
    return CustomMessage(openid=fan.openid or "", message=TextReply(content))


def picture(fan: fans.Fan, media_id: UUID) -> CustomMessage:
    """A picture of the library; raises NotFound, and Invalid for a file of another kind."""
    media = library.access_media(media_id)
    if media.kind != "image":
        raise Invalid({"media_id": [_l("Choose a picture.")]})
    return CustomMessage(openid=fan.openid or "", message=ImageReply(own_media(media.id)))


def list_pictures() -> Sequence[library.Media]:
    """The newest pictures of the library, to choose from."""
    return library.list_media(kind="image", limit=MOST_PICTURES).items


def reply(conversation: Conversation, *, content: str = "", media_id: UUID | None = None) -> fans.Message:
    """Answers with words, or with a picture of the library. Raises AlreadyResolved, NothingLeft, NotFound, Invalid."""
    if conversation.status == Status.RESOLVED:
        raise AlreadyResolved
    fan = fans.access_fan(conversation.fan_id)
    return send_message(fan, words(fan, content) if media_id is None else picture(fan, media_id))


def send_message(fan: fans.Fan, effect: Effect, *, filled: str = "", origin: str = "inbox") -> fans.Message:
    """Plans what goes to the fan; a reply makes the fan's waiting conversation the sender's. `filled`: a template's words.

    Raises NothingLeft when nothing may go, and NotFound for an erased fan.
    """
    line = fans.send_to_fan(fan, effect, filled=filled, origin=origin)
    if isinstance(effect, CustomMessage):
        _take(fan.id)
    announce(fan.tenant_id, TOPICS)
    return line


def send_again(sent: fans.Sent) -> fans.Message:
    """A new message with the same content; the old one stays as it was, dealt with. Raises NotInTrouble, NothingLeft."""
    fan = fans.access_fan(sent.line.fan_id)
    dismiss(sent)
    effect = effect_from(sent.effect.kind, fan.openid or "", sent.effect.payload)
    return send_message(fan, effect, filled=sent.line.content, origin=sent.effect.origin)


def dismiss(sent: fans.Sent) -> None:
    """Notes that a person has dealt with a refused or unknown message; raises NotInTrouble."""
    db.session.refresh(sent.effect, with_for_update=True)
    if sent.effect.state not in TROUBLED or sent.effect.handled_at is not None:
        raise NotInTrouble
    sent.effect.handled_at, sent.effect.handled_by = db.func.clock_timestamp(), current_scope().principal.name
    announce(sent.effect.tenant_id, TOPICS)


def note_answer(row: OutboxRow) -> Iterable[str]:
    """How long the fan had waited, once the first answer of a person has reached WeChat."""
    answer = fans.human_answer(row) if row.state == "done" else None
    if answer is None:
        return ()
    db.session.execute(_FIRST_RESPONSE, {"fan": answer.fan_id, "at": answer.written_at})
    return ("inbox",)


def note_reports(batch: Batch) -> Iterable[str]:
    """Template messages that WeChat took and then reported as failed stand among the undelivered."""
    return TOPICS if reports.hear(batch) else ()


def note_report(row: OutboxRow) -> Iterable[str]:
    """The same where the report came before the outcome was written."""
    return TOPICS if reports.settle(row) else ()


def _take(fan_id: UUID) -> None:
    unresolved = (Conversation.fan_id == fan_id, Conversation.status != Status.RESOLVED)
    conversation = db.session.scalar(select(Conversation).where(*unresolved).with_for_update())
    if conversation is not None:
        conversation.status = Status.OPEN
        conversation.assignee_id = conversation.assignee_id or current_scope().principal.user_id
