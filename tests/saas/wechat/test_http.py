"""The one way out leads to WeChat's hosts and nowhere else, however an address is written and whatever answers."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
import requests

from saas.wechat.client import WeChatClient
from saas.wechat.errors import WeChatError
from saas.wechat.http import API_HOST, MP_HOST, Hosts, WeChatHttp, may_have_arrived
from saas.wechat.tokens import Issued
from tests.architecture.sources import product

LOOPBACK = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1",
    "0177.0.0.1", "0177.1", "0x7f.1", "127.0.0.1.", "127.000.000.001", "localhost", "localhost.", "LOCALHOST",
    "localhost.localdomain", "0", "0.0.0.0", "0x0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",  # noqa: S104
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::1%25lo]", "[fe80::1%25eth0]",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1.nip.io", "localtest.me", "lvh.me", "127-0-0-1.sslip.io",
)  # fmt: skip
INSIDE = (
    "10.0.0.1", "10.1", "167772161", "0xa000001", "012.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "192.168.1.254", "0300.0250.0.1", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "[fc00::1]",
    "[fd00::1]", "[fe80::1]", "[ff02::1]", "[::ffff:10.0.0.1]", "[::ffff:192.168.0.1]", "[64:ff9b::a00:1]",
)  # fmt: skip
METADATA = (
    "169.254.169.254/latest/meta-data/", "169.254.170.2/v2/credentials", "169.254.169.253", "2852039166/",
    "0xa9fea9fe/", "0251.0376.0251.0376/", "169.254.43518/", "[::ffff:169.254.169.254]/", "[::ffff:a9fe:a9fe]/",
    "[fd00:ec2::254]/latest/", "metadata.google.internal/computeMetadata/v1/", "metadata/",
    "100.100.100.200/latest/meta-data/", "metadata.tencentyun.com/latest/meta-data/", "169.254.0.23/latest/",
    "169.254.10.10/", "192.0.0.192/latest/", "instance-data/latest/",
)  # fmt: skip
SCHEMES = (
    "file:///etc/passwd", "file://localhost/etc/passwd", "file:/etc/passwd", "FILE:///etc/passwd", "ftp://127.0.0.1/a",
    "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:6379/info", "ldap://127.0.0.1/", "tftp://127.0.0.1/a",
    "sftp://127.0.0.1/a", "smb://127.0.0.1/share", "jar:http://127.0.0.1!/a", "netdoc:///etc/passwd",
    "data:text/plain,a", "javascript:alert(1)", "mailto:a@example.test", "unix:///run/a.sock", "http+unix://%2Frun%2Fa/",
    "ws://127.0.0.1/", "//127.0.0.1/", "///127.0.0.1/", "/cgi-bin/token", "127.0.0.1", "api.weixin.qq.com/cgi-bin/token",
    "http:127.0.0.1", "http:/127.0.0.1", "http:///127.0.0.1", "http://", "https://", "", " ", "https:api.weixin.qq.com/",
)  # fmt: skip
LOOKALIKES = (
    "http://api.weixin.qq.com/", "https://api.weixin.qq.com:8443/", "https://api.weixin.qq.com@127.0.0.1/",
    "https://api.weixin.qq.com:443@127.0.0.1/", "https://api.weixin.qq.com%40127.0.0.1/",
    "https://user:pass@127.0.0.1/", "https://user@api.weixin.qq.com/",
    "https://127.0.0.1\\@api.weixin.qq.com/", "https://api.weixin.qq.com%2f@127.0.0.1/",
    "https://127.0.0.1#@api.weixin.qq.com/", "https://127.0.0.1?@api.weixin.qq.com/",
    "https://127.0.0.1/https://api.weixin.qq.com/", "https://api.weixin.qq.com.evil.test/",
    "https://api.weixin.qq.com.127.0.0.1.nip.io/", "https://evil-api.weixin.qq.com/", "https://xapi.weixin.qq.com/",
    "https://api-weixin.qq.com/", "https://weixin.qq.com/", "https://qq.com/", "https://api.weixin.qq.com./",
    "https://api.weixin.qq.com%00.evil.test/", "https://api.weixin.qq.com%09.evil.test/", "https://аpi.weixin.qq.com/",
    "https://mp.weixin.qq.com:80/", "https://mp.weixin.qq.com.evil.test/", "https://mmbiz.qpic.cn/mmbiz_jpg/a/0",
    "http://mmbiz.qpic.cn/mmbiz_jpg/a/0", "https://open.weixin.qq.com/",
)  # fmt: skip
ELSEWHERE = (
    *(f"{scheme}://{host}/" for host in LOOPBACK for scheme in ("http", "https")),
    *(f"http://{host}/" for host in INSIDE),
    *(f"http://{place}" for place in METADATA),
    *SCHEMES,
    *LOOKALIKES,
)


@pytest.fixture
def asked(monkeypatch):
    """The names that were looked up or connected to."""
    seen: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *values, **_: seen.append(values) or [])
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: seen.append(address))
    return seen


def test_the_list_is_long_enough():
    assert len(set(ELSEWHERE)) >= 120


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nothing_else_is_looked_up_or_reached(asked, address):
    hosts = Hosts("http://127.0.0.1:1", "http://127.0.0.1:1")
    with WeChatHttp(hosts) as http, pytest.raises((requests.RequestException, ValueError)):
        http.get(address, timeout=1)
    assert asked == []


class Redirecting(BaseHTTPRequestHandler):
    """Answers with a redirect to wherever the query says, and keeps what it was asked."""

    paths: ClassVar[list[str]] = []

    def do_GET(self):
        self.paths.append(self.path)
        self.send_response(302)
        self.send_header("Location", requests.utils.unquote(self.path.partition("?to=")[2]).encode().decode("latin-1"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Keeps silent."""


