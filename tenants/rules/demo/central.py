"""总部号 of the coffee brand: three levels of keywords, a song for every mood, a person for every complaint."""

from __future__ import annotations

from datetime import datetime, timedelta

from tenants.rules.demo.drafts import Draft, faces, news, on, rule, song, text, whole, words

MENU = "回复【看看】新品与菜单\n回复【找找】附近的门店\n回复【乐乐】换一首歌听"
COMPLAINTS = ("投诉", "差评", "态度差", "异物", "喝坏", "退款", "太慢了", "没人理")


def central_rules(brand: str, until: datetime) -> list[Draft]:
    """All rules of the brand's main account."""
    return [*_doors(brand), *_look(), *_find(), *_play(), *_service(), *_seasons(until), *_ends()]


def _doors(brand: str) -> list[Draft]:
    return [
        rule(
            "关注回复",
            on("subscribe"),
            text(f"你好，这里是{brand}。从云南保山的山坡到你手里这一杯，我们慢慢讲给你听。\n\n{MENU}"),
        ),
        rule("老朋友扫码", on("scan"), text(f"又见面了。今天想喝点什么？\n\n{MENU}")),
        rule(
            "问候菜单",
            [*whole("你好", "您好", "hi", "hello", "在吗", "菜单", "早", "早上好"), *faces("👋")],
            text(f"你好呀，今天也辛苦了。\n\n{MENU}"),
        ),
    ]


def _look() -> list[Draft]:
    return [
        rule("看看", whole("看看", "1"), text("回复【11】当季新品\n回复【12】价目表\n回复【13】今日优惠")),
        rule(
            "看看 · 新品",
            [*whole("11"), *words("新品", "上新")],
            news("山雾拿铁：保山小粒与桂花", "冷萃 18 小时，入口是桂花，回味是可可。", "shanwu"),
        ),
        rule(
            "看看 · 价目表",
            [*whole("12"), *words("价格", "多少钱", "价目")],
            text("美式 22 元 · 拿铁 28 元 · 山雾拿铁 32 元\n手冲单品 38 元起 · 换燕麦奶 +4 元"),
        ),
        rule(
            "今日优惠",
            [*whole("13"), *words("优惠", "折扣", "打折", "券"), *on("menu_click", "MENU_TODAY")],
            text("工作日 14:00–16:00 第二杯半价；自带杯每杯减 3 元。以门店当日公示为准。"),
        ),
    ]


def _find() -> list[Draft]:
    return [
        rule("找找", whole("找找", "2"), text("回复【21】附近门店\n回复【22】营业时间\n回复【23】哪里可以上手冲课")),
        rule(
            "附近门店",
            [
                *whole("21"),
                *words("门店", "附近", "哪里有店", "专卖店", "地址", "怎么走"),
                *on("menu_click", "MENU_STORES"),
            ],
            {"type": "nearest_store"},
        ),
        rule(
            "手冲体验课门店",
            [*whole("23"), *words("手冲课", "体验课")],
            {"type": "nearest_store", "service": "手冲体验课"},
        ),
        rule(
            "营业时间",
            [*whole("22"), *words("营业", "几点", "开门", "关门", "打烊")],
            text("多数门店每天 8:00–22:00，写字楼店周末 9:00 开门。发个位置给我，告诉你最近一家的时间。"),
        ),
    ]


def _play() -> list[Draft]:
    return [
        rule("乐乐", whole("乐乐", "3", "听歌"), text("发一个表情给我，任何一个都可以。我还你一首此刻的歌。")),
        rule("晴天的歌", faces("☀", "😄", "😁", "🙂", "😊", "[耶]"), song("窗边第一束光", "云岫歌单 · 晨", "morning")),
        rule("安静的歌", faces("😢", "😭", "😔", "[心碎]", "[叹气]"), song("雨停之前", "云岫歌单 · 雨", "rain")),
        rule("提神的歌", faces("😴", "🥱", "☕", "[裂开]"), song("醒来的三拍子", "云岫歌单 · 醒", "awake")),
        rule("心动的歌", faces("❤", "😘", "😍", "🌹"), song("第二杯半价的人", "云岫歌单 · 心", "heart")),
        rule("随便一首", [*on("emoji"), *on("sticker")], song("山雾", "云岫歌单 · 日常", "mist")),
        rule("照片换歌", on("message_type", "image"), song("路过的风景", "云岫歌单 · 途", "passing")),
    ]


def _service() -> list[Draft]:
    return [
        rule("开发票", words("发票"), text("在小程序「我的订单」里选中订单，点「开发票」，电子发票十分钟内到邮箱。")),
        rule(
            "会员与积分",
            [*words("会员", "积分", "等级"), *on("menu_click", "MENU_MEMBER")],
            text("消费 1 元积 1 分，满 200 分换一杯美式。会员日是每月 18 日，全天双倍积分。"),
        ),
        rule(
            "过敏原",
            words("过敏", "无糖", "低因", "素食"),
            text("燕麦奶、杏仁奶含坚果或麸质；低因豆每店都有，点单时说一声就好。"),
        ),
        rule("外卖", words("外卖", "配送", "送到"), text("外卖在小程序或常用外卖平台都能点，三公里内约 35 分钟。")),
        rule(
            "加盟与招聘",
            words("加盟", "招聘", "应聘", "兼职"),
            text("我们目前都是直营，暂不开放加盟。求职请把简历发到 hr@yunxiu.example。"),
        ),
        rule(
            "订单语音听不清",
            on("message_type", "voice"),
            text("语音没有听清，打几个字给我好吗？也可以回复【人工】。"),
            priority=-5,
        ),
    ]


def _seasons(until: datetime) -> list[Draft]:
    start = until.replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        rule(
            "秋日限定（已结束）",
            words("桂花季"),
            text("桂花季到这里就结束了，明年见。"),
            starts_at=(start - timedelta(days=75)).isoformat(),
            ends_at=(start - timedelta(days=20)).isoformat(),
        ),
        rule(
            "十二个愿望",
            whole("愿望", "许愿"),
            text("把愿望写在这里，我们每天挑一个来实现。今天的壁纸回复【壁纸】领取。"),
            starts_at=(start + timedelta(days=9)).isoformat(),
            ends_at=(start + timedelta(days=21)).isoformat(),
            priority=10,
        ),
        rule("愿望还没开始", whole("愿望", "许愿"), text("十二个愿望还没开始，先把愿望攒着，到时候我们来敲门。")),
    ]


def _ends() -> list[Draft]:
    return [
        rule(
            "夜里的兜底",
            on("no_match"),
            text("这会儿店里都打烊了。你的话我先记下，明早 9 点有人回你。"),
            priority=1,
            daily_from="22:30",
            daily_to="07:30",
        ),
        rule("兜底回复", on("no_match"), text(f"这句我还没学会。\n\n{MENU}\n\n想找人聊，回复【人工】。")),
    ]
