"""Who the demo is about: its brands, and the people above them. The loader of the demo makes them."""

from __future__ import annotations

from collections.abc import Mapping

from saas.auth.roles import Role
from tenants.accounts.demo.brands import DemoBrand, DemoPerson
from tenants.accounts.demo.others import XIAOMAN, ZHULI
from tenants.accounts.demo.yunxiu import YUNXIU

DEMO_BRANDS: tuple[DemoBrand, ...] = (YUNXIU, XIAOMAN, ZHULI)

AGENCY_PEOPLE: Mapping[str, DemoPerson] = {
    "拾光传播": DemoPerson("顾明川", "admin@shiguang.example", Role.AGENCY_ADMIN),
    "北辰数字": DemoPerson("秦望舒", "admin@beichen.example", Role.AGENCY_ADMIN),
}

OPERATOR = DemoPerson("平台运维", "ops@qiandian.example", Role.PLATFORM_ADMIN)
