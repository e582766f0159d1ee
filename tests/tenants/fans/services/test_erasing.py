"""Forgetting: planted marks are nowhere in the database afterwards, and no figure has moved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text as sql

from saas import clock
from saas.db import db
from saas.security.secrets import box_of
from saas.stack.temporary import TemporaryStack
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat import consume, versions
from saas.wechat.journal import seal_context
from saas.wechat.ports import AccountKeys
from tenants.accounts import services as accounts
from tenants.fans import jobs, services
from tests.factories.accounts import make_connected, make_tree
from tests.factories.callbacks import event_fields, fields, posted, text_fields
from tests.factories.door import Door
from tests.factories.fans import fan_of, new_openid
from tests.factories.inbox import hand_over, handed_over
from tests.factories.marks import places_of

MARK = "机密7F3Q"
FIGURES = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND a.attname IN ('followers_new', 'alias') AND c.relname <> 'fans'
"""


@pytest.fixture
def keys(tenant: TenantRecord) -> AccountKeys:
    """A connected account."""
    with enter(system_scope(tenant)):
        connection = make_connected(make_tree().bund)
        return accounts.keys_of(connection, version=versions.current(connection.id))


def send(door: Door, keys: AccountKeys, openid: str, *inner: str) -> None:
    for number, one in enumerate(inner):
        at = int(clock.now().timestamp()) - 3600 + number
        body, query = posted(keys, fields(keys, one, openid=openid, created_at=at))
        response = door.post(f"/wechat/{keys.app_id}", data=body, query_string=query)
        assert response.status_code == 200


def plant(keys: AccountKeys, openid: str) -> None:
    """Marks whatever a person, a rule or WeChat may have written about the fan."""
    fan = fan_of(keys.account_id, openid)
    fan.remark, fan.unionid, fan.scene = f"常客 {MARK}", f"u{MARK}", f"s{MARK}"
    services.tag_fans([fan], "常客")
    reply = json.dumps({"type": "text", "content": f"您好 {MARK}"}, ensure_ascii=False)
    answer = json.dumps({"reply": json.loads(reply), "origin": None, "effects": []}, ensure_ascii=False)
    own = " IN (SELECT journal_id FROM messages WHERE fan_id = :fan)"
    replies = f"UPDATE dedupe_keys SET reply = CAST(:reply AS jsonb) WHERE journal_id {own}"
    answers = f"UPDATE journal SET answer = CAST(:answer AS jsonb) WHERE id {own}"
    db.session.execute(sql(replies), {"reply": reply, "fan": fan.id})
    db.session.execute(sql(answers), {"answer": answer, "fan": fan.id})
    handed_over(hand_over(keys.account_id, openid, words=f"转人工 {MARK}"))
    db.session.commit()


def put_aside(keys: AccountKeys, openid: str) -> None:
    """A callback that no observer could take."""
    tenant_id, key = keys.tenant_id, b"k" * 32
    raw = box_of(tenant_id).seal(f"<xml>{openid} {MARK}</xml>".encode(), seal_context(keys.account_id, key))
    row = {"tenant": tenant_id, "id": keys.account_id, "key": key, "raw": raw}
    insert = "INSERT INTO quarantine (tenant_id, id, account_id, key, raw, reason) VALUES (:tenant, :id, :id, :key, :raw, '')"
    db.session.execute(sql(insert), row)
    db.session.commit()


def sealed(mark: str, tenant_id: Any) -> list[str]:
    """Sealed callbacks of the tenant that hold a mark."""
    box = box_of(tenant_id)
    found = []
    for table in ("journal", "quarantine"):
        for account_id, key, raw in db.session.execute(sql(f"SELECT account_id, key, raw FROM {table}")):
            if raw and mark.encode() in box.open(bytes(raw), seal_context(account_id, bytes(key))):
                found.append(table)
    return found


def figures() -> dict[str, Sequence[Any]]:
    """All rows of the figures."""
    names = db.session.scalars(sql(FIGURES)).all()
    return {name: sorted(map(repr, db.session.execute(sql(f"SELECT * FROM {name}")).all())) for name in names}


