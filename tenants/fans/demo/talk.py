"""What fans of the demo write, and what the robot says to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

OPENINGS = ("", "", "", "", "请问", "你好，", "您好，", "想问一下", "问下", "麻烦问下，", "在吗？", "哈喽，")
ENDINGS = ("", "", "", "", "？", "？", "呀", "呢？", "～", "，谢谢", "，谢谢啦", "🙏", "[微笑]", "😊")


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One matter: how often it comes, how people put it, and the robot's answer (none: nobody has written a rule)."""

    weight: int
    asked: tuple[str, ...]
    answer: str = ""
    effects: tuple[str, ...] = ()
    bare: bool = False
    """Asked as it stands, without courtesies."""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """All that is said in one trade."""

    topics: tuple[Topic, ...]
    things: tuple[str, ...]
    welcome: str


@dataclass(frozen=True)
class Said:
    """One question with its answer."""

    words: str
    answer: str
    effects: tuple[str, ...]


def say(talk: Talk, random: Random) -> Said:
    """Something that a fan writes."""
    (topic,) = random.choices(talk.topics, cum_weights=_weights(talk))
    words = random.choice(topic.asked).format(thing=random.choice(talk.things), n=random.choice((2, 3, 5, 8, 10, 15)))
    if not topic.bare:
        words = f"{random.choice(OPENINGS)}{words}{random.choice(ENDINGS)}"
    return Said(words, topic.answer, topic.effects)


_sums: dict[int, list[int]] = {}


def _weights(talk: Talk) -> list[int]:
    if id(talk) not in _sums:
        total, sums = 0, []
        for topic in talk.topics:
            total += topic.weight
            sums.append(total)
        _sums[id(talk)] = sums
    return _sums[id(talk)]


_WAIT = "已经帮你叫人，稍等一下，工作时间一般一分钟内有人来。"
_SORRY = "很抱歉让你不开心。我们已经请负责人来看，会尽快回你。"


def _people(complaints: tuple[str, ...]) -> tuple[Topic, ...]:
    """What every trade has: greetings, thanks, and the wish for a person."""
    return (
        Topic(weight=60, bare=True, asked=("你好", "您好", "在吗", "hi", "早", "早上好", "晚上好", "哈喽", "👋", "[微笑]", "/::)"), answer="你好呀，今天也辛苦了。回复【菜单】看看我们能帮你什么。"),
        Topic(weight=32, bare=True, asked=("谢谢", "好的谢谢", "收到", "好的", "嗯嗯", "ok", "👌", "[强]", "[玫瑰]", "辛苦啦", "知道了", "好滴～", "❤️"), answer="不客气，随时来坐坐。"),
        Topic(weight=16, bare=True, asked=("人工", "转人工", "客服", "有人吗", "找真人", "我要人工客服", "转接人工", "人工服务"), answer=_WAIT, effects=("hand_over",)),
        Topic(weight=5, asked=complaints, answer=_SORRY, effects=("hand_over", "complaint")),
        Topic(weight=14, asked=("公众号怎么没有小程序入口了", "你们招聘吗", "可以加盟吗", "有没有会员群", "能不能做联名款", "周边什么时候补货", "可以约采访吗", "供应商合作找谁", "能赞助我们社团活动吗")),
    )  # fmt: skip


