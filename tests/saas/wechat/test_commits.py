"""Many callbacks of one moment in one statement, on a real PostgreSQL: what each gets, and what it costs."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager, suppress
from dataclasses import replace

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from saas.db import db, new_id
from saas.wechat import versions
from saas.wechat.commits import GroupCommit
from saas.wechat.journal import NotStorable, NotStored
from saas.wechat.replies import TextReply
from tests.factories.loops import run
from tests.factories.processes import wait_for
from tests.fakes.proxy import CountingProxy
from tests.saas.wechat.test_journal import entry_for, rows_of

pytestmark = pytest.mark.usefixtures("left_open_is_done")
PATIENT = 60.0  # of a group whose limit isn't looked at: longer than any machine stands still


class Standing:
    """The loop's clock, moved by hand: nothing comes too late because the machine stood still."""

    def __init__(self):
        self._loop = asyncio.get_running_loop()
        self._now = self._loop.time()

    def __enter__(self):
        self._loop.time = lambda: self._now
        return self

    def __exit__(self, *_):
        del self._loop.time

    def jump(self, seconds):
        """Time passes, and nobody does anything meanwhile."""
        self._now += seconds

    async def tenth(self):
        """A tenth of a second passes, and everybody does what is due."""
        self.jump(0.1)
        for _ in range(20):
            await asyncio.sleep(0)

    async def tenths_until(self, future):
        """How many of them pass until it is done."""
        count = 0
        while not future.done():
            await self.tenth()
            count += 1
        return count


def stored(url, entries, *, seconds=PATIENT, **options):
    """What became of entries that arrive together, faults included."""

    async def store():
        group = GroupCommit(url, seconds=seconds, **options)
        await group.open()
        try:
            return await asyncio.gather(*(group.store(entry) for entry in entries), return_exceptions=True)
        finally:
            await group.close()

    return run(store())


async def warm(group, tenant):
    """A group with a line: for an impatient one the first entry may come too late."""
    await group.open()
    while True:
        with suppress(NotStored):
            await group.store(entry_for(tenant.id, new_id(), key=b"warm"))
            return


@contextmanager
def proxied(config):
    """A proxy before the database, and the address through it."""
    address = conninfo_to_dict(config.database_url.replace("+psycopg", ""))
    with CountingProxy(str(address["host"]), int(address["port"])) as proxy:
        yield proxy, config.database_url.replace(f":{address['port']}/", f":{proxy.port}/")


def test_what_arrives_together_is_stored_once_each(config, tenant):
    account_id = new_id()
    entries = [entry_for(tenant.id, account_id, key=bytes([number]) * 32) for number in range(50)]
    assert all(one.is_new for one in stored(config.database_url, entries))
    assert sorted(bytes(row.key)[0] for row in rows_of(tenant, "journal")) == list(range(50))


def test_the_journal_keeps_the_order_of_arrival(config, tenant):
    account_id = new_id()
    keys = [bytes([number]) * 32 for number in (9, 1, 200, 3)]
    stored(config.database_url, [entry_for(tenant.id, account_id, key=key) for key in keys], connections=1)
    assert [bytes(row.key) for row in sorted(rows_of(tenant, "journal"), key=lambda row: row.id)] == keys


def test_two_tries_of_one_moment_get_one_answer(config, tenant):
    account_id = new_id()
    entries = [entry_for(tenant.id, account_id, reply=str(number)) for number in range(12)]
    results = stored(config.database_url, entries, connections=1)
    assert {one.reply for one in results} == {TextReply("0")}
    assert sum(one.is_new for one in results) == 1
    assert len(rows_of(tenant, "journal")) == 1


def test_tenants_of_one_moment_stay_apart(config, tenant, make_other_tenant):
    other = make_other_tenant()
    entries = [entry_for(one.id, new_id(), key=bytes([number])) for number in range(10) for one in (tenant, other)]
    assert all(one.is_new for one in stored(config.database_url, entries))
    assert len(rows_of(tenant, "journal")) == len(rows_of(other, "journal")) == 10


def test_a_stale_one_among_others_is_not_stored(config, tenant, scope):
    edited, account_id = new_id(), new_id()
    versions.bump([edited])
    db.session.commit()
    entries = [entry_for(tenant.id, account_id, key=b"a"), entry_for(tenant.id, edited, key=b"b")]
    assert [one.is_stale for one in stored(config.database_url, entries)] == [False, True]
    assert len(rows_of(tenant, "journal")) == 1


def test_what_was_answered_already_is_stored_whatever_the_rules_are(config, tenant, scope):
    edited = new_id()
    versions.bump([edited])
    db.session.commit()
    (result,) = stored(config.database_url, [replace(entry_for(tenant.id, edited), version=None)])
    assert (result.is_new, result.is_stale) == (True, False)


def test_one_that_the_database_refuses_takes_no_other_with_it(config, tenant):
    account_id = new_id()
    bad = entry_for(tenant.id, account_id, key=b"bad", reply="\0")
    good = [entry_for(tenant.id, account_id, key=bytes([number])) for number in range(5)]
    first, *others = stored(config.database_url, [bad, *good])
    assert isinstance(first, NotStorable)
    assert all(one.is_new for one in others)


def test_a_hundred_of_one_moment_cost_a_few_round_trips(config, tenant):
    with proxied(config) as (proxy, url):

        async def store():
            group = GroupCommit(url, connections=1, seconds=PATIENT)
            await warm(group, tenant)
            await warm(group, tenant)
            proxy.round_trips = 0
            entries = [entry_for(tenant.id, new_id(), key=bytes([number])) for number in range(100)]
            await asyncio.gather(*(group.store(entry) for entry in entries))
            await group.close()
            return proxy.round_trips

        # One statement for all; closing says good-bye in none.
        assert run(store()) == 1


