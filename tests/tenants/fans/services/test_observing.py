"""What the journal's rows leave behind, whatever the order they come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from saas.db import db
from saas.tenancy.scope import TenantRecord, TenantScope, enter, system_scope
from saas.wechat.batch import Batch
from saas.wechat.messages import Click, Image, LocationReport, PersonalDataNotice, Scan, TemplateSent
from tenants.accounts import services as accounts
from tenants.fans.handlers import observe
from tenants.fans.models import Fan, Message
from tenants.fans.services import find_fans
from tests.factories.accounts import Tree, make_tree
from tests.factories.fans import START, answered, fan_of, follow, new_openid, observed, row, text, unfollow
from tests.factories.people import make_tenant
from tests.factories.queries import count_queries

HOUR = timedelta(hours=1)


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    return make_tree()


def lines_of(openid: str, account_id: object) -> Sequence[Message]:
    fan = fan_of(account_id, openid)  # type: ignore[arg-type]
    return db.session.scalars(select(Message).where(Message.fan_id == fan.id).order_by(Message.created_at)).all()


def test_a_follow_makes_a_fan_of_the_account(tree: Tree) -> None:
    openid = new_openid()
    observed(row(tree.bund, follow(openid)))
    fan = fan_of(tree.bund, openid)
    assert (fan.subscribed, fan.subscribed_at, fan.source, fan.node_id) == (True, START, "unknown", tree.bund)
    assert (fan.counted, fan.state_at, fan.last_active_at) == (True, START, START)
    assert fan.alias is not None


def test_a_code_says_for_whom_its_fan_counts(tree: Tree) -> None:
    channel = accounts.create_channel(account_id=tree.central, node_id=tree.canton, name="门口海报", scene="door-1")
    openid = new_openid()
    observed(row(tree.central, follow(openid, "door-1")))
    fan = fan_of(tree.central, openid)
    assert (fan.source, fan.scene, fan.channel_id, fan.node_id) == ("scan", "door-1", channel.id, tree.canton)


def test_a_return_brings_a_new_source_and_node(tree: Tree) -> None:
    accounts.create_channel(account_id=tree.central, node_id=tree.canton, name="桌卡", scene="table-9")
    openid = new_openid()
    observed(row(tree.central, follow(openid, "table-9")))
    observed(row(tree.central, unfollow(openid), at=START + HOUR))
    assert fan_of(tree.central, openid).erase_due_at == START + HOUR
    observed(row(tree.central, follow(openid), at=START + 2 * HOUR))
    fan = fan_of(tree.central, openid)
    assert (fan.subscribed, fan.source, fan.node_id, fan.channel_id) == (True, "unknown", tree.central, None)
    assert fan.erase_due_at is None


def test_a_message_of_an_unknown_openid_makes_a_fan_of_unknown_source(tree: Tree) -> None:
    openid = new_openid()
    observed(row(tree.bund, text(openid)))
    fan = fan_of(tree.bund, openid)
    assert (fan.subscribed, fan.subscribed_at, fan.source, fan.counted) == (True, None, "unknown", False)


def test_reports_about_somebody_make_no_fan(tree: Tree) -> None:
    openid = new_openid()
    observed(row(tree.bund, TemplateSent(openid=openid, event="TEMPLATESENDJOBFINISH", created_at=0)))
    assert find_fans([(tree.bund, openid)]) == {}


def test_a_notice_of_the_duty_to_forget_makes_the_fan_due(tree: Tree) -> None:
    openid = new_openid()
    notice = PersonalDataNotice(openid="ogh", person_openid=openid, event="user_authorization_revoke", created_at=0)
    observed(row(tree.bund, follow(openid)), row(tree.bund, notice, at=START + HOUR))
    observed(row(tree.bund, text(openid), at=START + 2 * HOUR))
    assert fan_of(tree.bund, openid).erase_due_at == START + HOUR
    observed(
        row(
            tree.bund,
            PersonalDataNotice(openid="ogh", person_openid=new_openid(), event="user_info_modified", created_at=0),
        )
    )
    assert db.session.scalar(select(func.count()).select_from(Fan)) == 1


def test_a_timeline_holds_what_was_said_and_answered(tree: Tree) -> None:
    openid = new_openid()
    picture = Image(openid=openid, msg_type="image", created_at=0, media_id="m1", pic_url="http://p/1", message_id="9")
    observed(
        row(tree.bund, follow(openid), answer=answered("欢迎")),
        row(tree.bund, text(openid, "营业到几点？"), at=START + HOUR, answer=answered("到 22:00", "rule-7")),
        row(tree.bund, picture, at=START + 2 * HOUR),
        row(tree.bund, Scan(openid=openid, event="SCAN", event_key="door", created_at=0), at=START + 3 * HOUR),
        row(
            tree.bund,
            LocationReport(openid=openid, event="LOCATION", latitude=31.2, longitude=121.4, created_at=0),
            at=START + 4 * HOUR,
        ),
    )
    lines = lines_of(openid, tree.bund)
    assert [(line.direction, line.type, line.content) for line in lines] == [
        ("in", "event", ""),
        ("out", "text", "欢迎"),
        ("in", "text", "营业到几点？"),
        ("out", "text", "到 22:00"),
        ("in", "image", ""),
        ("in", "event", ""),
        ("in", "presence", ""),
    ]
    assert [line.answered for line in lines] == [None, None, True, None, False, None, None]
    assert (lines[3].rule_id, lines[3].origin, lines[3].author) == ("rule-7", "rules", "robot")
    assert fan_of(tree.bund, openid).last_active_at == START + 3 * HOUR


def test_observing_twice_doubles_nothing(tree: Tree) -> None:
    openid = new_openid()
    rows = (row(tree.bund, follow(openid)), row(tree.bund, text(openid), answer=answered()))
    observed(*rows)
    observed(*rows)
    assert len(lines_of(openid, tree.bund)) == 3


def test_another_brand_with_the_same_openid_is_another_fan(tree: Tree) -> None:
    openid = new_openid()
    observed(row(tree.bund, follow(openid)))
    other = make_tenant()
    with enter(system_scope(other)):
        theirs = make_tree()
        observed(row(theirs.bund, text(openid)))
        assert fan_of(theirs.bund, openid).subscribed_at is None
        assert find_fans([(tree.bund, openid)]) == {}
    assert len(lines_of(openid, tree.bund)) == 1


@pytest.mark.parametrize("fans", [3, 100])
def test_the_statements_do_not_grow_with_the_rows(tree: Tree, fans: int) -> None:
    accounts.create_channel(account_id=tree.bund, node_id=tree.bund, name="门口", scene="door")
    names = [new_openid() for _ in range(fans)]
    rows = [row(account, follow(name, "door")) for name in names for account in (tree.bund, tree.lake)]
    rows += [row(tree.bund, text(name), at=START + HOUR, answer=answered()) for name in names]
    rows += [
        row(tree.bund, Click(openid=name, event="CLICK", event_key="k", created_at=0), at=START + HOUR)
        for name in names
    ]
    rows += [row(tree.bund, unfollow(name), at=START + 2 * HOUR) for name in names]
    db.session.commit()
    with count_queries() as queries:
        observe(Batch(tuple(rows)))
    assert len(queries) == 4, queries  # the tenant, the codes, the fans, the lines


states = st.lists(
    st.tuples(st.sampled_from(["follow", "unfollow", "text"]), st.integers(0, 1000)),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one[1],
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=states, data=st.data())
def test_the_state_follows_the_times_whatever_the_order(
    tree: Tree, events: list[tuple[str, int]], data: st.DataObject
) -> None:
    openid = new_openid()
    make = {
        "follow": lambda at: follow(openid, f"s{at}"),
        "unfollow": lambda _at: unfollow(openid),
        "text": lambda _at: text(openid),
    }
    rows = [row(tree.bund, make[kind](at), at=START + timedelta(seconds=at)) for kind, at in events]
    shuffled = data.draw(st.permutations(rows))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(rows)), max_size=3)) | {0, len(rows)})
    for first, last in pairwise(cuts):
        observed(*shuffled[first:last])
    fan = fan_of(tree.bund, openid)
    moves = sorted((at, kind) for kind, at in events if kind != "text")
    follows = [at for at, kind in moves if kind == "follow"]
    assert fan.subscribed is (not moves or moves[-1][1] == "follow")
    assert fan.state_at == (START + timedelta(seconds=moves[-1][0]) if moves else None)
    assert fan.scene == (f"s{follows[-1]}" if follows else None)
    assert (fan.erase_due_at is None) is fan.subscribed
    assert len(lines_of(openid, tree.bund)) == len(events)


def test_the_delay_of_the_brand_puts_erasure_off(tenant: TenantRecord, tree: Tree) -> None:
    patient = TenantRecord(**{**tenant.__dict__, "erase_after_days": 7})
    openid = new_openid()
    with enter(system_scope(patient)):
        observed(row(tree.bund, follow(openid)), row(tree.bund, unfollow(openid), at=START + HOUR))
        assert fan_of(tree.bund, openid).erase_due_at == START + HOUR + timedelta(days=7)
