"""Who is let in, decided on arrival."""

from __future__ import annotations

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest

from saas.db import new_id
from saas.wechat.admission import Admission
from saas.wechat.door import MOST_STRANGE
from saas.wechat.journal import NotStored
from tests.factories.callbacks import fields, posted, query_of, text_fields
from tests.factories.loops import run
from tests.factories.processes import wait_for


def test_so_many_at_once_and_no_more():
    admission = Admission(most=2)
    assert [admission.enter() for _ in range(3)] == [True, True, False]
    admission.leave()
    assert admission.enter()


def test_a_brand_has_its_share_and_leaves_the_rest():
    admission, hot, quiet = Admission(most_of_one=2), new_id(), new_id()
    with admission.share(hot), admission.share(hot):
        with pytest.raises(NotStored), admission.share(hot):
            pass
        with admission.share(quiet):
            pass
    with admission.share(hot):
        pass


def test_a_loop_that_is_behind_lets_nobody_in():
    async def watched():
        admission = Admission(most_lag_seconds=0.5)
        watch = asyncio.create_task(admission.watch())
        await asyncio.sleep(0.1)
        time.sleep(1)  # what a flood of callbacks does to the loop
        await asyncio.sleep(0.01)
        behind = admission.enter()
        while not (after := admission.enter()):
            await asyncio.sleep(0.1)
        watch.cancel()
        return behind, after

    assert run(watched()) == (False, True)


def test_what_came_while_the_loop_stood_still_is_not_let_in():
    async def watched():
        admission = Admission(most_lag_seconds=0.5)
        watch = asyncio.create_task(admission.watch())
        await asyncio.sleep(0.1)
        time.sleep(1)
        behind = admission.enter()  # before the tick had its turn
        watch.cancel()
        return behind

    assert not run(watched())


@pytest.fixture
def shut(book, monkeypatch):
    """Makes an account that can't be read until `opened` is set; which were looked for stands in `asked`."""
    names, asked, opened, find = set(), [], threading.Event(), book.find

    def look(app_id):
        asked.append(app_id)
        return (app_id not in names or opened.wait(20)) and find(app_id)

    monkeypatch.setattr(book, "find", look)
    yield SimpleNamespace(names=names, asked=asked, opened=opened)
    opened.set()


def verified(door, keys, times):
    """The statuses of so many checks of an address at once."""
    path, query = f"/wechat/{keys.app_id}", query_of(keys, echostr="1")

    async def crowd():
        return await asyncio.gather(*(door.ask("GET", path, query_string=query) for _ in range(times)))

    return [answer.status_code for answer in door.run(crowd())]


def test_what_was_given_up_counts_until_its_thread_is_done(door, connect, shut, monkeypatch):
    keys = connect()
    shut.names.add(keys.app_id)
    monkeypatch.setattr("saas.wechat.door.LONGEST_SECONDS", 0.2)
    assert set(verified(door, keys, 2 * MOST_STRANGE) + verified(door, keys, MOST_STRANGE)) == {503}
    shut.opened.set()
    wait_for(lambda: len(shut.asked) == MOST_STRANGE, "what was taken in is done")
    monkeypatch.undo()
    assert verified(door, keys, 1) == [200]
    assert len(shut.asked) == MOST_STRANGE


def test_many_accounts_that_nobody_has_read_yet_are_all_answered(door, app, connect):
    accounts = [connect() for _ in range(3 * MOST_STRANGE)]
    app.extensions["gateway"].expect([keys.app_id for keys in accounts])
    waiting = [(keys, *posted(keys, fields(keys, text_fields("a")))) for keys in accounts]

    async def crowd():
        asked = (door.ask("POST", f"/wechat/{keys.app_id}", data=body, query_string=q) for keys, body, q in waiting)
        return await asyncio.gather(*asked)

    assert {answer.status_code for answer in door.run(crowd())} == {200}


def test_a_flood_of_strangers_holds_up_no_account(door, app, connect, shut):
    stranger, account = connect(), connect()
    shut.names.add(stranger.app_id)
    app.extensions["gateway"].expect([account.app_id])
    body, query = posted(account, fields(account, text_fields("a")))

    async def crowd():
        check = query_of(stranger, echostr="1")
        flood = [
            asyncio.ensure_future(door.ask("GET", f"/wechat/{stranger.app_id}", query_string=check))
            for _ in range(MOST_STRANGE)
        ]
        answer = await door.ask("POST", f"/wechat/{account.app_id}", data=body, query_string=query)
        shut.opened.set()
        return answer.status_code, {one.status_code for one in await asyncio.gather(*flood)}

    assert door.run(crowd()) == (200, {200})


def test_names_that_are_nobodys_are_looked_up_a_few_times_a_second(door, app, connect, shut):
    query = query_of(connect(), echostr="1")

    async def crowd():
        asked = (door.ask("POST", f"/wechat/wx{n}", data=b"<xml/>", query_string=query) for n in range(900))
        return await asyncio.gather(*asked)

    assert {answer.status_code for answer in door.run(crowd())} == {404, 503}
    assert len(shut.asked) < 900
    wait_for(lambda: app.extensions["gateway"].may_read_strange("wx"), "the next second begins")
