"""A process that has just started knows every account, before any of them was called."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from saas.db import db, new_id
from saas.security.secrets import Unreadable
from saas.tenancy.directory import claim_app_id
from saas.tenancy.models import Tenant
from saas.tenancy.scope import enter_directory
from saas.wechat.envelope import Refused
from saas.wechat.gateway import Post
from saas.wechat.warming import Warming
from tests.factories.callbacks import fields, posted, text_fields
from tests.factories.door import Door
from tests.factories.processes import wait_for


def register(*accounts):
    with enter_directory():
        for keys in accounts:
            claim_app_id(keys.app_id, tenant_id=keys.tenant_id, account_id=keys.account_id)
        db.session.commit()


def decided(app, keys):
    body, query = posted(keys, fields(keys, text_fields("优惠")))
    return app.extensions["gateway"].decide(keys.app_id, Post(body, query))


def test_every_account_is_known_soon_after_the_start(app, connect, business):
    first, second = connect(), connect()
    register(first, second)
    assert decided(app, first) is None
    warming = Warming(app, app.extensions["gateway"])
    warming.start()
    warming.wait()
    loads = business.loads
    assert decided(app, first).entry.reply.content == "echo 优惠"
    assert decided(app, second) is not None
    assert business.loads == loads


def test_an_account_beyond_those_that_are_kept_is_no_stranger(app, connect, book, monkeypatch):
    accounts = [connect(), connect()]
    register(*accounts)
    monkeypatch.setattr("saas.wechat.warming.MOST_ACCOUNTS", 0)
    warming, gateway = Warming(app, app.extensions["gateway"]), app.extensions["gateway"]
    warming.start()
    warming.wait()
    gone, there = (keys.app_id for keys in accounts)
    assert gateway.expects(gone)
    del book.accounts[gone]
    with pytest.raises(Refused):
        gateway.refresh(gone)
    assert not gateway.expects(gone), "what was disconnected is looked up within the strangers' budget"
    assert gateway.expects(there)


def test_an_account_that_is_gone_holds_up_no_other(app, connect, book):
    gone, there = sorted((connect(), connect()), key=lambda keys: keys.app_id)
    register(gone, there)
    del book.accounts[gone.app_id]
    warming = Warming(app, app.extensions["gateway"])
    warming.start()
    warming.wait()
    assert decided(app, there) is not None


def lose_tenant(keys, book, monkeypatch):
    monkeypatch.setitem(book.accounts, keys.app_id, replace(keys, tenant_id=new_id()))


def lose_master_key(keys, book, monkeypatch):
    with enter_directory():
        db.session.get_one(Tenant, keys.tenant_id).wrapped_key = b"wrapped by a master key that is lost"
        db.session.commit()


def spoil_secret(keys, book, monkeypatch):
    find = book.find
    monkeypatch.setattr(book, "find", lambda app_id: refuse() if app_id == keys.app_id else find(app_id))


def refuse():
    raise Unreadable


@pytest.mark.parametrize("spoil", [lose_tenant, lose_master_key, spoil_secret])
def test_an_account_that_can_not_be_opened_holds_up_no_other(
    app, connect, make_other_tenant, book, monkeypatch, capsys, spoil
):
    bad, good = connect(owner=make_other_tenant()), connect()
    register(bad, good)
    spoil(bad, book, monkeypatch)
    warming = Warming(app, app.extensions["gateway"])
    warming.start()
    warming._thread.join(5)
    warming.stop()
    assert decided(app, good) is not None
    lines = [line for line in capsys.readouterr().out.splitlines() if bad.app_id in line]
    assert ["account_not_known" in line for line in lines] == [True]


def test_it_ends_when_it_is_told(app, connect):
    register(connect())
    warming = Warming(app, app.extensions["gateway"])
    warming.start()
    warming.stop()
    assert not warming._thread.is_alive()


def test_a_process_says_when_it_has_read_all_accounts(app, connect, book, monkeypatch):
    register(connect())
    gate, find = threading.Event(), book.find
    monkeypatch.setattr(book, "find", lambda app_id: gate.wait(20) and find(app_id))
    door = Door(app, is_warm=True)
    door.open()
    assert door.get("/startupz").status_code == 503
    gate.set()
    wait_for(lambda: door.get("/startupz").status_code == 200, "it is started")
    door.close()


def test_without_a_database_nobody_waits_for_the_accounts(app, monkeypatch):
    monkeypatch.setattr("saas.wechat.warming.list_app_ids", lose_database)
    warming = Warming(app, app.extensions["gateway"])
    warming.start()
    wait_for(lambda: warming.is_settled, "it has tried")
    warming.stop()


def lose_database(_most):
    raise OperationalError("", {}, Exception())
