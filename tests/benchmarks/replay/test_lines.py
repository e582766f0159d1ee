"""Connections to the callbacks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from benchmarks.replay import lines
from benchmarks.replay.lines import Lines, Unanswered, status_of
from tests.factories.loops import run

Work = Callable[[Lines], Awaitable[list[int]]]


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Le", None),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nsucc", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsuccess", 200),
        (b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", 503),
    ],
)
def test_an_answer_counts_when_all_of_it_is_here(received: bytes, status: int | None) -> None:
    assert status_of(received) == status


def test_a_line_is_used_again() -> None:
    async def ask_thrice(open_lines: Lines) -> list[int]:
        return [await open_lines.ask(b"x") for _ in range(3)]

    assert run(served(ask_thrice, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) == ([200, 200, 200], 1)


def test_silence_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PATIENCE", 0.05)

    async def ask(open_lines: Lines) -> list[int]:
        with pytest.raises(Unanswered, match="silent"):
            await open_lines.ask(b"x")
        return []

    assert run(served(ask, b"")) == ([], 1)


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(Unanswered, match="no connection"):
        run(Lines("127.0.0.1", 1).ask(b"x"))


async def served(work: Work, answer: bytes) -> tuple[list[int], int]:
    """What the work returns against a server that answers each read so, and how many connections it took."""
    connections = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        while await reader.read(100):
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    open_lines = Lines("127.0.0.1", server.sockets[0].getsockname()[1])
    found = await work(open_lines)
    await open_lines.close()
    server.close()
    await asyncio.sleep(0.05)
    return found, len(connections)
