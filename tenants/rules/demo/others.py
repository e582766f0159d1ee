"""The rules of the demo's other brands: fewer, and in their own words."""

from __future__ import annotations

from tenants.accounts.services import StorePoint
from tenants.rules.demo.drafts import Draft, faces, on, rule, text, whole, words

HELLOS = {
    "小满烘焙": "你好呀，面包正在炉子里。回复【出炉】看今天的出炉表，回复【蛋糕】订生日蛋糕。",
    "竹里茶事": "你好，先坐下喝口茶。回复【茶席】看本周茶席课，回复【茶叶】看春茶。",
}
KNOWN = (
    (("出炉", "面包"), "今天 8:00 吐司、11:00 贝果、16:00 可颂，出炉后一小时最好吃。"),
    (("蛋糕", "生日"), "生日蛋糕请提前一天订，6 寸 168 元起，回复【人工】帮你留位。"),
    (("茶席", "课"), "茶席课每周六 14:00，每席六位，回复【人工】报名。"),
    (("茶叶", "春茶", "买茶"), "今年的春茶已经到店，岩茶与白茶都可以先试再买。"),
)


def brand_rules(brand: str, name: str, store: StorePoint | None) -> list[Draft]:
    """The rules of one account."""
    hello = HELLOS.get(brand, f"你好，这里是{name}。有什么想问的，直接打字就好。")
    where = f"我们在{store.city}{store.district}{store.address}，{store.opening_hours}。" if store else ""
    own = [rule("营业时间与地址", words("几点", "营业", "地址", "在哪"), text(where))] if where else []
    return [
        rule("关注回复", on("subscribe"), text(hello)),
        rule("问候", [*whole("你好", "您好", "hi", "在吗"), *faces("👋", "🙂")], text(hello)),
        *own,
        *(rule(heard[0], words(*heard), text(said)) for heard, said in KNOWN if heard[0] in hello),
        rule("最近门店", words("门店", "附近"), {"type": "nearest_store"}),
        rule("兜底回复", on("no_match"), text("这句我还没学会，稍后有人回你；急的话回复【人工】。")),
    ]
