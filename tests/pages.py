"""Every page of the product: who opens it naturally, for which account, and where its address is found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from werkzeug.routing import Map, Rule

from saas.auth.roles import Role

CENTRAL, REGION, STORE, OWN = "central", "region", "store", "own"
SIMULATOR, INVITATION = "simulator", "auth.invitation"
SCAN, SCAN_BACK = "accounts.scan_invitation", "accounts.scan_back"


@dataclass(frozen=True)
class Visit:
    """One picture of a page.

    `node` says which account is picked (`own`: where the role lands); `found_on` names the page on which a link to this
    one stands, when its address carries more ids, or the picture that shows it; `act` names what is done before one looks (see tests/journeys/acts.py).
    """

    name: str
    endpoint: str
    role: Role | None = Role.BRAND_HQ
    node: str = CENTRAL
    found_on: str = ""
    query: str = ""
    act: str = ""
    status: int = 200


PAGES = (
    Visit("login", "auth.login", None),
    Visit("login-errors", "auth.login", None, act="send_empty"),
    Visit("invitation", INVITATION, None),
    Visit("headquarters", "kpi.month"),
    Visit("figures-region", "kpi.month", Role.REGION_MANAGER, OWN),
    Visit("figures-store", "kpi.month", Role.STORE_MANAGER, OWN),
    Visit("figures-days", "kpi.days"),
    Visit("figures-days-store", "kpi.days", Role.STORE_MANAGER, OWN),
    Visit("home-headquarters", "home.index"),
    Visit("home-region", "home.index", Role.REGION_MANAGER, OWN),
    Visit("home-store", "home.index", Role.STORE_MANAGER, OWN),
    Visit("overview", "home.overview", Role.AGENCY_STAFF),
    Visit("platform", "home.platform", Role.PLATFORM_ADMIN),
    Visit("brand-new", "auth.new_brand", Role.PLATFORM_ADMIN),
    Visit("account-first", "accounts.new_central"),
    Visit("inbox", "inbox.index", Role.INBOX_AGENT, OWN),
    Visit("conversation", "inbox.show", Role.INBOX_AGENT, OWN, found_on="inbox.index"),
    Visit("inbox-open", "inbox.index", query="status=open"),
    Visit("undelivered", "inbox.undelivered"),
    Visit("template", "inbox.template_new", node=STORE, found_on="fan", act="read_templates"),
    Visit("fans", "fans.index", node=STORE),
    Visit("fans-none", "fans.index", node=STORE, query="q=没有这样的人"),
    Visit("fan", "fans.show", node=STORE, found_on="fans.index"),
    Visit("messages", "fans.messages", node=STORE),
    Visit("rules", "rules.index"),
    Visit("rules-store", "rules.index", Role.STORE_MANAGER, OWN),
    Visit("rule", "rules.edit", found_on="rules.index"),
    Visit("rule-new", "rules.new"),
    Visit("rule-errors", "rules.new", act="send_empty"),
    Visit("rule-tester", "rules.tester", node=STORE, act="try_a_message"),
    Visit("library", "library.index"),
    Visit("accounts", "accounts.index"),
    Visit("account-new", "accounts.new"),
    Visit("account", "accounts.show", node=STORE),
    Visit("account-edit", "accounts.edit", node=STORE),
    Visit("account-move", "accounts.move_form", node=STORE),
    Visit("account-connect", "accounts.connect_form", node=STORE),
    Visit("account-check", "accounts.check_page", node=STORE),
    Visit("account-scan", "accounts.scan", node=STORE),
    Visit("scan-invitation", SCAN, None),
    Visit("scan-back", SCAN_BACK, None),
    Visit("stores", "accounts.stores"),
    Visit("store", "accounts.store", found_on="accounts.stores"),
    Visit("store-new", "accounts.store_new"),
    Visit("channels", "accounts.channels"),
    Visit("channel", "accounts.channel", found_on="accounts.channels"),
    Visit("channel-new", "accounts.channel_new"),
    Visit("settings", "accounts.settings.brand"),
    Visit("people", "accounts.settings.people"),
    Visit("person", "accounts.settings.person", found_on="accounts.settings.people"),
    Visit("person-new", "accounts.settings.person_new"),
    Visit("audit", "auth.audit"),
    Visit("tokens", "auth.tokens"),
    Visit("sessions", "auth.sessions"),
    Visit("password", "auth.password"),
    Visit("picker", "home.index", act="open_picker"),
    Visit("not-found", "rules.edit", query="missing", status=404),
    Visit("phone", SIMULATOR, None, act="talk"),
    Visit("wechat-authorises", SIMULATOR, None, act="open_authorisation"),
)

NOT_PAGES = {
    "assets": "files of the browser libraries",
    "health.alive": "for machines",
    "health.ready": "for machines",
    "health.metrics": "for machines",
    "home.front": "leads on to the role's landing page",
    "home.brand": "leads on to the highest account; the page of a brand without accounts has its own test",
    "auth.counts": "numbers of the menu",
    "accounts.attention": "leads on to the list of accounts, filtered",
    "accounts.picker": "a part, shown with the frame",
    "accounts.steps": "a part of the self-test's page",
    "accounts.scan_result": "a part of the page one comes back to from WeChat",
    "accounts.scan_start": "leads on to WeChat's page",
    "accounts.scan_state": "a part of the page of the scan",
    "accounts.channel_code": "a picture",
    "library.content": "a file",
    "accounts.export_accounts": "a file",
    "accounts.export_channels": "a file",
    "accounts.export_stores": "a file",
    "fans.export": "a file",
    "fans.export_messages": "a file",
    "inbox.export": "a file",
    "inbox.live": "parts of a conversation's page",
    "kpi.export_csv": "a file",
    "kpi.export_xlsx": "a file",
    "rules.export": "a file",
}


def page_rules(url_map: Map) -> dict[str, Rule]:
    """What a browser can open, by endpoint; the API has pages of its own making."""
    return {
        rule.endpoint: rule
        for rule in url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }


def link_pattern(rule: Rule, **known: str) -> re.Pattern[str]:
    """Finds links that this rule would answer, with the ids that are known."""
    path = rule.rule
    for name, value in known.items():
        path = path.replace(f"<uuid:{name}>", value)
    return re.compile(r'href="(' + re.sub(r"<uuid:\w+>", "[0-9a-f-]{36}", path) + r')["?#]')