def test_after_erasing_no_mark_is_anywhere_and_no_figure_moved(
    door: Door, stack: TemporaryStack, tenant: TenantRecord, keys: AccountKeys
) -> None:
    openid, other = new_openid(), new_openid()
    picture = f"<MsgType>image</MsgType><PicUrl>http://p/{MARK}</PicUrl><MediaId>m{MARK}</MediaId><MsgId>77</MsgId>"
    place = event_fields("LOCATION", "<Latitude>31.2</Latitude><Longitude>121.4</Longitude><Precision>1</Precision>")
    link = event_fields("VIEW", f"<EventKey>https://x.example/?who={MARK}</EventKey>")
    send(door, keys, openid, event_fields("subscribe"), text_fields(f"我的电话 {MARK}"), picture, place, link)
    send(door, keys, other, text_fields("几点开门？"))
    while consume.run_once():
        pass
    with enter(system_scope(tenant)):
        plant(keys, openid)
        put_aside(keys, openid)
        before = figures()
        assert {"fans.remark", "fans.unionid", "dedupe_keys.reply"} <= set(places_of(stack, MARK))
        assert len(sealed(openid, tenant.id)) == 6
        services.erase_fan(fan_of(keys.account_id, openid).id, jobs.erase_hooks())
        db.session.commit()
        assert places_of(stack, MARK) == []
        assert places_of(stack, openid) == []
        assert sealed(openid, tenant.id) == sealed(MARK, tenant.id) == []
        assert figures() == before
        assert sealed(other, tenant.id) == ["journal"], "another fan's callbacks stay"
        assert fan_of(keys.account_id, other).alias is not None


def test_all_that_is_kept_of_a_fan_is_handed_out(tenant: TenantRecord, keys: AccountKeys, door: Door) -> None:
    openid = new_openid()
    send(door, keys, openid, event_fields("subscribe"), text_fields("燕麦拿铁多少钱？"))
    while consume.run_once():
        pass
    with enter(system_scope(tenant)):
        plant(keys, openid)
        exported = services.export_fan(fan_of(keys.account_id, openid).id, jobs.export_hooks())
    assert (exported["fans"]["openid"], exported["fans"]["tags"]) == (openid, ["常客"])
    assert "燕麦拿铁多少钱？" in [line["content"] for line in exported["fans"]["messages"]]
    assert len(exported["inbox"]["conversations"]) == 1


def test_erasing_again_and_erasing_nobody_do_no_harm(tenant: TenantRecord, keys: AccountKeys, door: Door) -> None:
    openid = new_openid()
    send(door, keys, openid, event_fields("subscribe"))
    while consume.run_once():
        pass
    with enter(system_scope(tenant)):
        fan_id = fan_of(keys.account_id, openid).id
        for one in (fan_id, fan_id, keys.account_id):
            services.erase_fan(one, jobs.erase_hooks())
        db.session.commit()


def test_who_has_a_callback_in_the_journal_is_erased_after_it_was_read(
    door: Door, stack: TemporaryStack, tenant: TenantRecord, keys: AccountKeys
) -> None:
    openid, mark = new_openid(), "手机尾号9X4K"
    send(door, keys, openid, event_fields("subscribe"))
    while consume.run_once():
        pass
    send(door, keys, openid, text_fields(mark))
    with enter(system_scope(tenant)):
        fan_id = fan_of(keys.account_id, openid).id
        assert not services.erase_fan(fan_id, jobs.erase_hooks()), "the row would bring the fan back"
        services.ask_erasure(fan_id)
        db.session.commit()
    while consume.run_once():
        pass
    with enter(system_scope(tenant)):
        jobs.erase_due()
        db.session.commit()
        assert services.find_fans([(keys.account_id, openid)]) == {}
        assert places_of(stack, mark) == places_of(stack, openid) == []
        assert sealed(openid, tenant.id) == []


def test_a_return_in_the_journal_keeps_the_fan(door: Door, tenant: TenantRecord, keys: AccountKeys) -> None:
    openid = new_openid()
    send(door, keys, openid, event_fields("subscribe"), event_fields("unsubscribe"))
    while consume.run_once():
        pass
    send(door, keys, openid, event_fields("SCAN"), event_fields("VIEW"), event_fields("subscribe", "<EventKey/>"))
    with enter(system_scope(tenant)):
        jobs.erase_due()
        db.session.commit()
    while consume.run_once():
        pass
    with enter(system_scope(tenant)):
        fan = fan_of(keys.account_id, openid)
        assert (fan.state, fan.erase_due_at) == ("subscribed", None)
