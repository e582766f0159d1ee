"""What the form of a rule lets one choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import LazyString

from tenants.accounts import services as accounts
from tenants.library import services as library
from tenants.rules.domain.emoji_table import FACES
from tenants.rules.ports import ReplyAction, reply_actions
from tenants.rules.views import labels

MEDIA_KINDS = ("image", "voice", "video", "thumb")
Choices = Sequence[tuple[str, LazyString]]


@dataclass(frozen=True)
class FormChoices:
    """Pairs of value and label for each select, the media by kind, the services of the stores, and the faces."""

    triggers: Choices
    matches: Choices
    messages: Choices
    replies: Choices
    actions: Mapping[str, ReplyAction]
    media: Mapping[str, Sequence[tuple[UUID, str]]]
    services: Sequence[str]
    faces: Sequence[tuple[str, str]]


def form_choices() -> FormChoices:
    """All that stands in the selects of the form."""
    offered = sorted({service for point in accounts.list_store_points() for service in point.services})
    files = library.list_media(limit=200).items
    media = {kind: [(file.id, file.name) for file in files if file.kind == kind] for kind in MEDIA_KINDS}
    return FormChoices(
        triggers=list(labels.TRIGGERS.items()),
        matches=list(labels.MATCHES.items()),
        messages=[pair for pair in labels.MESSAGES.items() if pair[0] != "sticker"],
        replies=list(labels.reply_labels().items()),
        actions=reply_actions(),
        media=media,
        services=offered,
        faces=[(face.shown, f"[{face.chinese[0]}]") for face in FACES],
    )
