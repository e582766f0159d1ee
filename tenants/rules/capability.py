"""The manifest of 自动回复."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.capability import Capability
from saas.web.menu import MenuItem
from saas.wechat.dispatch import Phase
from tenants.rules import api, demo, handlers, views
from tenants.rules.permissions import GRANTS, RulesPermission
from tenants.rules.ports import register_reply_actions

CAPABILITY = Capability(
    name="rules",
    blueprint=views.blueprint,
    api=api.blueprint,
    permissions=RulesPermission,
    grants=GRANTS,
    menu=(
        MenuItem(
            endpoint="rules.index",
            label=_l("Auto replies"),
            icon="message-bolt",
            permission=RulesPermission.RULES_VIEW,
            order=40,
        ),
    ),
    answers={Phase.RULE: handlers.BY_RULE, Phase.FALLBACK: handlers.UNMATCHED},
    accepts={"reply_actions": lambda _app, actions: register_reply_actions(actions)},
    demo=demo.fill,
)
