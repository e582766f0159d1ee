"""The shipped nginx configuration in a real nginx: each path reaches its process, as it should."""

from __future__ import annotations

import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from socket import inet_aton

import pytest
import requests
import yaml

from saas.stack.store import free_port
from tests.factories.nginx import CONFIGURATION, nginx, shipped
from tests.factories.processes import wait_for
from tests.factories.upstreams import QUIET, NamedServer

DEPLOY = Path(__file__).parents[2] / "deploy"


class Names(socketserver.ThreadingUDPServer):
    """A name server as Docker's: every name stands at `address`, and is said to for ten minutes."""

    daemon_threads = True
    address = "127.0.0.2"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Question)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Question(socketserver.BaseRequestHandler):
    """One question for an address, and its answer."""

    server: Names

    def handle(self) -> None:
        data, sock = self.request
        question = data[12 : data.index(0, 12) + 5]
        one_answer = data[:2] + b"\x81\x80" + b"\0\1\0\1\0\0\0\0"
        ten_minutes = b"\xc0\x0c\0\1\0\1" + (600).to_bytes(4) + b"\0\4"
        sock.sendto(one_answer + question + ten_minutes + inet_aton(self.server.address), self.client_address)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the proxy writes."""
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def proxy(folder: Path) -> Iterator[str]:
    """The proxy's address, with the processes behind it."""
    port = free_port()
    names = {8000: "web", 8002: "callback", 8012: "callback-2", 8003: "stream"}
    with ExitStack() as running:
        servers = {usual: running.enter_context(NamedServer(name)) for usual, name in names.items()}
        site = shipped(port, {usual: server.server_port for usual, server in servers.items()})
        yield running.enter_context(nginx(folder, site, port))


@pytest.mark.parametrize(
    ("path", "process"),
    [
        ("/", "web"),
        ("/login", "web"),
        ("/api/v1/tenants", "web"),
        ("/wechat/wx0123456789abcdef", "callback"),
        ("/wechat/component/wx0123456789abcdef", "callback"),
        ("/wechats", "web"),
        ("/invitations/x", "web"),
        ("/authorise/x", "web"),
        ("/wechat/component/wxc/wx0", "callback"),
        ("/livestock", "web"),
        ("/metrics", "web"),
    ],
)
def test_each_path_reaches_its_process(proxy: str, path: str, process: str) -> None:
    assert requests.get(proxy + path, timeout=5).text.split("|")[0].removesuffix("-2") == process


def test_two_processes_share_the_accounts_and_each_keeps_its_own(proxy: str) -> None:
    """Which one remembers what it answered while the database is away."""
    asked = [(f"wx{number}", nonce) for number in range(40) for nonce in ("a", "b")]
    answers = {
        (app_id, requests.get(f"{proxy}/wechat/{app_id}?nonce={nonce}", timeout=5).text.split("|")[0])
        for app_id, nonce in asked
    }
    assert len(answers) == 40
    assert {process for _, process in answers} == {"callback", "callback-2"}


def test_an_event_arrives_before_the_stream_ends(proxy: str) -> None:
    started = time.monotonic()
    with requests.get(f"{proxy}/live?tenant=1", stream=True, timeout=5) as answer:
        first = next(answer.iter_lines())
    assert first == b"data: stream"
    assert time.monotonic() - started < QUIET


def test_a_visitor_cannot_choose_the_address_we_see(proxy: str) -> None:
    forged = {"X-Forwarded-For": "9.9.9.9", "X-Forwarded-Proto": "https", "Host": "matrix.example.com"}
    answer = requests.get(f"{proxy}/login", headers=forged, timeout=5)
    assert answer.text == "web|matrix.example.com|127.0.0.1|http"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/wechat/wx0", 64 * 1024, 200),
        ("/wechat/wx0", 64 * 1024 + 1, 413),
        ("/api/v1/files", 1024 * 1024, 200),
    ],
)
def test_a_callback_is_never_over_64_kib(proxy: str, path: str, size: int, status: int) -> None:
    assert requests.post(proxy + path, data=b"x" * size, timeout=5).status_code == status


@pytest.fixture
def names() -> Iterator[Names]:
    with Names() as server:
        yield server
        server.shutdown()


def in_containers(folder: Path) -> str:
    """The configuration as the compose file's command makes it."""
    *_, line = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["proxy"]["command"]
    made = folder / "default.conf"
    make = line.partition("&& exec nginx")[0].replace("/qiandian.conf", str(CONFIGURATION))
    subprocess.run(["sh", "-c", make.replace("/etc/nginx/conf.d/default.conf", str(made))], check=True)
    return made.read_text()


def test_a_new_container_is_found_at_its_new_address(names: Names, tmp_path: Path) -> None:
    port = free_port()
    site = in_containers(tmp_path).replace("127.0.0.11", f"127.0.0.1:{names.server_address[1]}")
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
    with NamedServer("callback") as server:
        site = site.replace("callback:8002", f"callback:{server.server_port}")
        with nginx(tmp_path, site, port) as address:
            nobody = requests.get(f"{address}/wechat/wx0", timeout=9)
            assert nobody.status_code in (502, 504), "nobody stands there any more"
            names.address = "127.0.0.1"
            wait_for(
                lambda: requests.get(f"{address}/wechat/wx0", timeout=9).text.startswith("callback"), "the new address"
            )
