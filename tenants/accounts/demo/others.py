"""A small brand of the same agency, and one of another agency: nobody may ever see the one from the other."""

from __future__ import annotations

from saas.auth.roles import Role
from tenants.accounts.demo.brands import DemoBrand, DemoNode, DemoPerson, DemoPlace, stores
from tenants.accounts.domain import Kind

BAKERY, TEA = ("现烤面包", "生日蛋糕预订", "外卖"), ("茶席课", "茶叶零售", "包间")
BAKERY_COMPANY, TEA_COMPANY = "成都小满食品有限公司", "福州竹里茶业有限公司"

XIAOMAN = DemoBrand(
    name="小满烘焙",
    agency="拾光传播",
    accent="orange",
    nodes=(
        DemoNode(
            name="小满烘焙",
            kind=Kind.CENTRAL,
            legal_entity=BAKERY_COMPANY,
            positioning="每日出炉时间与当季新品",
            tone="热乎、家常",
            codes=("面包纸袋",),
        ),
        DemoNode(
            name="小满烘焙成都",
            kind=Kind.REGION,
            parent="小满烘焙",
            legal_entity=BAKERY_COMPANY,
            positioning="成都三店的出炉表",
            tone="热乎、家常",
        ),
        *stores(
            "小满烘焙成都",
            BAKERY_COMPANY,
            {
                "小满烘焙玉林店": DemoPlace(
                    city="成都市", district="武侯区", address="玉林西路 23 号",
                    latitude=30.6293, longitude=104.0562, phone="028-5550 0201", services=BAKERY,
                ),
                "小满烘焙太古里店": DemoPlace(
                    city="成都市", district="锦江区", address="中纱帽街 8 号 M68",
                    latitude=30.6537, longitude=104.0835, phone="028-5550 0202", services=BAKERY,
                ),
                "小满烘焙桐梓林店": DemoPlace(
                    city="成都市", district="武侯区", address="桐梓林北路 4 号",
                    latitude=30.6172, longitude=104.0708, phone="028-5550 0203", services=BAKERY,
                ),
            },
        ),
    ),
    people=(
        DemoPerson("林知远", "zhiyuan@shiguang.example", Role.AGENCY_STAFF),
        DemoPerson("唐小满", "hq@xiaoman.example", Role.BRAND_HQ),
    ),
)  # fmt: skip

ZHULI = DemoBrand(
    name="竹里茶事",
    agency="北辰数字",
    accent="green",
    nodes=(
        DemoNode(
            name="竹里茶事",
            kind=Kind.CENTRAL,
            legal_entity=TEA_COMPANY,
            positioning="茶季预告、茶席课与会员品鉴",
            tone="安静、讲究",
            codes=("茶叶礼盒",),
        ),
        DemoNode(
            name="竹里茶事福建",
            kind=Kind.REGION,
            parent="竹里茶事",
            legal_entity=TEA_COMPANY,
            positioning="福建三店的茶席课",
            tone="安静、讲究",
        ),
        *stores(
            "竹里茶事福建",
            TEA_COMPANY,
            {
                "竹里茶事福州三坊七巷店": DemoPlace(
                    city="福州市", district="鼓楼区", address="南后街 91 号",
                    latitude=26.0859, longitude=119.2970, phone="0591-5550 0301", services=TEA,
                ),
                "竹里茶事厦门中山路店": DemoPlace(
                    city="厦门市", district="思明区", address="中山路 76 号",
                    latitude=24.4561, longitude=118.0777, phone="0592-5550 0302", services=TEA,
                ),
                "竹里茶事泉州西街店": DemoPlace(
                    city="泉州市", district="鲤城区", address="西街 112 号",
                    latitude=24.9167, longitude=118.5867, phone="0595-5550 0303", services=TEA,
                ),
            },
        ),
    ),
    people=(DemoPerson("江闻笛", "hq@zhuli.example", Role.BRAND_HQ),),
)  # fmt: skip
