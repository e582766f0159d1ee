"""One successful call of every unsafe route, in an order in which each finds what it needs.

Endpoint → the place whose objects it works on, and what is sent; `{name}` stands for an id known there.
"""

from __future__ import annotations

from typing import Any

from tests.factories.accounts import connection_values
from tests.factories.rules import rule_values
from tests.isolation.world import PNG

OWN, EDITED, LOST, EMPTY = "own store", "other store of the region", "other region", "a brand without accounts"
WORDS = {"name": "新名字"}
RULE = {
    "name": "营业时间", "triggers.0.type": "keyword", "triggers.0.match": "exact", "triggers.0.value": "几点",
    "replies.0.type": "text", "replies.0.content": "八点",
}  # fmt: skip
STORE = {**WORDS, "account_id": "{account_id}"}
CODE = {**WORDS, "account_id": "{account_id}", "node_id": "{account_id}"}
PERSON = {"name": "新人", "role": "store_manager", "account_ids[]": ["{account_id}"]}

API: dict[str, tuple[str, dict[str, Any]]] = {
    "tenants_api.create_tenant": (EDITED, WORDS),
    "tenants_api.update_tenant": (EDITED, WORDS),
    "accounts_api.create_account": (EDITED, {**WORDS, "kind": "store", "parent_id": "{central_id}"}),
    "accounts_api.update_account": (EDITED, WORDS),
    "accounts_api.check_account": (EDITED, {}),
    "accounts_api.create_channel": (EDITED, CODE),
    "accounts_api.update_channel": (EDITED, WORDS),
    "accounts_api.delete_channel": (LOST, {}),
    "accounts_api.create_store": (EDITED, STORE),
    "accounts_api.update_store": (EDITED, WORDS),
    "accounts_api.delete_store": (LOST, {}),
    "fans_api.update_fan": (EDITED, {"remark": "熟客"}),
    "inbox_api.resolve_conversation": (LOST, {}),
    "inbox_api.send_message": (EDITED, {"fan_id": "{fan_id}", "type": "text", "content": "您好"}),
    "rules_api.create_rule": (EDITED, rule_values()),
    "rules_api.replace_rule": (EDITED, rule_values(name="新")),
    "rules_api.change_rule": (EDITED, WORDS),
    "rules_api.delete_rule": (LOST, {}),
    "rules_api.try_rules": (EDITED, {"text": "几点"}),
}
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "auth.create_brand": (EDITED, WORDS),
    "accounts.create_central": (EMPTY, WORDS),
    "accounts.create": (EDITED, {**WORDS, "kind": "store", "parent_id": "{central_id}"}),
    "accounts.update": (EDITED, {**WORDS, "legal_entity": "云岫"}),
    "accounts.move": (EDITED, {"parent_id": "{central_id}"}),
    "accounts.connect": (EDITED, {**connection_values(), "verified": "true"}),
    "accounts.check": (EDITED, {}),
    "accounts.clear_counters": (EDITED, {}),
    "accounts.scan_finish": (EDITED, {"auth_code": "a code of WeChat's"}),
    "accounts.settings.brand_update": (EDITED, {**WORDS, "time_zone": "Asia/Shanghai", "erase_after_days": "0"}),
    "accounts.settings.person_invite": (EDITED, PERSON),
    "accounts.settings.person_link": (EDITED, {}),
    "accounts.settings.person_update": (EDITED, PERSON),
    "accounts.settings.person_remove": (EDITED, {}),
    "accounts.store_create": (EDITED, STORE),
    "accounts.store_update": (EDITED, STORE),
    "accounts.store_delete": (EDITED, {}),
    "accounts.channel_create": (EDITED, CODE),
    "accounts.channel_update": (EDITED, {**WORDS, "node_id": "{account_id}"}),
    "accounts.channel_retry": (EDITED, {}),
    "accounts.channel_delete": (EDITED, {}),
    "fans.update": (EDITED, {"remark": "熟客", "tags": "咖啡"}),
    "fans.tag": (EDITED, {"tag": "会员", "ids[]": ["{fan_id}"]}),
    "fans.export_one": (EDITED, {}),
    "fans.erase": (LOST, {}),
    "inbox.reply": (EDITED, {"content": "您好"}),
    "inbox.send_again": (EDITED, {}),
    "inbox.dismiss": (OWN, {}),
    "inbox.template_send": (EDITED, {"template_id": "t", "data.thing1": "手冲课"}),
    "inbox.templates_read": (EDITED, {}),
    "inbox.resolve": (EDITED, {}),
    "library.create": (EDITED, {"kind": "image", "file": (PNG, "海报.png")}),
    "library.delete": (EDITED, {}),
    "rules.create": (EDITED, RULE),
    "rules.update": (EDITED, RULE),
    "rules.switch": (EDITED, {"enabled": "false"}),
    "rules.change_many": (EDITED, {"act": "enable", "ids[]": ["{rule_id}"]}),
    "rules.delete": (EDITED, {}),
    "auth.create_token": (EDITED, {"name": "程序"}),
    "auth.revoke_token": (EDITED, {}),
    "accounts.disconnect": (OWN, {}),
    "accounts.archive": (OWN, {}),
    "accounts.restore": (OWN, {}),
    "auth.set_language": (OWN, {"language": "en"}),
    "auth.accept_invitation": (OWN, {"login": "{login}", "name": "新人", "password": "correct horse battery"}),
    "auth.log_in": (OWN, {"login": "{login}", "password": "correct horse battery"}),
    "auth.change_password": (
        OWN,
        {"old_password": "correct horse battery", "password": "another horse battery"},
    ),
    "auth.revoke_session": (OWN, {}),
    "auth.revoke_all_sessions": (OWN, {}),
    "auth.log_out": (OWN, {}),
}
