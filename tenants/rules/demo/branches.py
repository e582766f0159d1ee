"""区域号 and 门店号: each with its own welcome, offer and hours."""

from __future__ import annotations

from tenants.accounts.services import StorePoint
from tenants.rules.demo.drafts import Draft, faces, on, rule, song, text, whole, words

REGION_OFFERS = (
    "周末两人同行第二杯半价，本区门店通用。",
    "新店开业满月，点任意手冲送一块海盐司康。",
    "工作日早餐组合 29 元：美式配一份可颂。",
)
DRINKS = ("海盐焦糖拿铁", "冷萃气泡美式", "陈皮手冲", "燕麦肉桂拿铁", "桂花酒酿拿铁", "柚子浓缩", "厚乳澳白")
SONGS = (("转角的灯", "corner"), ("晚风第三街", "breeze"), ("玻璃窗上的字", "window"), ("慢车道", "slow"))
PARKING = (
    "商场地下 B2 停车，消费满 80 元免 2 小时。",
    "门口不好停车，推荐步行 3 分钟外的公共停车场。",
    "支持非机动车停放，汽车请停隔壁写字楼。",
)
PETS = ("外摆区欢迎毛孩子，请牵好绳。", "店里空间不大，毛孩子请在门口的小露台等一等。")


def region_rules(name: str, number: int) -> list[Draft]:
    """The rules of a region's account."""
    offer = REGION_OFFERS[number % len(REGION_OFFERS)]
    return [
        rule(
            "关注回复",
            on("subscribe"),
            text(
                f"你好，这里是{name}。本区的新店和活动都会先在这里说。\n回复【门店】找最近的一家，回复【活动】看本月活动。"
            ),
        ),
        rule(
            "问候",
            [*whole("你好", "您好", "hi", "在吗"), *faces("👋", "🙂")],
            text("你好，回复【门店】或【活动】，我马上告诉你。"),
        ),
        rule("最近门店", words("门店", "附近", "地址", "在哪"), {"type": "nearest_store"}),
        rule("本月活动", [*words("活动", "优惠", "折扣"), *on("menu_click", "MENU_TODAY")], text(offer)),
        rule(
            "营业时间",
            words("营业", "几点", "开门", "关门"),
            text("各店时间略有不同，发个位置给我，告诉你最近一家几点开门。"),
        ),
        rule("开发票", words("发票"), text("请到下单的门店或小程序「我的订单」里申请电子发票。")),
        rule("兜底回复", on("no_match"), text("这句我还没学会，回复【门店】【活动】试试，或回复【人工】。")),
    ]


def store_rules(store: StorePoint, number: int) -> list[Draft]:
    """The rules of a store's account; what differs from store to store comes from the store itself."""
    drink, (title, track) = DRINKS[number % len(DRINKS)], SONGS[number % len(SONGS)]
    return [
        rule(
            "关注回复",
            on("subscribe"),
            text(
                f"欢迎来到{store.name}，我们在{store.address}，{store.opening_hours}。\n今日特调是{drink}，到店报「公众号来的」加一份小曲奇。"
            ),
        ),
        rule("台卡扫码", on("scan"), text(f"已经是老朋友了。今日特调是{drink}，坐下慢慢喝。")),
        rule(
            "问候",
            [*whole("你好", "您好", "hi", "在吗"), *faces("👋")],
            text("在的。回复【时间】【地址】【特调】【wifi】，我马上告诉你。"),
        ),
        rule(
            "营业时间",
            words("时间", "营业", "几点", "开门", "关门", "打烊"),
            text(f"我们{store.opening_hours}，节假日照常。"),
        ),
        rule(
            "地址与电话",
            words("地址", "在哪", "怎么走", "电话"),
            text(f"{store.city}{store.district}{store.address}，电话 {store.phone}。"),
        ),
        rule(
            "今日特调",
            [*words("特调", "推荐", "优惠", "今天喝什么"), *on("menu_click", "MENU_TODAY")],
            text(f"今天推荐{drink}，下午四点前第二杯半价。"),
        ),
        rule("WiFi", words("wifi", "无线", "密码", "上网"), text(f"网络名 Yunxiu-Guest，密码 coffee{2010 + number}。")),
        rule("停车", words("停车", "车位"), text(PARKING[number % len(PARKING)])),
        rule("带宠物", words("宠物", "狗", "猫"), text(PETS[number % len(PETS)])),
        rule("表情换歌", on("emoji"), song(title, f"{store.name} · 店长歌单", track)),
        rule("别的门店", words("别的店", "其他门店", "附近"), {"type": "nearest_store"}),
        rule("兜底回复", on("no_match"), text("店里正忙，看到就回你。急事请直接打电话，或回复【人工】。")),
    ]
