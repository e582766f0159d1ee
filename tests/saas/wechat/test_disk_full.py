"""PostgreSQL has no room left: it goes on answering, and refuses whatever it would have to write (SQLSTATE 53100)."""

from __future__ import annotations

from contextlib import contextmanager

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat.spool import Spool
from tests.factories.callbacks import fields, text_fields
from tests.factories.processes import wait_for
from tests.saas.wechat.test_journal import rows_of

REFUSE = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION no_room()"""


@pytest.fixture
def no_room(stack, urls):
    """While in here nothing is written."""
    database = str(conninfo_to_dict(urls.app.replace("+psycopg", ""))["dbname"])

    @contextmanager
    def full():
        with psycopg.connect(make_conninfo(stack.admin_url, dbname=database), autocommit=True) as admin:
            admin.execute(REFUSE)
            try:
                yield
            finally:
                admin.execute("DROP FUNCTION no_room CASCADE")

    return full


def test_answers_go_on_and_all_is_stored_once(no_room, connect, post, tenant, config):
    keys = connect()
    post(keys, fields(keys, text_fields("warm")))
    messages = [fields(keys, text_fields(f"m{number}")) for number in range(20)]
    with no_room():
        first = [post(keys, message) for message in messages]
    assert {answer.status_code for answer in first} == {200}
    assert "echo m7" in first[7].text
    wait_for(Spool(config.data_dir / "spool", most_bytes=1).is_empty, "the spool is drained")
    assert [post(keys, message).text for message in messages] == [answer.text for answer in first]
    assert len(rows_of(tenant, "journal")) == 21


def test_no_message_is_taken_for_poison(no_room, send, consumer, tenant):
    send("a", "b", "c")
    with no_room():
        assert consumer.run_once() == 0
    db.session.remove()
    assert consumer.run_once() == 3
    with enter(system_scope(tenant)):
        assert db.session.scalar(text("SELECT count(*) FROM quarantine")) == 0