COFFEE = Talk(
    things=("美式", "拿铁", "山雾拿铁", "燕麦拿铁", "冷萃", "手冲", "dirty", "澳白", "桂花拿铁", "气泡美式", "可颂", "巴斯克", "挂耳", "保山小粒"),
    welcome="你好，欢迎来到云岫咖啡。从云南保山的山坡到你手里这一杯，我们慢慢讲给你听。回复【菜单】看看。",
    topics=(
        Topic(weight=70, asked=("今天几点关门", "营业到几点", "周末几点开门", "早上几点可以买咖啡", "节假日营业吗", "国庆期间营业时间有变化吗", "晚上九点还开着吗", "下雨天会提前打烊吗"), answer="门店周一至周日 08:00–22:00 营业，个别门店以门店公示为准。"),
        Topic(weight=64, asked=("最近的门店在哪里", "附近有店吗", "你们店在哪个位置", "地铁哪个口出来近", "停车方便吗", "商场几楼", "怎么走", "店里有停车券吗", "从地铁站走过去要多久"), answer="发给我们一个位置，就能告诉你最近的门店和路线。"),
        Topic(weight=58, asked=("{thing}多少钱", "{thing}现在什么价", "{thing}涨价了吗", "菜单发一下", "价目表有吗", "最便宜的是哪款", "中杯大杯差多少钱"), answer="美式 22 元 · 拿铁 28 元 · 山雾拿铁 32 元，手冲单品 38 元起，换燕麦奶 +4 元。"),
        Topic(weight=52, asked=("今天有优惠吗", "有没有第二杯半价", "优惠券怎么用", "新人券在哪里领", "学生有折扣吗", "自带杯减多少", "券过期了能补吗", "储值有活动吗", "双十一有活动吗"), answer="工作日 14:00–16:00 第二杯半价；自带杯每杯减 3 元。以门店当日公示为准。"),
        Topic(weight=44, asked=("{thing}好喝吗", "推荐一款不太苦的", "新品{thing}什么味道", "{thing}是热的还是冰的", "不加糖的有哪些", "有没有适合下午喝的", "{thing}还有吗", "秋冬新品上了吗", "没喝过手冲，第一次点什么"), answer="当季新品是山雾拿铁：保山小粒与桂花，入口是桂花，回味是可可。"),
        Topic(weight=34, asked=("可以外卖吗", "外卖多久送到", "满多少免配送费", "外卖能备注少冰吗", "{n}公里内能送吗", "美团上搜什么名字", "下单半小时了还没接单"), answer="在小程序或外卖平台搜「云岫咖啡」，3 公里内约 30 分钟送到。"),
        Topic(weight=30, asked=("手冲课怎么报名", "体验课多少钱一节", "周六的课还有名额吗", "小朋友可以参加吗", "拉花课几个人开班", "课可以改期吗"), answer="手冲体验课每周六下午，198 元一位，含一包 100 克豆子。回复【报名】留下称呼即可。"),
        Topic(weight=28, asked=("积分怎么查", "会员生日有什么", "会员卡绑定不了", "积分能换什么", "换手机号怎么办", "等级什么时候升"), answer="在小程序「我的」里可以看到积分和等级；生日当月送一张任意饮品券。"),
        Topic(weight=24, asked=("{thing}豆子有卖吗", "豆子多少钱一包", "可以帮磨吗", "烘焙日期是哪天", "意式豆和手冲豆有什么区别", "挂耳保质期多久", "可以寄到外地吗"), answer="门店和小程序都有：保山小粒 200 克 88 元，可免费研磨，48 小时内烘焙发货。"),
        Topic(weight=20, asked=("今天有位子吗", "可以带宠物吗", "有插座吗", "可以带电脑办公吗", "有儿童椅吗", "能包场吗", "{n}个人能坐下吗", "户外区开了吗"), answer="门店都有插座和 Wi-Fi，户外区欢迎小动物；十人以上建议先致电门店留位。"),
        Topic(weight=18, asked=("可以开发票吗", "发票怎么开", "抬头开错了能换吗", "电子发票没收到", "对公转账可以吗"), answer="扫小票上的二维码就能开电子发票，30 天内有效；开错了回复【人工】帮你重开。"),
        Topic(weight=15, asked=("{thing}有没有低因的", "乳糖不耐能喝什么", "燕麦奶加多少钱", "一杯多少卡", "孕妇能喝吗", "{thing}含糖吗"), answer="所有奶咖都能换燕麦奶（+4 元）或做成低因；每款热量在小程序详情页。"),
        Topic(weight=12, asked=("{n}杯以上团购有优惠吗", "公司下午茶能送吗", "婚礼能做咖啡车吗", "企业采购联系谁", "开会要{n}杯怎么订")),
        Topic(weight=9, bare=True, asked=("看看", "找找", "乐乐", "11", "12", "13", "21", "22", "菜单", "1", "2", "3"), answer="回复【11】当季新品  【12】价目表  【13】今日优惠  【21】附近门店"),
        *_people(("点的{thing}做错了也没人管", "等了四十分钟还没好，太慢了", "店员态度差，我要投诉", "{thing}里喝到头发，退款", "杯盖漏了一身，没人理", "喝完肚子不舒服，怎么处理", "扣了两次钱，退款", "差评，冰都化了才叫号")),
    ),
)  # fmt: skip

