"""The callback's door, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from saas.db import db
from saas.security.secrets import box_of
from saas.tenancy.scope import enter, system_scope
from saas.wechat import versions
from saas.wechat.journal import seal_context
from saas.wechat.models import Quarantined
from saas.wechat.ports import Mode
from tests.factories.callbacks import event_fields, fields, opened, posted, query_of, text_fields
from tests.factories.door import answered


def test_verification_echoes(door, connect):
    keys = connect()
    response = door.get(f"/wechat/{keys.app_id}", query_string=query_of(keys, echostr="4375120948345356249"))
    assert (response.status_code, response.text) == (200, "4375120948345356249")
    assert "Set-Cookie" not in response.headers


def test_verification_refuses_a_wrong_signature(door, connect):
    keys = connect()
    query = query_of(keys, echostr="1") | {"signature": "0" * 40}
    response = door.get(f"/wechat/{keys.app_id}", query_string=query)
    assert (response.status_code, response.text) == (403, "")


def test_plain_text_is_answered_in_clear(connect, post):
    keys = connect()
    response = post(keys, fields(keys, text_fields("优惠")))
    assert response.status_code == 200
    assert "<Content><![CDATA[echo 优惠]]></Content>" in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE, Mode.SAFE])
def test_sealed_text_is_answered_sealed(connect, post, mode):
    keys = connect(mode)
    response = post(keys, fields(keys, text_fields("优惠")))
    assert "echo" not in response.text
    assert "<Content><![CDATA[echo 优惠]]></Content>" in opened(keys, response.text)


def test_an_unknown_account_is_not_found(door, connect):
    keys = connect()
    query = query_of(keys, echostr="1")
    assert door.get("/wechat/wx0000", query_string=query).status_code == 404
    assert door.post("/wechat/wx0000", query_string=query, data=b"<xml/>").status_code == 404


@pytest.mark.parametrize("app_id", ["a%00b", "%ff", "wx0000" * 20, "wx 1", "%F0%9F%98%80"])
def test_what_can_be_no_account_is_not_found(door, connect, app_id):
    query = query_of(connect(), echostr="1")
    assert door.get(f"/wechat/{app_id}", query_string=query).status_code == 404
    assert door.post(f"/wechat/{app_id}", query_string=query, data=b"<xml/>").status_code == 404


def test_a_disconnected_account_is_not_found(connect, post, book):
    keys = connect()
    post(keys, fields(keys, text_fields("a")))
    del book.accounts[keys.app_id]
    wrong = replace(keys, token="wrong")
    assert post(wrong, fields(keys, text_fields("b"))).status_code == 404


def test_a_components_account_answers_at_its_components_address_only(connect, door):
    keys = connect(Mode.SAFE, sealed_for="wxcomponent")
    body, query = posted(keys, fields(keys, text_fields("a")), app_id="wxcomponent")
    places = ("wxcomponent/", "wxother/", "")
    addresses = [f"/wechat/{'component/' * bool(place)}{place}{keys.app_id}" for place in places]
    # Cold, then remembered.
    for _ in range(2):
        statuses = [door.post(address, data=body, query_string=query).status_code for address in addresses]
        assert statuses == [200, 404, 404]


def test_a_direct_account_does_not_answer_at_a_components_address(connect, post, door):
    keys = connect()
    body, query = posted(keys, fields(keys, text_fields("a")))
    for _ in range(2):
        assert (
            door.post(f"/wechat/component/wxcomponent/{keys.app_id}", data=body, query_string=query).status_code == 404
        )
        post(keys, fields(keys, text_fields("warm")))


def test_an_account_is_verified_at_its_own_address_only(connect, door):
    keys = connect()
    query = query_of(keys, echostr="1")
    for address in (f"component/wxcomponent/{keys.app_id}", "component/wxnobody", "component/", "", "a/b", "a/b/c/d"):
        assert door.get(f"/wechat/{address}", query_string=query).status_code == 404


BAD = {
    "size": (413, lambda keys: (b"x" * 65537, query_of(keys))),
    "no query": (403, lambda keys: (b"<xml/>", {})),
    "signature": (403, lambda keys: (b"<xml/>", query_of(keys) | {"signature": "0" * 40})),
    "doctype": (400, lambda keys: posted(keys, "<!DOCTYPE x><xml/>")),
    "repeated": (400, lambda keys: posted(keys, "<xml><A/><A/></xml>")),
    "depth": (400, lambda keys: posted(keys, "<xml>" + "<a>" * 6 + "</a>" * 6 + "</xml>")),
    "items": (400, lambda keys: posted(keys, "<xml><L>" + "<item/>" * 101 + "</L></xml>")),
}


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("kind", list(BAD))
def test_refusals_are_quick_and_leave_no_row(door, connect, tenant, kind, mode):
    keys = connect(mode)
    status, make = BAD[kind]
    body, query = make(keys)
    door.post(f"/wechat/{keys.app_id}", data=body, query_string=query)
    started = time.perf_counter()
    response = door.post(f"/wechat/{keys.app_id}", data=body, query_string=query)
    assert time.perf_counter() - started < 0.05
    assert (response.status_code, response.text) == (status, "")
    assert counts(tenant) == (0, 0, 0)


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE, Mode.SAFE])
def test_clear_text_is_refused_where_it_must_be_sealed(door, connect, tenant, mode):
    keys = connect(mode)
    clear = fields(keys, text_fields("a"))
    response = door.post(f"/wechat/{keys.app_id}", data=clear.encode(), query_string=query_of(keys))
    assert response.status_code == 403
    assert counts(tenant) == (0, 0, 0)


def test_a_body_of_unknown_length_is_cut_off(door, connect):
    keys = connect()
    scope = {"type": "http", "method": "POST", "path": f"/wechat/{keys.app_id}", "query_string": b"", "headers": []}
    response = door.run(answered(door.callbacks, scope, [b"x" * 1000] * 200))
    assert response.status_code == 413


UNREADABLE = [b"a\x00b", b"&#0;", b"\xed\xa0\x80", b"&#xDFFF;", b"\xff\xfe", b"<b>x</b>"]


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.SAFE])
@pytest.mark.parametrize("content", UNREADABLE)
def test_signed_but_unreadable_is_put_aside_once(connect, post, tenant, content, mode):
    keys = connect(mode)
    raw = fields(keys, text_fields("MARK")).encode().replace(b"<![CDATA[MARK]]>", content)
    for _ in range(3):
        response = post(keys, raw)
        assert (response.status_code, response.text) == (200, "success")
    assert counts(tenant) == (0, 1, 1)


def test_what_was_put_aside_is_sealed_and_says_why(connect, post, tenant):
    keys = connect()
    raw = fields(keys, "<MsgType>text</MsgType><MsgId>1</MsgId>", openid="oSecret").encode()
    post(keys, raw)
    with enter(system_scope(tenant)):
        row = db.session.scalars(select(Quarantined)).one()
        opened_again = box_of(tenant.id).open(row.raw, seal_context(keys.account_id, row.key))
    assert (row.reason, row.account_id, row.state) == ("Content is missing", keys.account_id, "open")
    assert b"oSecret" not in row.raw
    assert opened_again == raw


@pytest.mark.parametrize("inner", [event_fields("unsubscribe"), event_fields("VIEW"), "<MsgType>file</MsgType>"])
def test_what_nobody_answers_is_a_success(connect, post, tenant, inner):
    keys = connect(Mode.SAFE)
    response = post(keys, fields(keys, inner))
    assert (response.status_code, response.text) == (200, "success")
    assert counts(tenant) == (1, 1, 0)


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_no_body_makes_a_fault(door, connect_once, body):
    keys = connect_once
    for raw in (body, b"<xml>" + body + b"</xml>", fields(keys, "X").encode().replace(b"X", body)):
        sent, query = posted(keys, raw)
        response = door.post(f"/wechat/{keys.app_id}", data=sent, query_string=query)
        assert response.status_code in (200, 400, 413)


@given(st.dictionaries(st.sampled_from(["signature", "timestamp", "nonce", "echostr"]), st.text(max_size=30)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_no_query_makes_a_fault(door, connect_once, query):
    path = f"/wechat/{connect_once.app_id}"
    assert door.get(path, query_string=query).status_code == 403
    assert door.post(path, query_string=query, data=b"<xml/>").status_code == 403


def test_other_methods_are_not_allowed(door, connect):
    assert door.put(f"/wechat/{connect().app_id}").status_code == 405


def test_a_warm_answer_asks_the_session_nothing(connect, post, app):
    keys = connect()
    post(keys, fields(keys, text_fields("a")))
    asked = []
    listener = lambda *values: asked.append(values[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    assert "echo b" in post(keys, fields(keys, text_fields("b"))).text
    event.remove(db.engine, "before_cursor_execute", listener)
    assert asked == []


def test_a_cold_account_is_read_once_for_a_crowd(connect, door, business, book, monkeypatch):
    keys = connect()
    found = []
    find = book.find
    monkeypatch.setattr(book, "find", lambda app_id: found.append(app_id) or time.sleep(0.05) or find(app_id))
    waiting = [posted(keys, fields(keys, text_fields(str(number)))) for number in range(300)]

    async def crowd():
        path = f"/wechat/{keys.app_id}"
        return await asyncio.gather(*(door.ask("POST", path, data=body, query_string=query) for body, query in waiting))

    assert {answer.status_code for answer in door.run(crowd())} == {200}
    assert (len(found), business.loads) == (1, 1)


def test_an_edit_is_read_once_for_a_crowd(connect, post, door, business, book, scope):
    keys = connect()
    post(keys, fields(keys, text_fields("warm")))
    business.words[keys.account_id] = "new {}"
    versions.bump([keys.account_id])
    db.session.commit()
    book.accounts[keys.app_id] = replace(keys, version=1)
    waiting = [posted(keys, fields(keys, text_fields(str(number)))) for number in range(100)]

    async def crowd():
        path = f"/wechat/{keys.app_id}"
        return await asyncio.gather(*(door.ask("POST", path, data=body, query_string=query) for body, query in waiting))

    answers = door.run(crowd())
    assert all(f"new {number}" in answer.text for number, answer in enumerate(answers))
    assert business.loads == 2


def test_a_fault_of_the_database_asks_wechat_to_come_again(connect, door, app, monkeypatch):
    keys = connect()
    monkeypatch.setattr(app.extensions["gateway"], "refresh", _lose_database)
    response = door.post(f"/wechat/{keys.app_id}", data=b"", query_string=query_of(keys))
    assert (response.status_code, response.text) == (503, "")


def _lose_database(*_values):
    raise OperationalError("", {}, Exception())


@pytest.fixture
def connect_once(connect):
    return connect()


def counts(tenant):
    """Rows in the journal, among the dedupe keys, in quarantine."""
    with enter(system_scope(tenant)):
        return tuple(
            db.session.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("journal", "dedupe_keys", "quarantine")
        )
