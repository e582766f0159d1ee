"""Template messages: an account's templates, and what a fan sees of one."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from saas.simulator.accounts import Account
from saas.simulator.errcodes import ApiError
from saas.simulator.fans import Fan
from saas.simulator.store import Row, Store

MOST = 25
SLOT = re.compile(r"\{\{(\w+)\.DATA\}\}")
LENGTHS = {
    "thing": 20,
    "name": 20,
    "character_string": 32,
    "number": 32,
    "letter": 32,
    "phrase": 5,
    "phone_number": 17,
    "const": 20,
}
SAMPLE = (
    "预约成功通知",
    "门店名称：{{thing1.DATA}}\n预约时间：{{time2.DATA}}\n温馨提示：{{thing3.DATA}}",
    "门店名称：人民广场店\n预约时间：2026年3月5日 15:00\n温馨提示：请提前十分钟到店",
)
LIBRARY: Mapping[str, tuple[str, str, str]] = {
    "43216": ("预约成功通知", *SAMPLE[1:]),
    "44180": ("中奖结果通知", "活动名称：{{thing1.DATA}}\n奖品名称：{{thing2.DATA}}\n领取时间：{{time3.DATA}}",
              "活动名称：春日抽奖\n奖品名称：拿铁一杯\n领取时间：2026年3月5日"),
    "47702": ("排队叫号提醒", "排队号码：{{character_string1.DATA}}\n前方等待：{{number2.DATA}}", "排队号码：A012\n前方等待：3"),
}  # fmt: skip


@dataclass(frozen=True)
class Template:
    """One template of an account; `content` has a line for each slot."""

    template_id: str
    app_id: str
    title: str
    content: str
    example: str


def list_templates(store: Store, account: Account) -> list[Template]:
    """The account's templates; each account begins with a sample."""
    _ensure_sample(store, account)
    rows = store.rows("SELECT * FROM templates WHERE app_id = ? ORDER BY rowid", account.app_id)
    return [_from_row(row) for row in rows]


def access_template(store: Store, account: Account, template_id: str) -> Template:
    """One of them; raises ApiError 40037."""
    _ensure_sample(store, account)
    found = store.row("SELECT * FROM templates WHERE app_id = ? AND template_id = ?", account.app_id, template_id)
    if found is None:
        raise ApiError(40037)
    return _from_row(found)


def add(store: Store, account: Account, short: str) -> Template:
    """A template out of the public library. Raises ApiError 40037 (unknown), 45026 (too many)."""
    if short not in LIBRARY:
        raise ApiError(40037)
    if len(list_templates(store, account)) >= MOST:
        raise ApiError(45026)
    return _store(store, account, LIBRARY[short])


def remove(store: Store, account: Account, template_id: str) -> None:
    """One template less; raises ApiError 40037."""
    access_template(store, account, template_id)
    store.write("DELETE FROM templates WHERE template_id = ?", template_id)


def fill(template: Template, data: Mapping[str, object]) -> list[dict[str, str]]:
    """The lines with their values. Raises ApiError 47003 for a value that is missing, empty or too long."""
    return [_line(line, data) for line in template.content.split("\n")]


def set_refusal(store: Store, fan: Fan, *, refused: bool) -> None:
    """The fan wants no template messages of this account any more, or again."""
    sql = "INSERT INTO template_refusals VALUES (?, ?) ON CONFLICT DO NOTHING"
    if not refused:
        sql = "DELETE FROM template_refusals WHERE app_id = ? AND openid = ?"
    store.write(sql, fan.app_id, fan.openid)


def is_refused(store: Store, fan: Fan) -> bool:
    """Whether the fan refuses them."""
    sql = "SELECT count(*) FROM template_refusals WHERE app_id = ? AND openid = ?"
    return store.count(sql, fan.app_id, fan.openid) > 0


def _line(line: str, data: Mapping[str, object]) -> dict[str, str]:
    label, _, slot = line.partition("：")
    found = SLOT.search(slot)
    return {"label": label, "value": _value(found.group(1), data) if found else slot}


def _value(name: str, data: Mapping[str, object]) -> str:
    given = data.get(name)
    value = str(given.get("value") or "") if isinstance(given, Mapping) else ""
    if not value or len(value) > LENGTHS.get(name.rstrip("0123456789"), 200):
        raise ApiError(47003, f"data.{name}.value invalid")
    return value


def _ensure_sample(store: Store, account: Account) -> None:
    with store.transaction():
        name = f"sample_of:{account.app_id}"
        if not store.count("SELECT count(*) FROM settings WHERE name = ?", name):
            store.write("INSERT INTO settings VALUES (?, '1')", name)
            _store(store, account, SAMPLE)


def _store(store: Store, account: Account, texts: tuple[str, str, str]) -> Template:
    made = Template(secrets.token_urlsafe(32), account.app_id, *texts)
    sql = "INSERT INTO templates VALUES (?, ?, ?, ?, ?)"
    store.write(sql, made.template_id, made.app_id, made.title, made.content, made.example)
    return made


def _from_row(row: Row) -> Template:
    return Template(*tuple(row))