BAKERY = Talk(
    things=("盐可颂", "吐司", "贝果", "肉松小贝", "蛋黄酥", "生日蛋糕", "恰巴塔", "菠萝包", "巴斯克"),
    welcome="欢迎来到小满烘焙，面包今天也是现烤的。回复【出炉】看看几点有热的。",
    topics=(
        Topic(weight=60, asked=("{thing}几点出炉", "今天还有{thing}吗", "下午还有热的吗", "几点去能买到{thing}", "晚上还有面包吗"), answer="出炉时间：08:30 吐司 · 11:00 盐可颂 · 15:30 贝果与菠萝包 · 17:30 第二炉。"),
        Topic(weight=40, asked=("生日蛋糕要提前几天", "6寸蛋糕多少钱", "蛋糕能写字吗", "可以少糖吗", "蛋糕能送吗", "今天现做来得及吗"), answer="6 寸 168 元、8 寸 238 元，提前一天预订，可写字、可少糖，三公里内免费送。"),
        Topic(weight=34, asked=("几点关门", "店在哪里", "玉林店怎么走", "太古里店几楼", "停车方便吗"), answer="三家店 08:00–21:00 营业；发一个位置给我们，就告诉你最近的一家。"),
        Topic(weight=24, asked=("晚上打折吗", "有会员卡吗", "充值送多少", "优惠券怎么用"), answer="每晚 20:00 后面包八折；会员充 300 送 30。"),
        Topic(weight=16, asked=("{thing}有没有坚果", "吐司能放几天", "有没有无糖的", "用的什么黄油", "{thing}含乳吗"), answer="全部使用动物黄油；吐司常温两天、冷冻两周。过敏请告诉店员。"),
        Topic(weight=10, asked=("公司{n}份茶歇怎么订", "可以做伴手礼吗", "团购有优惠吗", "能办烘焙课吗")),
        *_people(("买的{thing}是硬的，差评", "蛋糕上的字写错了，退款", "外卖把蛋糕撞坏了，没人理", "店员态度差，我要投诉")),
    ),
)  # fmt: skip

TEA = Talk(
    things=("白牡丹", "大红袍", "铁观音", "茉莉龙珠", "正山小种", "老白茶", "肉桂", "水仙"),
    welcome="欢迎来到竹里茶事。春看茶山，秋坐茶席。回复【茶席】看本周的课。",
    topics=(
        Topic(weight=48, asked=("{thing}怎么泡", "{thing}用多少度的水", "第一泡要倒掉吗", "{thing}能煮吗", "盖碗烫手怎么办"), answer="白茶 85℃、岩茶沸水，5 克茶 110 毫升水，第一泡快出汤。视频见菜单「泡茶」。"),
        Topic(weight=40, asked=("茶席课还有名额吗", "茶席课多少钱", "周末有课吗", "可以带朋友吗", "能改期吗"), answer="茶席课每周六 14:00，168 元一位，六人开席。回复【报名】留位。"),
        Topic(weight=36, asked=("{thing}多少钱一斤", "{thing}有小包装吗", "今年春茶到了吗", "送长辈选哪款", "礼盒多少钱"), answer="白牡丹 128 元/50 克，大红袍 168 元/50 克；礼盒 398 元起，含手写卡片。"),
        Topic(weight=26, asked=("几点营业", "店在哪里", "三坊七巷店怎么走", "包间怎么订", "包间最低消费多少"), answer="门店 10:00–22:00 营业，包间请提前一天预订。"),
        Topic(weight=14, asked=("{thing}受潮了怎么办", "老白茶能放几年", "怎么存茶", "有虫眼正常吗"), answer="避光、防潮、离开异味；白茶常温密封可久存，绿茶放冰箱。"),
        Topic(weight=8, asked=("公司{n}份伴手礼怎么订", "能去茶山看看吗", "可以代发外地吗", "有加盟吗")),
        *_people(("茶叶碎了一半，差评", "礼盒少了一罐，退款", "等了一个星期还没发货，太慢了", "店员态度差，我要投诉")),
    ),
)  # fmt: skip

TRADES: Mapping[str, Talk] = {"咖啡": COFFEE, "烘焙": BAKERY, "茶": TEA}


def talk_of(brand: str) -> Talk:
    """What is said to a brand of this name."""
    return next((talk for word, talk in TRADES.items() if word in brand), COFFEE)
