"""One statement keeps a callback: duplicates, stale rules, and the round trips, on a real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text

from saas.db import db, new_id
from saas.tenancy.scope import enter, system_scope
from saas.wechat import accounts, versions
from saas.wechat.envelope import open_envelope
from saas.wechat.journal import Entry, Journal, NotStored, key_of
from saas.wechat.messages import Scan, Subscribe, Text
from saas.wechat.ports import Mode
from saas.wechat.replies import TextReply
from tests.factories.callbacks import event_fields, fields, posted, text_fields
from tests.fakes.proxy import CountingProxy

pytestmark = pytest.mark.usefixtures("left_open_is_done")


def rows_of(tenant, table):
    with enter(system_scope(tenant)):
        return db.session.execute(text(f"SELECT * FROM {table} ORDER BY received_at")).all()


def entry_for(tenant_id, account_id, *, key=b"k" * 32, reply="one", version=0):
    answer = TextReply(reply).to_json()
    whole = {"reply": answer, "origin": None, "effects": []}
    return Entry(
        tenant_id=tenant_id,
        account_id=account_id,
        key=key,
        raw=b"sealed",
        answer=whole,
        reply=TextReply(reply),
        version=version,
    )


@pytest.fixture
def journal(app):
    return app.extensions["journal"]


def test_a_duplicate_gets_the_first_answer(tenant, connect, post, business):
    keys = connect()
    message = fields(keys, text_fields("优惠"))
    first = post(keys, message)
    business.words[keys.account_id] = "changed {}"
    assert post(keys, message).text == first.text
    assert len(rows_of(tenant, "journal")) == len(rows_of(tenant, "dedupe_keys")) == 1


def test_a_duplicate_across_the_modes_is_one_message(tenant, connect, post, book):
    keys = connect(Mode.SAFE)
    message = fields(keys, text_fields("优惠"))
    post(keys, message)
    book.accounts[keys.app_id] = replace(keys, mode=Mode.COMPATIBLE)
    post(book.accounts[keys.app_id], message)
    assert len(rows_of(tenant, "journal")) == 1


def test_duplicates_of_one_moment_get_one_answer(tenant, journal):
    account_id = new_id()
    with ThreadPoolExecutor(8) as pool:
        entries = [entry_for(tenant.id, account_id, reply=str(number)) for number in range(24)]
        stored = list(pool.map(journal.store, entries))
    assert len({result.reply for result in stored}) == 1
    assert sum(result.is_new for result in stored) == 1
    assert len(rows_of(tenant, "journal")) == 1


def test_stale_rules_store_nothing(tenant, scope, journal):
    account_id = new_id()
    versions.bump([account_id])
    db.session.commit()
    stale = journal.store(entry_for(tenant.id, account_id, version=0))
    assert (stale.is_new, stale.is_stale, stale.reply) == (True, True, None)
    assert rows_of(tenant, "dedupe_keys") == rows_of(tenant, "journal") == []
    assert journal.store(entry_for(tenant.id, account_id, version=1)).is_stale is False


def test_a_duplicate_with_stale_rules_gets_its_first_answer(tenant, scope, journal):
    account_id = new_id()
    journal.store(entry_for(tenant.id, account_id, reply="first"))
    versions.bump([account_id])
    db.session.commit()
    again = journal.store(entry_for(tenant.id, account_id, reply="second", version=0))
    assert (again.reply, again.is_new, again.is_stale) == (TextReply("first"), False, False)


def test_an_edit_counts_from_the_next_message(tenant, scope, connect, post, book, business):
    keys = connect()
    post(keys, fields(keys, text_fields("a")))
    business.words[keys.account_id] = "new {}"
    versions.bump([keys.account_id])
    db.session.commit()
    book.accounts[keys.app_id] = replace(keys, version=1)
    assert "new b" in post(keys, fields(keys, text_fields("b"))).text
    assert business.loads == 2


def test_a_changed_token_counts_at_once(connect, post, book):
    keys = connect()
    post(keys, fields(keys, text_fields("a")))
    changed = book.accounts[keys.app_id] = replace(keys, token="another")
    assert post(changed, fields(keys, text_fields("b"))).status_code == 200


def test_a_changed_original_id_counts_at_once(tenant, connect, post, book):
    keys = connect()
    post(keys, fields(keys, text_fields("a")))
    changed = book.accounts[keys.app_id] = replace(keys, original_id="gh_another")
    assert "echo b" in post(changed, fields(changed, text_fields("b"))).text
    assert rows_of(tenant, "quarantine") == []


@pytest.mark.parametrize("mode", list(Mode))
def test_a_changed_mode_counts_at_once(connect, post, book, mode):
    keys = connect(Mode.PLAIN if mode is Mode.SAFE else Mode.SAFE)
    post(keys, fields(keys, text_fields("a")))
    changed = book.accounts[keys.app_id] = replace(keys, mode=mode)
    assert post(changed, fields(changed, text_fields("b"))).status_code == 200


def test_a_flood_of_forgeries_does_not_reach_the_directory(connect, post, book, monkeypatch):
    keys = connect()
    post(keys, fields(keys, text_fields("a")))
    asked = []
    monkeypatch.setattr(book, "find", lambda app_id: asked.append(app_id) or book.accounts.get(app_id))
    # In this module alone: a loop that looks at a clock which stands still sleeps on when it goes again.
    monkeypatch.setattr(accounts, "time", SimpleNamespace(monotonic=lambda: 7.0))
    forged = replace(keys, token="forged")
    assert {post(forged, fields(keys, text_fields("b"))).status_code for _ in range(80)} == {403}
    assert len(asked) == accounts.READS_OF_ONE


def test_each_tenant_sees_its_own(tenant, connect, post, make_other_tenant):
    keys = connect()
    post(keys, fields(keys, text_fields("a")))
    assert rows_of(make_other_tenant(), "journal") == []


def test_nothing_of_a_message_stands_readable(tenant, connect, post):
    keys = connect()
    post(keys, fields(keys, text_fields("secret-words"), openid="oSecret"))
    (row,) = rows_of(tenant, "journal")
    assert b"oSecret" not in bytes(row.raw)
    assert b"secret-words" not in bytes(row.raw)


def test_a_plain_answer_costs_one_round_trip(config, tenant):
    address = conninfo_to_dict(config.database_url)
    with CountingProxy(str(address["host"]), int(address["port"])) as proxy:
        url = config.database_url.replace(f":{address['port']}/", f":{proxy.port}/")
        journal = Journal(url, connections=1)
        account_id = new_id()
        journal.store(entry_for(tenant.id, account_id, key=b"a"))
        journal.store(entry_for(tenant.id, account_id, key=b"b"))
        proxy.round_trips = 0
        for number in range(10):
            assert journal.store(entry_for(tenant.id, account_id, key=bytes([number]))).is_new
        journal.close()
        assert proxy.round_trips == 10


def test_without_a_database_nothing_is_answered():
    journal = Journal("postgresql://app:x@127.0.0.1:1/none", seconds=0.2)
    with pytest.raises(NotStored):
        journal.store(entry_for(new_id(), new_id()))
    journal.close()


def test_a_blocked_database_is_given_up_in_time(config, tenant):
    waiting = entry_for(tenant.id, new_id())
    journal = Journal(config.database_url, seconds=2)
    with psycopg.connect(config.database_url) as holder:
        holder.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant.id)])
        place = [waiting.tenant_id, waiting.account_id, waiting.key]
        holder.execute("INSERT INTO dedupe_keys (tenant_id, account_id, key) VALUES (%s, %s, %s)", place)
        with pytest.raises(NotStored):  # while it is held: without a limit this would never end
            journal.store(waiting)
        holder.rollback()
    assert journal.store(waiting).is_new
    journal.close()


def test_the_door_asks_wechat_to_come_again(connect, post, door, monkeypatch):
    keys = connect()
    monkeypatch.setattr(door.callbacks.keeper, "store", _raise_not_stored)
    assert post(keys, fields(keys, text_fields("a"))).status_code == 503


async def _raise_not_stored(*_entry):
    raise NotStored("away")


KEY_FIELDS = st.fixed_dictionaries(
    {
        "openid": st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
        "created_at": st.integers(1, 2**40),
        "event_key": st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    }
)


@given(KEY_FIELDS, KEY_FIELDS)
def test_keys_are_equal_exactly_for_equal_acts(one, other):
    account_id = new_id()
    same = key_of(account_id, Scan(**one)) == key_of(account_id, Scan(**other))
    assert same == (one == other)
    assert key_of(account_id, Scan(**one)) != key_of(account_id, Subscribe(**one))
    assert key_of(account_id, Scan(**one)) != key_of(new_id(), Scan(**one))


def test_keys_of_one_moment_lie_side_by_side():
    account_id = new_id()
    keys = [
        key_of(account_id, Text(openid=f"o{n % 7}", created_at=n, content="a", message_id="1")) for n in range(1000)
    ]
    assert keys == sorted(keys)
    assert {len(key) for key in keys} == {32}
    assert len(key_of(account_id, Text(openid="o", created_at=-(2**70), content="a", message_id="1"))) == 32


def test_keys_tell_ids_apart():
    account_id = new_id()
    first, second = (Text(openid="o", created_at=1, content="a", message_id=number) for number in "12")
    assert key_of(account_id, first) != key_of(account_id, second)


def test_two_cards_of_one_second_are_two(connect):
    keys = connect()
    cards = [event_fields("user_get_card", f"<CardId>c</CardId><UserCardCode>{code}</UserCardCode>") for code in "12"]
    first, second = (open_envelope(*posted(keys, fields(keys, card)), keys) for card in cards)
    assert key_of(keys.account_id, first) != key_of(keys.account_id, second)


def test_an_answer_that_asks_for_a_person_is_urgent(tenant, journal):
    calm, urgent = entry_for(tenant.id, new_id()), entry_for(tenant.id, new_id(), key=b"u" * 32)
    urgent.answer["effects"].append("hand_over")
    journal.store(calm)
    journal.store(urgent)
    assert [row.urgent for row in rows_of(tenant, "journal")] == [False, True]
