"""PostgreSQL goes away and comes back under the door: answers go on, nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.exc import TimeoutError as PoolTimeout

from saas.db import db
from saas.wechat import versions
from saas.wechat.metrics import CALLBACKS, SPOOLED
from saas.wechat.spool import Spool
from tests.factories.callbacks import fields, posted, text_fields
from tests.factories.processes import wait_for
from tests.saas.wechat.test_journal import rows_of

SLOW = 40
pytestmark = pytest.mark.usefixtures("left_open_is_done")


@pytest.fixture(autouse=True)
def settled(app, door, spool):
    """The next test finds the journal back, on lines that hold."""
    yield
    wait_for(lambda: spool.is_empty() and not door.callbacks.keeper._is_away, "the spool is drained")
    app.extensions["journal"].reconnect()


@pytest.fixture
def away(stack, urls):
    """Takes the database away from whoever would connect, and gives it back."""
    name = psycopg.conninfo.conninfo_to_dict(urls.app.replace("+psycopg", ""))["dbname"]
    admin = psycopg.connect(stack.admin_url, autocommit=True)

    def shut(*, is_away=True):
        verb = sql.SQL("false" if is_away else "true")
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(sql.Identifier(name), verb))
        if is_away:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    yield shut
    shut(is_away=False)
    admin.close()


@pytest.fixture
def spool(config):
    return Spool(config.data_dir / "spool", most_bytes=1)


def test_answers_go_on_and_all_is_stored_once(away, connect, post, door, tenant, spool):
    keys = connect()
    post(keys, fields(keys, text_fields("warm")))
    messages = [fields(keys, text_fields(f"m{number}")) for number in range(20)]
    away()
    before = SPOOLED._value.get()
    first = [post(keys, message) for message in messages]
    again = [post(keys, message) for message in messages]
    assert {answer.status_code for answer in first} == {200}
    assert [answer.text for answer in again] == [answer.text for answer in first]
    assert "echo m7" in first[7].text
    assert SPOOLED._value.get() - before == 20
    assert not spool.is_empty()
    away(is_away=False)
    wait_for(spool.is_empty, "the spool is drained")
    assert [post(keys, message).text for message in messages] == [answer.text for answer in first]
    assert len(rows_of(tenant, "journal")) == 21


@pytest.fixture
def held(door, monkeypatch):
    """Emptying the spool waits until this is set."""
    gate, keeper = threading.Event(), door.callbacks.keeper
    drain = keeper._drain
    monkeypatch.setattr(keeper, "_drain", lambda: gate.wait(120) and drain())
    yield gate
    gate.set()


def test_a_try_again_while_the_spool_is_emptied_gets_the_first_answer(away, connect, post, door, business, scope, held):
    keys = connect()
    post(keys, fields(keys, text_fields("warm")))
    message = fields(keys, text_fields("a"))
    away()
    first = post(keys, message)
    away(is_away=False)
    wait_for(lambda: not door.callbacks.keeper._is_away, "the journal is back")
    business.words[keys.account_id] = "new {}"
    versions.bump([keys.account_id])
    db.session.commit()
    again = post(keys, message)
    assert "echo a" in first.text
    assert again.text == first.text


def test_a_long_emptying_does_not_hold_up_the_return(away, connect, post, door, held):
    keys = connect()
    post(keys, fields(keys, text_fields("warm")))
    for number in range(2):
        away()
        assert post(keys, fields(keys, text_fields(str(number)))).status_code == 200
        away(is_away=False)
        wait_for(lambda: not door.callbacks.keeper._is_away, "the journal is back")


def test_an_account_never_seen_before_is_asked_to_come_again(away, connect, post, spool):
    keys = connect()
    away()
    assert post(keys, fields(keys, text_fields("a"))).status_code == 503
    away(is_away=False)
    wait_for(lambda: post(keys, fields(keys, text_fields("a"))).status_code == 200, "it is answered again")


def test_a_full_spool_asks_wechat_to_come_again(away, connect, post, door, monkeypatch, tenant):
    keys = connect()
    post(keys, fields(keys, text_fields("warm")))
    monkeypatch.setattr(door.callbacks.keeper._spool, "most_bytes", 10)
    away()
    assert post(keys, fields(keys, text_fields("a"))).status_code == 503
    away(is_away=False)
    wait_for(lambda: post(keys, fields(keys, text_fields("b"))).status_code == 200, "it is answered again")
    assert len(rows_of(tenant, "journal")) == 2


def test_nobody_waits_longer_than_four_seconds_however_many_come(
    connect, post, door, config, tenant, make_other_tenant
):
    """A WSGI server with four threads answers the last of forty one-second requests after ten seconds."""
    brands = [connect(), connect(owner=make_other_tenant())]
    for keys in brands:
        post(keys, fields(keys, text_fields("warm")))
    waiting = [(keys, *posted(keys, fields(keys, text_fields(str(n))))) for n in range(600) for keys in brands]
    before = CALLBACKS.labels("busy")._value.get()

    async def timed(keys, body, query):
        begun = time.monotonic()
        answer = await door.ask("POST", f"/wechat/{keys.app_id}", data=body, query_string=query)
        return answer.status_code, time.monotonic() - begun

    async def all_at_once():
        return await asyncio.gather(*(timed(*one) for one in waiting))

    with psycopg.connect(config.database_url) as holder:
        holder.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant.id)])
        holder.execute("LOCK TABLE dedupe_keys IN SHARE MODE")
        results = door.run(all_at_once())
        holder.rollback()
    assert max(seconds for _, seconds in results) < 4
    assert CALLBACKS.labels("busy")._value.get() - before == 200, "those are refused on arrival"
    assert {status for status, _ in results} == {200, 503}


def test_pages_that_hold_every_line_and_slow_questions_hold_up_no_callback(connect, post, config, monkeypatch):
    """The callbacks' lines to the database are their own."""
    monkeypatch.setattr(db.engine.pool, "_timeout", 0.05)
    keys = connect()
    post(keys, fields(keys, text_fields("warm")))
    with ExitStack() as held, ThreadPoolExecutor(SLOW) as slow:
        for _ in range(db.engine.pool.size() + db.engine.pool._max_overflow):
            held.enter_context(db.engine.connect())
        with pytest.raises(PoolTimeout):
            db.engine.connect()
        for _ in range(SLOW):
            slow.submit(_ask_slowly, config.database_url)
        begun = time.monotonic()
        answers = [post(keys, fields(keys, text_fields(f"m{number}"))) for number in range(20)]
        assert time.monotonic() - begun < 4
    assert {answer.status_code for answer in answers} == {200}


def _ask_slowly(url):
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_sleep(4)")
