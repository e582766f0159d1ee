"""`flask quarantine` and `flask spool`: what was put aside is named, and tried again on demand."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat import consume

STATES = text("SELECT state, tries FROM journal ORDER BY id")


@pytest.fixture
def run(whole_app, tenant):
    """Runs a command for the test's tenant."""

    def invoke(*words):
        result = whole_app.test_cli_runner().invoke(args=[*words, "--tenant", str(tenant.id)])
        assert result.exit_code == 0, result.output
        return result.output

    return invoke


@pytest.fixture
def states(tenant):
    """State and tries of the brand's rows."""

    def ask():
        with enter(system_scope(tenant)):
            return [tuple(row) for row in db.session.execute(STATES)]

    return ask


@pytest.fixture
def put_aside(send, business, consumer):
    """A fan's words that nobody could take until now."""
    business.observers.append(_refuse)
    send("转人工")
    for _ in (*consume.PAUSES, "last"):
        consumer.run_once()
    business.observers.clear()
    business.seen.clear()


def _refuse(_batch):
    raise MemoryError


def test_what_was_put_aside_is_named_without_what_the_fan_wrote(run, tenant, put_aside):
    printed = run("quarantine", "list")
    assert tenant.name in printed
    assert "MemoryError: may be tried again" in printed
    assert "转人工" not in printed


@pytest.mark.usefixtures("put_aside")
def test_tried_again_it_is_consumed_once(run, business, consumer, states, capsys):
    assert states() == [("quarantined", 4)]
    assert "to be tried again: 1" in run("quarantine", "retry")
    assert states() == [("open", 0)]
    assert run("quarantine", "list") == ""
    assert (consumer.run_once(), states()) == (1, [("done", 0)])
    assert "to be tried again: 0" in run("quarantine", "retry")
    assert consumer.run_once() == 0
    assert [inbound.content for inbound in business.seen] == ["转人工"]


@pytest.mark.usefixtures("put_aside")
def test_what_fails_again_is_put_aside_again(run, business, consumer, states):
    run("quarantine", "retry")
    business.observers.append(_refuse)
    for _ in (*consume.PAUSES, "last"):
        consumer.run_once()
    assert states() == [("quarantined", 4)]
    assert run("quarantine", "list").count("may be tried again") == 1


def test_what_can_not_be_read_stays(run, connect, post, states):
    post(connect(), "<xml><ToUserName>broken")
    assert "not in the journal" in run("quarantine", "list")
    assert "to be tried again: 0" in run("quarantine", "retry")
    assert "not in the journal" in run("quarantine", "list")
    assert states() == []


@pytest.mark.usefixtures("put_aside")
def test_one_brands_retry_leaves_anothers(whole_app, make_other_tenant, states):
    other = ["--tenant", str(make_other_tenant().id)]
    whole_app.test_cli_runner().invoke(args=["quarantine", "retry", *other])
    assert states() == [("quarantined", 4)]


def test_a_segment_put_aside_is_given_back(whole_app, config):
    folder = config.data_dir / "spool"
    folder.mkdir(exist_ok=True)
    (folder / "1.damaged").write_bytes(b"")
    result = whole_app.test_cli_runner().invoke(args=["spool", "retry"])
    assert "to be tried again: 1;" in result.output
    assert (folder / "1.spool").exists()
    (folder / "1.spool").unlink()