def test_a_line_that_broke_while_nobody_used_it_is_replaced(config, stack, tenant):
    async def store():
        group = GroupCommit(config.database_url, seconds=PATIENT)
        await warm(group, tenant)
        with psycopg.connect(stack.admin_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'tests'")
        stored = await group.store(entry_for(tenant.id, new_id(), key=b"b"))
        await group.close()
        return stored

    assert run(store()).is_new


def test_a_blocked_statement_fails_in_time(config, tenant):
    entries = [entry_for(tenant.id, new_id(), key=bytes([number])) for number in range(20)]
    with proxied(config) as (proxy, url), psycopg.connect(config.database_url) as holder:
        holder.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant.id)])
        places = [[one.tenant_id, one.account_id, one.key] for one in entries]
        # All of them: a turn that comes between the second's end and its tick is still taken, and would be answered.
        holder.cursor().executemany("INSERT INTO dedupe_keys (tenant_id, account_id, key) VALUES (%s, %s, %s)", places)
        results = stored(url, entries, seconds=0.3, connections=1, most=1)
        holder.rollback()
    assert {type(one) for one in results} == {NotStored}
    assert proxy.round_trips < len(entries), "each had its turn, one after the other"


def test_a_line_that_swallows_everything_fails_in_time(config, tenant):
    with proxied(config) as (proxy, url):

        async def store():
            group = GroupCommit(url, connections=1, seconds=1)
            await warm(group, tenant)
            proxy.swallow()
            tenths = []
            with Standing() as clock:
                for number in range(3):
                    future = group.store(entry_for(tenant.id, new_id(), key=bytes([number])))
                    tenths.append(await clock.tenths_until(future))
                    with pytest.raises(NotStored):
                        future.result()
            await group.close()
            return max(tenths)

        assert run(store()) <= 12


def test_waiting_for_a_turn_and_for_the_database_count_together(config, tenant):
    with proxied(config) as (proxy, url):

        async def store():
            group = GroupCommit(url, connections=1, seconds=1)
            await warm(group, tenant)
            proxy.swallow()
            with Standing() as clock:
                first = group.store(entry_for(tenant.id, new_id(), key=b"a"))
                await clock.tenth()
                second = group.store(entry_for(tenant.id, new_id(), key=b"b"))
                tenths = await clock.tenths_until(second)
            await group.close()
            return [type(one.exception()) for one in (first, second)], tenths

        faults, tenths = run(store())
        assert faults == [NotStored, NotStored]
        assert tenths <= 12, "its turn came after 0.9 of its one second"


def test_a_loop_that_stood_still_hears_what_was_answered_meanwhile(config, tenant):
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'dedupe_keys'::regclass"
    answered = "SELECT count(*) FROM dedupe_keys WHERE key = 'a'"

    async def store(holder):
        group = GroupCommit(config.database_url, seconds=PATIENT)
        await warm(group, tenant)
        with Standing() as clock:
            holder.execute("LOCK TABLE dedupe_keys IN SHARE MODE")
            under_way = group.store(entry_for(tenant.id, new_id(), key=b"a"))
            while holder.execute(waiting).fetchone() == (0,):
                await asyncio.sleep(0)
            holder.rollback()
            holder.execute("SELECT set_config('app.tenant_id', %s, false)", [str(tenant.id)])
            wait_for(lambda: holder.execute(answered).fetchone() == (1,), "it is stored")
            time.sleep(0.2)  # between the commit and its word
            clock.jump(PATIENT + 1)
            stored = await under_way
        await group.close()
        return stored

    with psycopg.connect(config.database_url) as holder:
        assert run(store(holder)).is_new


def test_one_bad_among_many_costs_few_statements(config, tenant):
    with proxied(config) as (proxy, url):
        entries = [entry_for(tenant.id, new_id(), key=bytes([number]) * 2) for number in range(128)]
        entries[77] = entry_for(tenant.id, new_id(), key=b"bad", reply="\0")

        async def store():
            group = GroupCommit(url, connections=1, seconds=PATIENT)
            await warm(group, tenant)
            proxy.round_trips = 0
            results = await asyncio.gather(*(group.store(entry) for entry in entries), return_exceptions=True)
            await group.close()
            return proxy.round_trips, results

        round_trips, results = run(store())
    assert [number for number, one in enumerate(results) if isinstance(one, NotStorable)] == [77]
    assert sum(not isinstance(one, Exception) for one in results) == 127
    assert round_trips < 40, "halved, not tried one by one"


def test_closing_leaves_nobody_waiting(config, tenant):
    with proxied(config) as (proxy, url):

        async def store():
            group = GroupCommit(url, connections=1)
            await warm(group, tenant)
            proxy.swallow()
            proxy.round_trips = 0
            under_way = group.store(entry_for(tenant.id, new_id(), key=b"a"))
            while not proxy.round_trips:
                await asyncio.sleep(0.01)
            await group.close()
            with pytest.raises(NotStored):
                under_way.result()

        run(store())


@pytest.mark.parametrize("url", ["postgresql://app:x@127.0.0.1:1/none"])
def test_without_a_database_nothing_is_stored(url, tenant, monkeypatch):
    tries, execute = [], GroupCommit._execute
    monkeypatch.setattr(GroupCommit, "_execute", lambda *values: (tries.append(values), execute(*values))[1])
    (fault,) = stored(url, [entry_for(tenant.id, new_id())], seconds=2)
    assert isinstance(fault, NotStored)
    assert len(tries) == 1, "a database that is away is asked once, not twice"
