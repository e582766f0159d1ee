"""The demo's rules: different at headquarters, in each region and in each store."""

from __future__ import annotations

from collections.abc import Iterable

from saas.capability import Demo
from saas.tenancy.scope import current_scope
from tenants.accounts import services as accounts
from tenants.accounts.services import Account, Kind
from tenants.rules import services
from tenants.rules.demo.branches import region_rules, store_rules
from tenants.rules.demo.central import COMPLAINTS, central_rules
from tenants.rules.demo.drafts import Draft, rule, whole, words
from tenants.rules.demo.others import brand_rules
from tenants.rules.ports import reply_actions
from tenants.rules.schemas import RuleSchema

COFFEE = "咖啡"


def fill(demo: Demo) -> None:
    """Gives every connected account of the tenant its rules; one that has rules keeps them."""
    connected = set(accounts.connected_ids())
    nodes = [account for account in accounts.list_accounts() if account.id in connected]
    for number, account in enumerate(nodes):
        if services.count_rules(account.id) == 0:
            _write(account, [*_rules(account, demo, number), *_people()])


def _write(account: Account, drafts: Iterable[Draft]) -> None:
    for draft in drafts:
        services.create_rule(account.id, RuleSchema().load(draft))


def _rules(account: Account, demo: Demo, number: int) -> list[Draft]:
    brand = current_scope().tenant.name
    store = next((point for point in accounts.list_store_points() if point.account_id == account.id), None)
    if COFFEE not in brand:
        return brand_rules(brand, account.name, store)
    if account.kind == Kind.CENTRAL:
        return central_rules(brand, demo.until)
    return store_rules(store, number) if store else region_rules(account.name, number)


def _people() -> list[Draft]:
    if "hand_over" not in reply_actions():
        return []
    wait = {"type": "hand_over", "content": "已经帮你叫人，稍等一下，工作时间一般一分钟内有人来。"}
    sorry = {
        "type": "hand_over",
        "content": "很抱歉让你不开心。我们已经请负责人来看，会尽快回你。",
        "reason": "complaint",
    }
    return [
        rule("转人工", [*whole("人工", "转人工", "客服"), *words("找人", "真人")], wait, priority=50),
        rule("投诉转人工", words(*COMPLAINTS), sorry, priority=100),
    ]
