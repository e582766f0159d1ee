"""What the fans of one account say: pushes as WeChat would make them, and the rules that most of them meet. Pure."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from benchmarks.gateway.account import ORIGINAL_ID
from benchmarks.pushes import Head, event, image, text

RULES = 2_000
FANS = 100_000
DOUBLES = 0.02
"""How many of the pushes come a second time, as WeChat's do when it has not heard our answer."""
FARTHEST = 400
"""How many pushes may lie between a push and its double."""
FIRST_MSG_ID = 24_698_213_377_000_000

NOUNS = wrap(
    "拿铁美式卡布摩卡抹茶桂花生椰燕麦冷萃手冲瑰夏耶加曼宁焦糖榛果海盐红茶乌龙茉莉白桃"
    "葡萄芒果杨梅荔枝西柚可颂贝果司康蛋挞提米巴斯布朗肉桂三明沙拉礼盒挂耳豆子马克帆布",
    2,
)
ASPECTS = wrap(
    "价格优惠活动新品折扣套餐库存预订外卖自提会员积分兑换发票退款换货门店营业停车包场"
    "生日礼券团购抽奖竞猜中奖名单规则时间地址热量配方产地烘焙保存口味大小温度加购评价"
    "投诉建议合作加盟招聘实习讲座课程直播周边",
    2,
)
MATCHES = ("exact",) * 5 + ("contains",) * 3 + ("prefix", "regex")
KINDS = ("matched",) * 88 + ("unmatched",) * 5 + ("click",) * 3 + ("image",) * 3 + ("follow",)


@dataclass(frozen=True)
class Push:
    """One callback before it is signed; a double says so."""

    body: bytes
    is_double: bool


def phrase(number: int) -> str:
    """The words of a rule, different for each below 2,000."""
    return NOUNS[number // len(ASPECTS)] + ASPECTS[number % len(ASPECTS)]


def openid(number: int) -> str:
    """The fan of this number."""
    return f"oBench{number:022d}"


def rules(count: int = RULES, *, suffix: str = "") -> list[dict[str, Any]]:
    """Rules as the page stores them: half by the whole message, the rest by its parts or a pattern."""
    return [_rule(number, suffix) for number in range(count)]


def as_json(made: Sequence[dict[str, Any]]) -> str:
    """Rules as one value for the database."""
    return json.dumps(made, ensure_ascii=False)


def _rule(number: int, suffix: str) -> dict[str, Any]:
    match = MATCHES[number % len(MATCHES)]
    value = phrase(number) + suffix + (r"[0-9]{2,4}号" if match == "regex" else "")
    return {
        "name": f"规则 {number:04}",
        "triggers": [{"type": "keyword", "match": match, "value": value}],
        "replies": [
            {"type": "text", "content": f"关于{phrase(number)}:欢迎到店,或回复「人工」由同事为您解答。{suffix}"}
        ],
    }


def said(number: int, chance: random.Random) -> str:
    """What a fan writes who means this rule."""
    words = phrase(number)
    match = MATCHES[number % len(MATCHES)]
    return {
        "exact": words,
        "contains": f"请问{words}是怎样的",
        "prefix": f"{words}在哪里看",
        "regex": f"{words}{chance.randint(10, 9999)}号",
    }[match]


def pushes(count: int, *, seed: int, now: int) -> list[Push]:
    """So many pushes, doubles among them; two seeds have no push in common."""
    chance = random.Random(seed)
    made: list[Push] = []
    number = FIRST_MSG_ID + seed * 10_000_000
    while len(made) < count:
        if made and chance.random() < DOUBLES:
            made.append(Push(made[-chance.randint(1, min(FARTHEST, len(made)))].body, is_double=True))
        else:
            number += 1
            made.append(Push(_push(number, chance, now), is_double=False))
    return made


def uniques(made: Sequence[Push]) -> int:
    """How many rows they must leave."""
    return sum(not one.is_double for one in made)


def head(fan: int, now: int) -> Head:
    """A push of the fan of this number, to the one account."""
    return Head(ORIGINAL_ID, openid(fan), now)


def _push(number: int, chance: random.Random, now: int) -> bytes:
    kind, fan = chance.choice(KINDS), head(chance.randrange(FANS), now)
    if kind == "follow":
        return event(head(FANS + number, now), "subscribe")
    if kind == "click":
        return event(fan, "CLICK", f"MENU_{number}")
    if kind == "image":
        return image(fan, number)
    words = said(chance.randrange(RULES), chance) if kind == "matched" else f"你好呀{chance.randint(1, 999)}"
    return text(fan, words, number)
