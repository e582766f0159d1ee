"""The fans of the demo, and what each of them does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from tenants.fans.demo.rhythm import Rhythm
from tenants.fans.demo.talk import Said, Talk, say

SOURCES: Mapping[str, int] = {
    "scan": 58, "search": 16, "profile_card": 7, "profile_item": 6, "paid": 6, "wechat_advertisement": 4, "others": 3,
}  # fmt: skip
KINDS: Mapping[str, int] = {"text": 74, "image": 6, "voice": 4, "location": 4, "click": 7, "view": 3, "scan": 2}
RECOGNIZED = ("几点开门", "店里还有位子吗", "帮我看下券能不能用", "附近有店吗", "")
REMARKS = (
    "常点燕麦拿铁",
    "公司行政，常订下午茶",
    "拉花课学员",
    "带孩子来",
    "对坚果过敏",
    "想找人合作",
    "点评博主",
    "老客户，态度很好",
)
TAGS = ("老客户", "外卖常客", "课程学员", "企业采购", "投诉过", "店庆参与")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class DemoAct:
    """One thing a fan did, with the robot's answer."""

    at: datetime
    type: str
    words: str = ""
    answer: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFan:
    """One fan; without an `announced` follow it was there before the account was connected."""

    id: UUID
    alias: UUID
    openid: str
    source: str
    scene: str | None
    channel_id: UUID | None
    node_id: UUID
    subscribed_at: datetime
    announced: bool
    unsubscribed_at: datetime | None
    acts: Sequence[DemoAct]


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """The fans of one account: how many, who brings them, what they talk about, and until when anything is heard."""

    account_id: UUID
    name: str
    fans: int
    channels: Mapping[str, tuple[UUID, UUID]]
    talk: Talk
    until: datetime


def crowd(plan: Crowd, rhythm: Rhythm, random: Random) -> Iterator[DemoFan]:
    """All fans of an account."""
    for _ in range(plan.fans):
        yield _fan(plan, rhythm, random)


def _fan(plan: Crowd, rhythm: Rhythm, random: Random) -> DemoFan:
    early = random.random() < 0.32
    followed = rhythm.moment(random, end=rhythm.number_of(plan.until) + 1)
    if early:
        followed = rhythm.moment(random, end=1) - timedelta(days=random.randrange(2, 700))
    followed = min(followed, plan.until - timedelta(minutes=random.randrange(2, 300)))
    left = _left(followed, rhythm, plan.until, random)
    source = random.choices(list(SOURCES), list(SOURCES.values()))[0]
    scene, (channel_id, node_id) = _code(plan, random) if source == "scan" else (None, (None, plan.account_id))
    return DemoFan(
        id=_id_at(followed, random),
        alias=UUID(int=random.getrandbits(128), version=4),
        openid="o" + "".join(random.choices(ALPHABET, k=27)),
        source=source,
        scene=scene,
        channel_id=channel_id,
        node_id=node_id,
        subscribed_at=followed,
        announced=not early,
        unsubscribed_at=left,
        acts=sorted(_acts(plan, rhythm, random, (followed, left or plan.until)), key=lambda act: act.at),
    )


def _id_at(moment: datetime, random: Random) -> UUID:
    """A UUID version 7 of that moment: lists by id are lists by time."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62))


def _code(plan: Crowd, random: Random) -> tuple[str | None, tuple[UUID | None, UUID]]:
    if not plan.channels:
        return None, (None, plan.account_id)
    scene = random.choice(list(plan.channels))
    return scene, plan.channels[scene]


def _left(followed: datetime, rhythm: Rhythm, until: datetime, random: Random) -> datetime | None:
    if random.random() > 0.15:
        return None
    start = max(0, rhythm.number_of(followed))
    soon = followed + timedelta(minutes=random.randrange(2, 4000))
    left = soon if random.random() < 0.45 and start else rhythm.moment(random, start=start)
    return left if followed < left < until and rhythm.number_of(left) >= 0 else None


def _acts(plan: Crowd, rhythm: Rhythm, random: Random, stay: tuple[datetime, datetime]) -> Iterator[DemoAct]:
    first, last = stay
    start, end = max(0, rhythm.number_of(first)), rhythm.number_of(last) + 1
    for _ in range(_how_many(random)):
        at = rhythm.moment(random, start=start, end=end)
        if random.random() < 0.3 and rhythm.number_of(first) >= 0:
            at = first + timedelta(seconds=random.randrange(20, 5400))
        if first < at < last:
            yield _act(plan, random, at)


def _how_many(random: Random) -> int:
    # Most write once or twice, a few all the time.
    return min(140, int(1.25 * random.paretovariate(0.98)) - (random.random() < 0.3))


def _act(plan: Crowd, random: Random, at: datetime) -> DemoAct:
    (kind,) = random.choices(list(KINDS), list(KINDS.values()))
    if kind == "text":
        return _text(at, say(plan.talk, random), random)
    if kind == "voice":
        words = random.choice(RECOGNIZED)
        return DemoAct(at, "voice", words, "语音收到，我们听一下。" if words else "", {"format": "amr"})
    if kind == "location":
        return DemoAct(at, "location", "发来一个位置", "离你最近的门店已为你找到，点开查看路线。")
    if kind == "image":
        return DemoAct(at, "image", "", "图片收到，谢谢分享。" if random.random() < 0.6 else "")
    key = {"click": "MENU_TODAY", "view": "https://m.yunxiu.example/menu", "scan": "door"}[kind]
    return DemoAct(
        at, "event", "", "工作日 14:00–16:00 第二杯半价。" if kind == "click" else "", {"event": kind, "key": key}
    )


def _text(at: datetime, said: Said, random: Random) -> DemoAct:
    missed = not said.effects and random.random() < 0.04
    extra = {"effects": list(said.effects)} if said.effects else {}
    return DemoAct(at, "text", said.words, "" if missed else said.answer, extra)
