"""Reading the followers, and forgetting those who left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from rq.timeouts import JobTimeoutException
from sqlalchemy import select

from saas import clock
from saas.db import db
from saas.jobs.progress import JobLost
from saas.tenancy.scope import TenantScope, enter
from tenants.accounts import services as accounts
from tenants.fans import jobs, ports
from tenants.fans.models import Fan
from tenants.fans.ports import Adjustment
from tenants.fans.services import find_fans
from tests.factories.accounts import Tree, make_connected, make_tree
from tests.factories.fans import fan_of, follow, make_fans, new_openid, observed, row, text, unfollow
from tests.fakes.followers import FakeFollowers

AGO = timedelta(days=2)


class Counter:
    def __init__(self) -> None:
        self.seen: list[Adjustment] = []

    def adjust(self, adjustments: Sequence[Adjustment]) -> None:
        self.seen.extend(adjustments)


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    tree = make_tree()
    make_connected(tree.bund)
    return tree


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> FakeFollowers:
    fake = FakeFollowers()
    monkeypatch.setattr(accounts, "client_of", lambda _account_id: fake)
    return fake


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    counter = Counter()
    monkeypatch.setattr(ports, "_counters", [counter])
    return counter


def sync(tree: Tree) -> None:
    jobs.sync_followers(str(tree.bund))
    db.session.commit()


def test_followers_from_before_are_found_and_counted_as_adjusted(
    tree: Tree, wechat: FakeFollowers, counter: Counter
) -> None:
    accounts.create_channel(account_id=tree.bund, node_id=tree.lake, name="门口", scene="door")
    before = clock.now() - AGO
    searched = wechat.add(new_openid(), before, unionid="u1")
    scanned = wechat.add(new_openid(), before, scene="ADD_SCENE_QR_CODE", qr_scene="door")
    sync(tree)
    fan = fan_of(tree.bund, searched)
    assert (fan.subscribed, fan.source, fan.unionid, fan.counted) == (True, "search", "u1", True)
    assert fan.subscribed_at == before.replace(microsecond=0)
    assert (fan_of(tree.bund, scanned).source, fan_of(tree.bund, scanned).node_id) == ("scan", tree.lake)
    assert [(one.delta, one.node_id) for one in counter.seen] == sorted(
        [(1, tree.bund), (1, tree.lake)], key=lambda one: [found.node_id for found in counter.seen].index(one[1])
    )
    sync(tree)
    assert len(counter.seen) == 2
    assert wechat.asked == [2]


def test_a_follower_whom_an_event_announced_is_asked_about_but_not_adjusted(
    tree: Tree, wechat: FakeFollowers, counter: Counter
) -> None:
    openid = new_openid()
    at = clock.now() - AGO
    observed(row(tree.bund, follow(openid), at=at))
    wechat.add(openid, at, unionid="u2")
    sync(tree)
    fan = fan_of(tree.bund, openid)
    assert (fan.unionid, fan.source, fan.subscribed_at) == ("u2", "search", at)
    assert counter.seen == []


def test_a_fan_known_by_a_message_alone_is_counted_when_found(
    tree: Tree, wechat: FakeFollowers, counter: Counter
) -> None:
    openid = new_openid()
    observed(row(tree.bund, text(openid), at=clock.now() - AGO))
    wechat.add(openid, clock.now() - 2 * AGO)
    sync(tree)
    assert [(one.delta, one.alias) for one in counter.seen] == [(1, fan_of(tree.bund, openid).alias)]


def test_a_fan_gone_without_an_event_is_taken_off_and_due(tree: Tree, wechat: FakeFollowers, counter: Counter) -> None:
    stay, leave, new = new_openid(), new_openid(), new_openid()
    for openid in (stay, leave):
        observed(row(tree.bund, follow(openid), at=clock.now() - AGO))
    db.session.execute(Fan.__table__.update().values(created_at=clock.now() - AGO))
    observed(row(tree.bund, follow(new), at=clock.now() + timedelta(seconds=30)))
    wechat.add(stay, clock.now() - AGO)
    sync(tree)
    assert (fan_of(tree.bund, stay).subscribed, fan_of(tree.bund, leave).subscribed) == (True, False)
    assert fan_of(tree.bund, new).subscribed, "who followed after the list was read is not gone"
    assert [one.delta for one in counter.seen] == [-1]
    assert fan_of(tree.bund, leave).erase_due_at is not None


def test_who_had_left_and_is_listed_is_back(tree: Tree, wechat: FakeFollowers, counter: Counter) -> None:
    openid = new_openid()
    at = clock.now() - AGO
    observed(row(tree.bund, follow(openid), at=at), row(tree.bund, unfollow(openid), at=at + timedelta(hours=1)))
    wechat.add(openid, at)
    sync(tree)
    assert fan_of(tree.bund, openid).subscribed
    assert fan_of(tree.bund, openid).erase_due_at is None


def test_a_list_that_lacks_most_is_not_believed(tree: Tree, wechat: FakeFollowers, counter: Counter) -> None:
    names = [new_openid() for _ in range(30)]
    make_fans(tree.bund, names, at=clock.now() - AGO)
    db.session.execute(Fan.__table__.update().values(created_at=clock.now() - AGO))
    sync(tree)
    assert all(ref.subscribed for ref in find_fans((tree.bund, name) for name in names).values())
    assert counter.seen == []


def test_an_erased_follower_is_not_counted_again(tree: Tree, wechat: FakeFollowers, counter: Counter) -> None:
    openid = new_openid()
    (fan,) = make_fans(tree.bund, [openid], at=clock.now() - AGO)
    for erase in jobs.erase_hooks():
        erase(fan.id)
    db.session.commit()
    wechat.add(openid, clock.now() - AGO)
    sync(tree)
    assert fan_of(tree.bund, openid).id != fan.id
    assert counter.seen == []
    sync(tree)
    assert counter.seen == []


def test_many_pages_and_batches(tree: Tree, wechat: FakeFollowers, counter: Counter) -> None:
    wechat.page = 150
    for _ in range(320):
        wechat.add(new_openid(), clock.now() - AGO)
    sync(tree)
    assert wechat.asked == [100, 50, 100, 50, 20]
    assert len(counter.seen) == 320


def test_who_left_is_forgotten_when_due(tree: Tree) -> None:
    gone, stays = new_openid(), new_openid()
    at = clock.now() - AGO
    observed(
        row(tree.bund, follow(gone), at=at),
        row(tree.bund, follow(stays), at=at),
        row(tree.bund, unfollow(gone), at=at + timedelta(hours=1)),
    )
    jobs.erase_due()
    db.session.commit()
    assert set(find_fans([(tree.bund, gone), (tree.bund, stays)])) == {(tree.bund, stays)}
    erased = db.session.scalars(select(Fan).where(Fan.erased_at.is_not(None))).one()
    assert (erased.openid, erased.alias, erased.unsubscribed_at) == (None, None, at + timedelta(hours=1))


def test_a_delay_that_was_shortened_counts_for_those_who_wait(tree: Tree, scope: TenantScope) -> None:
    gone, at = new_openid(), clock.now() - AGO
    with enter(replace(scope, tenant=replace(scope.tenant, erase_after_days=7))):
        observed(row(tree.bund, follow(gone), at=at), row(tree.bund, unfollow(gone), at=at + timedelta(hours=1)))
        jobs.erase_due()
        db.session.commit()
        assert fan_of(tree.bund, gone).state == "left"
    jobs.erase_due()
    db.session.commit()
    assert find_fans([(tree.bund, gone)]) == {}


def test_every_connected_account_is_read_at_night(tree: Tree) -> None:
    jobs.sync_all()
    planned = [one for one in db.session.new if getattr(one, "name", "") == "fans.sync_followers"]
    assert [one.arguments for one in planned] == [{"account_id": str(tree.bund)}]


@pytest.mark.parametrize("end", [JobTimeoutException, JobLost])
def test_whose_time_is_over_or_row_is_lost_forgets_no_further(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, end: type[Exception]
) -> None:
    at, asked = clock.now() - AGO, list[UUID]()
    for openid in (new_openid(), new_openid()):
        observed(row(tree.bund, follow(openid), at=at), row(tree.bund, unfollow(openid), at=at + timedelta(hours=1)))

    def interrupted(fan_id: UUID, _hooks: Sequence[jobs.services.Erase]) -> bool:
        asked.append(fan_id)
        raise end

    monkeypatch.setattr(jobs.services, "erase_fan", interrupted)
    with pytest.raises(end):
        jobs.erase_due()
    assert len(asked) == 1


def test_one_who_cannot_be_forgotten_does_not_keep_the_others(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = sorted(new_openid() for _ in range(2))
    at = clock.now() - AGO
    for hours, openid in enumerate((first, second)):
        observed(
            row(tree.bund, follow(openid), at=at), row(tree.bund, unfollow(openid), at=at + timedelta(hours=1 + hours))
        )
    stubborn = fan_of(tree.bund, first).id
    erase = jobs.services.erase_fan

    def fail(fan_id: UUID, hooks: Sequence[jobs.services.Erase]) -> bool:
        erased = erase(fan_id, hooks)
        if fan_id == stubborn:
            raise RuntimeError("no")
        return erased

    monkeypatch.setattr(jobs.services, "erase_fan", fail)
    with pytest.raises(jobs.NotForgotten):
        jobs.erase_due()
    db.session.commit()
    assert set(find_fans([(tree.bund, first), (tree.bund, second)])) == {(tree.bund, first)}
