"""Every case over a socket to the callbacks' real process, and what is no proper HTTP at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import psutil
import pytest

from tests.corpus.cases import Outcome, accounts, pushed, text
from tests.corpus.conftest import WIRE
from tests.corpus.everything import ROOMS
from tests.corpus.framing import BROKEN, SILENT, STALLED
from tests.corpus.judging import MOST_SECONDS, TRACES, faults, left
from tests.corpus.wire import Wire
from tests.factories.processes import answering, wait_for

MOST_MEMORY = 64 * 1024 * 1024
LONGEST = 5.0
"""WeChat's own patience."""
HEAD_SECONDS = 1
# What the server refuses by itself, or cuts off before whoever still sends has read the answer.
BY_SERVER = {"query: raw bytes": 400, "10 MB": 0, "10 MB in chunks": 0}


@pytest.fixture(scope="module")
def wire(config, whole_app) -> Iterator[Wire]:
    """The callbacks' process, with a short time for heads; it has seen each account once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANIAN_HTTP1_HEADER_READ_TIMEOUT", str(HEAD_SECONDS * 1000))
        with answering(config) as url:
            wire = Wire(url)
            for keys in accounts(WIRE).all:
                assert wire.ask(pushed(keys, "the first of all", text(), Outcome.STORED)).status == 200
            yield wire


@pytest.fixture(scope="module")
def family(wire) -> list[psutil.Process]:
    """The process that listens, and those that work for it."""
    port = str(urlsplit(wire.url).port)
    main = next(one for one in psutil.Process().children() if port in one.cmdline())
    return [main, *main.children(recursive=True)]


@pytest.mark.parametrize("room", list(ROOMS))
def test_each_case_is_answered_over_a_socket_too(room, wire, family, ledger, capfd):
    found = []
    held = memory(family)
    for case in ROOMS[room](accounts(WIRE)):
        rows = ledger.rows()
        seen = wire.ask(case)
        if seen.status != BY_SERVER.get(case.name):
            found += faults(case, seen)
        found += left(case, rows, ledger.rows())
        if memory(family) - held > MOST_MEMORY:
            found.append(f"{case.name}: holds {(memory(family) - held) // 2**20} MB more")
    assert not found, "\n".join(found)
    assert "Traceback" not in "".join(capfd.readouterr())


def test_what_is_no_http_is_refused(wire, ledger):
    rows, found = ledger.rows(), []
    for name, data in BROKEN.items():
        seen = wire.say(addressed(data), patience=MOST_SECONDS)
        if not (seen.status == 0 or 400 <= seen.status < 500) or seen.seconds >= MOST_SECONDS:
            found.append(f"{name}: {seen.status} after {seen.seconds:.1f} s")
        if any(trace in seen.body for trace in TRACES):
            found.append(f"{name}: {seen.body[:200]!r}")
    assert not found, "\n".join(found)
    assert ledger.rows() == rows
    assert_well(wire)


def test_who_stops_in_the_middle_holds_nothing(wire, ledger):
    journal, quarantine = ledger.rows()
    with ExitStack() as stack:
        waiting = [stack.enter_context(wire.connect()) for _ in range(25) for _ in STALLED]
        for connection, data in zip(waiting, [*STALLED.values()] * 25, strict=True):
            connection.sendall(addressed(data))
        assert_well(wire)
        started = time.perf_counter()
        answers = [connection.recv(4096) for connection in waiting]
        assert time.perf_counter() - started < LONGEST
    assert {answer.partition(b"\r\n")[0] for answer in answers} <= {b"", b"HTTP/1.1 503 Service Unavailable"}
    assert ledger.rows() == (journal + 1, quarantine)  # the proper one


def test_who_says_nothing_is_cut_off(wire, family):
    with ExitStack() as stack:
        waiting = [stack.enter_context(wire.connect()) for _ in range(50) for _ in SILENT]
        for connection, data in zip(waiting, [*SILENT.values()] * 50, strict=True):
            connection.sendall(addressed(data))
        assert_well(wire)
        started = time.perf_counter()
        for connection in waiting:
            connection.recv(4096)
        assert time.perf_counter() - started < LONGEST
    wait_for(lambda: connections(wire, family) == 0, "all connections are closed")


def test_a_body_cut_off_is_nobodys(wire, ledger):
    journal, quarantine = ledger.rows()
    for data in STALLED.values():
        with wire.connect() as connection:
            connection.sendall(addressed(data))
    assert_well(wire)
    assert ledger.rows() == (journal + 1, quarantine)


def addressed(data: bytes) -> bytes:
    case = pushed(accounts(WIRE).plain, "address", text(), Outcome.STORED)
    return data.replace(b"@PATH@", case.path + b"?" + case.query)


def assert_well(wire):
    """A proper callback is answered as ever."""
    case = pushed(accounts(WIRE).safe, f"still there at {time.monotonic_ns()}", text(), Outcome.STORED)
    seen = wire.ask(case)
    assert (seen.status, seen.seconds < MOST_SECONDS) == (200, True)


def memory(family):
    return sum(one.memory_info().rss for one in family)


def connections(wire, family):
    port = urlsplit(wire.url).port
    found = [link for one in family for link in one.net_connections("tcp") if link.laddr.port == port]
    return len([link for link in found if link.status == psutil.CONN_ESTABLISHED])
