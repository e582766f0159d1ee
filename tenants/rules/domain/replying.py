"""From the replies of a rule to the one passive answer WeChat takes, and the effects that go with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from saas.wechat.replies import (
    ImageReply,
    MusicReply,
    NewsReply,
    Reply,
    TextReply,
    TransferReply,
    VideoReply,
    VoiceReply,
)
from tenants.rules.domain.places import Place, answer
from tenants.rules.domain.stimulus import Stimulus
from tenants.rules.domain.triggers import ReplySpec

MEDIA_OPTIONS = ("media_id", "thumb_media_id")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What replies refer to: our media by WeChat's ids, the stores, the effects of actions by reply type."""

    media: Mapping[str, str] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    effects: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule does: at most one reply, the number of the reply that gave it, and effects in order."""

    reply: Reply | None = None
    number: int | None = None
    effects: tuple[str, ...] = ()


def media_of(replies: Iterable[ReplySpec]) -> set[str]:
    """The ids of our media that the replies show."""
    return {reply.options[name] for reply in replies for name in MEDIA_OPTIONS if reply.options.get(name)}


def outcome(replies: Iterable[ReplySpec], stimulus: Stimulus, shelf: Shelf) -> Outcome:
    """The first reply that can be delivered now, and the effects of all; `none` ends the search in silence."""
    effects: list[str] = []
    sent: Reply | None = None
    number: int | None = None
    silent = False
    for index, spec in enumerate(replies):
        effects += _effects(spec, shelf)
        silent = silent or spec.type == "none"
        if sent is None and not silent:
            sent = deliverable(spec, stimulus, shelf)
            number = index if sent is not None else None
    return Outcome(sent, number, tuple(dict.fromkeys(effects)))


def _effects(spec: ReplySpec, shelf: Shelf) -> list[str]:
    if spec.type not in shelf.effects:
        return []
    return [effect for effect in (shelf.effects[spec.type], spec.options.get("reason")) if effect]


def deliverable(spec: ReplySpec, stimulus: Stimulus, shelf: Shelf) -> Reply | None:
    """The passive reply of one spec; None when it has none, or when its media isn't at WeChat yet."""
    make = _MAKERS.get(spec.type, _words)
    return make(spec.options, stimulus, shelf)


_Maker = Callable[[Mapping[str, str], Stimulus, Shelf], Reply | None]


def _words(options: Mapping[str, str], _stimulus: Stimulus, _shelf: Shelf) -> Reply | None:
    content = options.get("content", "")
    return TextReply(content) if content else None


def _image(options: Mapping[str, str], _stimulus: Stimulus, shelf: Shelf) -> Reply | None:
    media_id = shelf.media.get(options["media_id"])
    return ImageReply(media_id) if media_id else None


def _voice(options: Mapping[str, str], _stimulus: Stimulus, shelf: Shelf) -> Reply | None:
    media_id = shelf.media.get(options["media_id"])
    return VoiceReply(media_id) if media_id else None


def _video(options: Mapping[str, str], _stimulus: Stimulus, shelf: Shelf) -> Reply | None:
    media_id = shelf.media.get(options["media_id"])
    words = {name: options.get(name, "") for name in ("title", "description")}
    return VideoReply(media_id, **words) if media_id else None


def _music(options: Mapping[str, str], _stimulus: Stimulus, shelf: Shelf) -> Reply | None:
    words = {name: options.get(name, "") for name in ("title", "description", "url", "hq_url")}
    # A song without its cover is still a song: WeChat shows a plain note.
    return MusicReply(shelf.media.get(options.get("thumb_media_id", ""), ""), **words)


def _news(options: Mapping[str, str], _stimulus: Stimulus, _shelf: Shelf) -> Reply | None:
    return NewsReply(**{name: options.get(name, "") for name in ("title", "description", "picture_url", "url")})


def _nearest_store(options: Mapping[str, str], stimulus: Stimulus, shelf: Shelf) -> Reply | None:
    service = options.get("service", "")
    return TextReply(answer(shelf.places, text=stimulus.heard, point=stimulus.point, service=service))


def _transfer(options: Mapping[str, str], _stimulus: Stimulus, _shelf: Shelf) -> Reply | None:
    return TransferReply(options.get("kf_account") or None)


def _nothing(_options: Mapping[str, str], _stimulus: Stimulus, _shelf: Shelf) -> Reply | None:
    return None


_MAKERS: dict[str, _Maker] = {
    "image": _image,
    "music": _music,
    "nearest_store": _nearest_store,
    "news": _news,
    "none": _nothing,
    "transfer_customer_service": _transfer,
    "video": _video,
    "voice": _voice,
}
