"""The shipped nginx configuration in a real nginx, before processes that are away, late or silent."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
import requests

from saas.stack.store import free_port
from tests.factories.nginx import nginx, shipped
from tests.factories.processes import wait_for
from tests.factories.upstreams import Cut, Late, NamedServer, Silent, Upstream

WECHAT_WAITS = 5.0
CALLS = 6
MEGABYTE = 1024 * 1024
SECRET = ("/wechat/wx0?openid=oCanary", "/invitations/Canary", "/authorise/Canary")
USUAL = (8000, 8002, 8003, 8012)


@contextmanager
def callbacks(folder: Path, kinds: Sequence[type[Upstream]]) -> Iterator[str]:
    """The proxy's address, with one process of each kind for the callbacks."""
    with ExitStack() as running:
        first, second, *more = [running.enter_context(NamedServer("callback", kind)).server_port for kind in kinds]
        port, places = free_port(), {8000: free_port(), 8003: free_port(), 8002: first, 8012: second}
        lines = "".join(f" server 127.0.0.1:{place} max_fails=0;" for place in more)
        site = shipped(port, places).replace("hash $uri;", f"hash $uri;{lines}")
        yield running.enter_context(nginx(folder, site, port))


def call(url: str) -> tuple[int, float]:
    """The status, and after how many seconds WeChat hears it."""
    began = time.monotonic()
    status = requests.post(url, data=b"<xml/>", timeout=3 * WECHAT_WAITS).status_code
    return status, time.monotonic() - began


def call_many(address: str) -> tuple[set[int], float]:
    """Of many accounts, so that each process is some account's first."""
    with ThreadPoolExecutor(CALLS) as pool:
        answers = list(pool.map(call, [f"{address}/wechat/wx{number}" for number in range(CALLS)]))
    return {status for status, _ in answers}, max(seconds for _, seconds in answers)


@pytest.mark.parametrize("kinds", [(Silent, Upstream), (Cut, Upstream), (Silent, Late)])
def test_what_one_process_does_not_answer_the_other_does_in_time(
    kinds: Sequence[type[Upstream]], tmp_path: Path
) -> None:
    with callbacks(tmp_path, kinds) as address:
        statuses, longest = call_many(address)
    assert statuses == {200}
    assert longest < WECHAT_WAITS


@pytest.mark.parametrize("silent", [2, 4])
def test_however_many_are_silent_wechat_is_told_in_time(silent: int, tmp_path: Path) -> None:
    with callbacks(tmp_path, [Silent] * silent) as address:
        statuses, longest = call_many(address)
    assert statuses == {504}
    assert longest < WECHAT_WAITS


def announce(address: str, path: str, size: int) -> int:
    """The status of a call that says how much it will send."""
    line = HTTPConnection(address.removeprefix("http://"), timeout=5)
    line.putrequest("POST", path)
    line.putheader("Content-Length", str(size))
    line.endheaders()
    with line.getresponse() as answer:
        return answer.status


def impatient(site: str) -> str:
    """The same site, which waits for a fifth of a second."""
    site = re.sub(r"proxy_read_timeout \w+;", "proxy_read_timeout 200ms;", site)
    return site.replace("server_tokens off;", "server_tokens off; proxy_read_timeout 200ms;")


def test_the_log_names_no_fan_and_no_invitation(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "access.log"
    with NamedServer("any") as any_process:
        places = dict.fromkeys(USUAL, any_process.server_port)
        with nginx(tmp_path, shipped(port, places), port) as address:
            for path in (*SECRET, "/login?seen=1"):
                assert requests.get(address + path, timeout=5).status_code == 200
            wait_for(lambda: "/login?seen=1" in log.read_text(), "the proxy writes its log")  # after it has answered
    assert "Canary" not in log.read_text()


@pytest.mark.parametrize("path", SECRET)
def test_the_log_of_faults_names_them_neither(path: str, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "error.log"
    with NamedServer("silent", Silent) as silent:
        for place, status in ((free_port(), 502), (silent.server_port, 504)):
            with nginx(tmp_path, impatient(shipped(port, dict.fromkeys(USUAL, place))), port) as address:
                for asked in (path, "/login"):
                    assert requests.post(address + asked, data=b"<xml/>", timeout=5).status_code == status
                    assert announce(address, asked, 30 * MEGABYTE) == 413
    assert "Canary" not in log.read_text()
    faults = [line for line in log.read_text().splitlines() if "/login" in line]
    for word in ("refused", "timed out", "too large"):
        assert any(word in line for line in faults), "the log is written"