@pytest.fixture(scope="module")
def redirecting():
    """A WeChat that sends its callers elsewhere."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_redirect_is_followed(redirecting):
    targets = [*ELSEWHERE, f"{redirecting}/inside", f"{API_HOST}/cgi-bin/other"]
    Redirecting.paths.clear()
    with WeChatHttp(Hosts(redirecting, redirecting)) as http:
        for target in targets:
            answer = http.get(f"{API_HOST}/cgi-bin/a", params=f"to={requests.utils.quote(target)}", timeout=5)
            assert (answer.status_code, answer.history) == (302, [])
    assert len(Redirecting.paths) == len(targets)
    assert {path.partition("?")[0] for path in Redirecting.paths} == {"/cgi-bin/a"}


def test_a_backslash_stays_in_the_path(redirecting):
    Redirecting.paths.clear()
    with WeChatHttp(Hosts(redirecting, redirecting)) as http:
        http.get(f"{API_HOST}\\@127.0.0.1:1/a", timeout=5)
    assert Redirecting.paths == ["/%5C@127.0.0.1:1/a"]


@pytest.mark.parametrize("host", [API_HOST, MP_HOST, API_HOST.upper()])
def test_wechats_own_hosts_are_reached_where_the_settings_say(redirecting, host):
    with WeChatHttp(Hosts(redirecting, redirecting)) as http:
        assert http.get(f"{host}/cgi-bin/a?to=x", timeout=5).status_code == 302


def test_proxies_of_the_environment_are_not_used(redirecting, monkeypatch):
    for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with WeChatHttp(Hosts(redirecting, redirecting)) as http:
        assert http.get(f"{API_HOST}/cgi-bin/a?to=x", timeout=5).status_code == 302


@pytest.mark.parametrize(
    "path", ["//127.0.0.1/a", "@127.0.0.1/", "/../../a", ".evil.test/", ":80@127.0.0.1/", "\\127.0.0.1"]
)
def test_a_path_can_not_change_the_host(redirecting, credentials, tokens, path):
    Redirecting.paths.clear()
    tokens.fetch_now(lambda **_: Issued("0" * 40, 7200))
    hosts = Hosts(redirecting, redirecting)
    with WeChatHttp(hosts) as http, pytest.raises(WeChatError):
        WeChatClient(credentials, hosts=hosts, http=http, tokens=tokens).send(path, {})


CLIENTS = ("import requests", "from requests", "import httpx", "import urllib3", "urllib.request", "import aiohttp")
ALLOWED = {
    "saas/simulator/": "is the other side",
    "saas/stack/component.py": "tells the simulator on this machine",
    "saas/wechat/": "is the one way out",
    "tenants/accounts/services/checks.py": "asks this deployment's own callback address",
    "tenants/home/cli/simulated.py": "plays with the simulator on this machine",
}


def test_nothing_else_in_the_program_calls_out():
    """A fan's picture, or any other address from outside, would have to go through this session: nobody else has a client."""
    found = [one.name for one in product() if any(line.startswith(CLIENTS) for line in one.lines)]
    assert [name for name in found if not name.startswith(tuple(ALLOWED))] == []
    assert [place for place in ALLOWED if not any(name.startswith(place) for name in found)] == []


def test_what_was_never_connected_can_not_have_arrived(redirecting):
    with WeChatHttp(Hosts("http://127.0.0.1:1", redirecting)) as http:
        with pytest.raises(requests.ConnectionError) as caught:
            http.get(f"{API_HOST}/", timeout=1)
        assert not may_have_arrived(caught.value)
    assert may_have_arrived(requests.ReadTimeout())
    assert may_have_arrived(requests.ConnectionError("Connection aborted."))
    assert may_have_arrived(requests.HTTPError())
    assert may_have_arrived(requests.exceptions.ChunkedEncodingError())
    assert not may_have_arrived(requests.ConnectTimeout())
    assert not may_have_arrived(requests.exceptions.InvalidSchema())
