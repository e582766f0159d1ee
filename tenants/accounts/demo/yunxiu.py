"""云岫咖啡: the demo's coffee brand, with 1 central, 3 regional and 12 store accounts."""

from __future__ import annotations

from saas.auth.roles import Role
from tenants.accounts.demo.brands import DemoBrand, DemoNode, DemoPerson, DemoPlace, stores
from tenants.accounts.domain import Kind

EAST, SOUTH, NORTH = "云岫咖啡华东", "云岫咖啡华南", "云岫咖啡华北"
EAST_COMPANY, SOUTH_COMPANY = "上海云岫餐饮管理有限公司", "广州云岫餐饮管理有限公司"
NORTH_COMPANY = "北京云岫餐饮管理有限公司"
COURSE = ("堂食", "外带", "外卖", "手冲体验课")
BEANS = ("堂食", "外带", "咖啡豆零售")

_TOP = (
    DemoNode(
        name="云岫咖啡",
        kind=Kind.CENTRAL,
        legal_entity=EAST_COMPANY,
        positioning="品牌主号：新品、会员活动与云南咖啡产地故事",
        tone="温和、克制，像一位懂咖啡的朋友；不用感叹号堆情绪",
        codes=("杯套", "官网页脚", "小红书主页"),
    ),
    DemoNode(
        name=EAST,
        kind=Kind.REGION,
        parent="云岫咖啡",
        legal_entity=EAST_COMPANY,
        positioning="江浙沪门店的活动与新店消息",
        tone="轻快，多用本地话题",
        codes=("上海咖啡节展台",),
    ),
    DemoNode(
        name=SOUTH,
        kind=Kind.REGION,
        parent="云岫咖啡",
        legal_entity=SOUTH_COMPANY,
        positioning="两广门店的活动与新店消息",
        tone="亲切，可夹带粤语问候",
        mode="compatible",
        codes=("天河路商圈导视",),
    ),
    DemoNode(
        name=NORTH,
        kind=Kind.REGION,
        parent="云岫咖啡",
        legal_entity=NORTH_COMPANY,
        positioning="京津门店的活动与新店消息",
        tone="爽朗、直接",
        codes=("三里屯市集",),
    ),
)

_EAST = stores(
    EAST,
    EAST_COMPANY,
    {
        "云岫咖啡上海外滩店": DemoPlace(
            city="上海市", district="黄浦区", address="中山东一路外滩源 12 号 1 层",
            latitude=31.2412, longitude=121.4893, phone="021-5550 0101", services=COURSE,
        ),
        "云岫咖啡上海静安店": DemoPlace(
            city="上海市", district="静安区", address="南京西路 1699 号 B1-08",
            latitude=31.2239, longitude=121.4463, phone="021-5550 0102",
        ),
        "云岫咖啡杭州湖滨店": DemoPlace(
            city="杭州市", district="上城区", address="湖滨银泰 in77 C 区 107",
            latitude=30.2551, longitude=120.1634, phone="0571-5550 0103", services=BEANS,
        ),
        "云岫咖啡南京新街口店": DemoPlace(
            city="南京市", district="秦淮区", address="中山南路 89 号 2 层",
            latitude=32.0407, longitude=118.7846, phone="025-5550 0104",
        ),
    },
) + stores(
    EAST,
    EAST_COMPANY,
    {
        "云岫咖啡杭州钱江新城店": DemoPlace(
            city="杭州市", district="上城区", address="富春路 701 号万象城 L1-32",
            latitude=30.2519, longitude=120.2146, phone="0571-5550 0105",
        ),
    },
    has_account=False,
)  # fmt: skip

_SOUTH = stores(
    SOUTH,
    SOUTH_COMPANY,
    {
        "云岫咖啡广州天河店": DemoPlace(
            city="广州市", district="天河区", address="天河路 208 号 1 层 116",
            latitude=23.1322, longitude=113.3214, phone="020-5550 0106", services=COURSE,
        ),
        "云岫咖啡深圳南山店": DemoPlace(
            city="深圳市", district="南山区", address="深南大道 9668 号 B2-21",
            latitude=22.5407, longitude=113.9536, phone="0755-5550 0107",
        ),
    },
) + stores(
    SOUTH,
    SOUTH_COMPANY,
    {
        "云岫咖啡广州北京路店": DemoPlace(
            city="广州市", district="越秀区", address="北京路 168 号骑楼 2 层",
            latitude=23.1236, longitude=113.2699, phone="020-5550 0108",
        ),
    },
    silent_days=23,
) + stores(
    SOUTH,
    SOUTH_COMPANY,
    {
        "云岫咖啡深圳福田店": DemoPlace(
            city="深圳市", district="福田区", address="福华三路 268 号 L2-15",
            latitude=22.5341, longitude=114.0569, phone="0755-5550 0109",
            opening_hours="工作日 07:30–20:00，周末 09:00–20:00",
        ),
    },
    has_account=False,
)  # fmt: skip

_NORTH = (
    stores(
        NORTH,
        NORTH_COMPANY,
        {
            "云岫咖啡北京三里屯店": DemoPlace(
                city="北京市", district="朝阳区", address="三里屯路 19 号院南区 S4-12",
                latitude=39.9335, longitude=116.4553, phone="010-5550 0110", services=COURSE,
            ),
        },
    )
    + stores(
        NORTH,
        NORTH_COMPANY,
        {
            "云岫咖啡北京国贸店": DemoPlace(
                city="北京市", district="朝阳区", address="建国门外大街 1 号 B1 NB116",
                latitude=39.9092, longitude=116.4605, phone="010-5550 0111",
                opening_hours="工作日 07:00–21:00，周末 09:00–21:00",
            ),
        },
        mode="plain",
    )
    + stores(
        NORTH,
        NORTH_COMPANY,
        {
            "云岫咖啡天津五大道店": DemoPlace(
                city="天津市", district="和平区", address="重庆道 83 号民园西里 3 号楼",
                latitude=39.1083, longitude=117.2019, phone="022-5550 0112", services=BEANS,
            ),
        },
        silent_days=9,
        service_type="subscription",
    )
)  # fmt: skip

YUNXIU = DemoBrand(
    name="云岫咖啡",
    agency="拾光传播",
    accent="teal",
    nodes=(*_TOP, *_EAST, *_SOUTH, *_NORTH),
    people=(
        DemoPerson("林知远", "zhiyuan@shiguang.example", Role.AGENCY_STAFF),
        DemoPerson("沈清禾", "hq@yunxiu.example", Role.BRAND_HQ),
        DemoPerson("周以宁", "east@yunxiu.example", Role.REGION_MANAGER, (EAST,)),
        DemoPerson("陈嘉敏", "south@yunxiu.example", Role.REGION_MANAGER, (SOUTH,)),
        DemoPerson("吴桐", "13900005501", Role.STORE_MANAGER, ("云岫咖啡上海外滩店",)),
        DemoPerson("何佳", "13900005505", Role.STORE_MANAGER, ("云岫咖啡杭州钱江新城店",)),
        DemoPerson(
            "许诺",
            "kefu@yunxiu.example",
            Role.INBOX_AGENT,
            ("云岫咖啡", "云岫咖啡上海外滩店", "云岫咖啡上海静安店", "云岫咖啡杭州湖滨店"),
        ),
    ),
)
