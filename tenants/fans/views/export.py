"""The list of fans and the message log as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask_babel import gettext as _

from saas.web.filters import moment
from saas.web.sheets import Sheet
from tenants.fans.models import Fan, Message
from tenants.fans.services import fans_by_id, names_of, tags_of
from tenants.fans.views import labels

PART = 500


def fans_sheet(fans: Iterable[Fan]) -> Sheet:
    """One row per fan."""
    heads = [
        _("OpenID"), _("Remark"), _("Tags"), _("State"), _("Source"), _("Channel code"), _("Counts for"),
        _("Followed"), _("Left"), _("Last active"),
    ]  # fmt: skip
    return Sheet(_("Fans"), heads, _rows(list(fans)))


def messages_sheet(lines: Iterable[Message]) -> Sheet:
    """One row per message."""
    heads = [_("Time"), _("Account"), _("Fan"), _("From whom"), _("Kind"), _("Message"), _("Answer")]
    return Sheet(_("Message log"), heads, _lines(list(lines)))


def _lines(lines: list[Message]) -> Iterable[list[str]]:
    names = names_of(lines)
    for first in range(0, len(lines), PART):
        part = lines[first : first + PART]
        fans = fans_by_id(line.fan_id for line in part)
        for line in part:
            fan = fans.get(line.fan_id)
            yield _line(line, names.get(line.account_id, ""), (fan.openid if fan else None) or "")


def _line(line: Message, account: str, openid: str) -> list[str]:
    kind = str(labels.TYPES.get(line.type, line.type))
    author = str(labels.AUTHORS[line.author])
    answer = _("Not answered") if line.answered is False else ""
    return [moment(line.created_at), account, openid, author, kind, line.content, answer]


def _rows(fans: list[Fan]) -> Iterator[list[str]]:
    for first in range(0, len(fans), PART):
        part = fans[first : first + PART]
        tags = tags_of(part)
        for fan in part:
            yield _row(fan, " ".join(tag.name for tag in tags[fan.id]))


def _row(fan: Fan, tags: str) -> list[str]:
    return [
        fan.openid or "",
        fan.remark,
        tags,
        str(labels.STATES[fan.state]),
        str(labels.SOURCES.get(fan.source, fan.source)),
        fan.channel.name if fan.channel else "",
        fan.node.name,
        *(_time(value) for value in (fan.subscribed_at, fan.unsubscribed_at, fan.last_active_at)),
    ]


def _time(value: datetime | None) -> str:
    return moment(value) if value else ""
