"""What the fans of a coffee brand do in a day: seeded, so that the same day can be played again."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Act = Mapping[str, object]

GREETINGS = ("你好", "在吗", "您好", "早上好", "hi", "hello", "有人吗")
KEYWORDS = (
    "优惠",
    "菜单",
    "会员",
    "积分",
    "门店",
    "营业时间",
    "外卖",
    "新品",
    "优惠券",
    "人工",
    "客服",
    "加盟",
    "招聘",
    "发票",
)
QUESTIONS = (
    "你们几点开门？", "南京东路店今天营业吗", "有没有燕麦奶？", "会员卡怎么办理", "优惠券可以叠加使用吗", "外卖多久能送到呀", "附近哪家店有座位",
    "可以带宠物进店吗？", "桂花拿铁还有吗", "积分什么时候过期", "门店有充电插座吗", "发票怎么开？", "周末有什么活动", "可以定制生日蛋糕吗",
)  # fmt: skip
COMPLAINTS = ("等了四十分钟还没做好，太慢了", "我要投诉，店员态度很差", "咖啡是凉的，要求退款", "券用不了，什么情况")
FACES = ("😊", "👍", "/::)", "/:rose", "[微笑]", "[强]", "☕", "❤️", "[呲牙]", "/:strong", "谢谢[愉快]")
THANKS = ("谢谢", "好的", "知道了", "收到，谢谢", "ok", "辛苦啦")
CHATTER = ("今天天气真好", "刚下班，来一杯", "朋友推荐过来的", "拿铁很好喝", "下次再来", "豆子是哪里产的")
PLACES = (
    ("上海市黄浦区人民广场", 31.230416, 121.473701), ("上海市徐汇区徐家汇", 31.194557, 121.436846),
    ("杭州市上城区湖滨银泰", 30.253083, 120.162963), ("北京市朝阳区三里屯太古里", 39.934106, 116.454835),
    ("成都市锦江区春熙路", 30.657463, 104.078104), ("广州市天河区体育中心", 23.137466, 113.325065),
)  # fmt: skip
HEARD = ("几点开门", "附近有店吗", "帮我查一下积分", "")
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
AMR = "IyFBTVIKBAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAA"
STICKERS = ("谢谢老板", "收到", "在吗", "哈哈哈", "早安")
SHARES = {"text_greeting": 14, "text_keyword": 26, "text_question": 20, "text_complaint": 2, "text_face": 8, "text_thanks": 8, "text_chatter": 6,
          "menu": 8, "image": 3, "location": 3, "voice": 2, "sticker": 2, "link": 1, "scan": 2}  # fmt: skip
TEXTS = {"text_greeting": GREETINGS, "text_keyword": KEYWORDS, "text_question": QUESTIONS, "text_complaint": COMPLAINTS, "text_face": FACES,
         "text_thanks": THANKS, "text_chatter": CHATTER}  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """What an account offers to its fans: codes to scan and buttons to tap."""

    app_id: str
    scenes: Sequence[str] = ()
    buttons: Sequence[Act] = ()


@dataclass(frozen=True)
class Visit:
    """One fan's day with one account, in order."""

    app_id: str
    acts: list[Act] = field(default_factory=list)


def write_day(stages: Sequence[Stage], messages: int, seed: int) -> list[Visit]:
    """Spreads `messages` acts over fans of all accounts; each fan follows first, some leave at the end."""
    dice = random.Random(seed)
    visits: list[Visit] = []
    left = messages
    while left > 0:
        visit = Visit(dice.choice(stages).app_id)
        stage = next(stage for stage in stages if stage.app_id == visit.app_id)
        visit.acts.extend(_visit(dice, stage, min(left, 2 + int(dice.expovariate(0.25)))))
        left -= len(visit.acts)
        visits.append(visit)
    return visits


def _visit(dice: random.Random, stage: Stage, length: int) -> list[Act]:
    acts: list[Act] = [_arrival(dice, stage)]
    while len(acts) < length:
        acts.append(_one(dice, stage))
    if length > 2 and dice.random() < 0.06:
        acts[-1] = {"type": "unsubscribe"}
    return acts


def _arrival(dice: random.Random, stage: Stage) -> Act:
    if stage.scenes and dice.random() < 0.6:
        return {"type": "subscribe", "scene": dice.choice(stage.scenes)}
    return {
        "type": "subscribe",
        "subscribe_scene": dice.choice(("ADD_SCENE_SEARCH", "ADD_SCENE_PROFILE_CARD", "ADD_SCENE_PROFILE_LINK")),
    }


def _one(dice: random.Random, stage: Stage) -> Act:
    kind = dice.choices(list(SHARES), weights=list(SHARES.values()))[0]
    if kind == "menu" and stage.buttons:
        return {"type": "menu", "button": dice.choice(stage.buttons)}
    if kind == "scan" and stage.scenes:
        return {"type": "scan", "scene": dice.choice(stage.scenes)}
    if kind in TEXTS:
        return {"type": "text", "content": dice.choice(TEXTS[kind])}
    return _rare(dice, kind)


def _rare(dice: random.Random, kind: str) -> Act:
    label, latitude, longitude = dice.choice(PLACES)
    rare: dict[str, Act] = {
        "image": {"type": "image", "filename": "photo.png", "data": PNG},
        "location": {"type": "location", "label": label, "latitude": latitude, "longitude": longitude},
        "voice": {"type": "voice", "filename": "voice.amr", "data": AMR, "recognition": dice.choice(HEARD)},
        "sticker": {"type": "sticker", "name": dice.choice(STICKERS)},
        "link": {
            "type": "link",
            "title": "周末去哪儿喝咖啡",
            "description": "本地生活",
            "url": "https://example.test/weekend",
        },
    }
    return rare.get(kind, {"type": "text", "content": dice.choice(KEYWORDS)})
