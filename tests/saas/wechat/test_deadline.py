"""A WeChat that drips, that floods, that takes nothing: no call is longer or larger than it may be."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager

import pytest
import requests

from saas.wechat import deadline
from saas.wechat import http as way_out
from saas.wechat.client import WeChatClient
from saas.wechat.errors import WeChatError
from saas.wechat.http import API_HOST, Hosts, WeChatHttp, may_have_arrived
from saas.wechat.tokens import Issued

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TIMEOUT = (3, 3)
DRIPS = 3000
"""So many at a hundredth of a second: who has no patience of his own is there for half a minute."""


class Clock:
    """A call's clock, which these tests move: nothing ends because the machine stood still."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


CLOCK = Clock()


@pytest.fixture
def clock(monkeypatch):
    """The clock, set before calls."""
    monkeypatch.setattr(deadline, "time", CLOCK)
    return CLOCK


@contextmanager
def answering(answer):
    """The address of a server that does so with one connection after the other."""
    over = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while not over.is_set():
            connection, _ = server.accept()
            with connection:
                try:
                    answer(connection, over)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    over.set()
    socket.create_connection(server.getsockname()).close()
    thread.join()
    server.close()


def dripping(head, body):
    def answer(connection, over):
        connection.recv(65536)
        connection.sendall(head)
        for byte in body:
            if over.wait(0.01):
                return
            CLOCK.now += 0.5
            connection.sendall(bytes([byte]))

    return answer


def whole(answer):
    def send(connection, _):
        connection.recv(65536)
        connection.sendall(answer)

    return send


def deaf(_, over):
    over.wait()


SLOW = {
    "body": dripping(HEAD + b"Content-Length: %d\r\n\r\n" % DRIPS, b" " * DRIPS),
    "chunks": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n" * (DRIPS // 6)),
    "headers": dripping(HEAD, b"X-A: " + b"b" * DRIPS),
    "first line": dripping(b"", b"HTTP/1.1 200 " + b"O" * DRIPS),
    "endless": dripping(HEAD + b"Connection: close\r\n\r\n", b" " * DRIPS),
}


@pytest.mark.parametrize("place", SLOW)
def test_a_dripping_answer_ends_with_the_call(place, clock):
    began = clock.now
    with answering(SLOW[place]) as url, WeChatHttp(Hosts(url, url)) as http:
        with pytest.raises(requests.RequestException) as caught:
            http.post(f"{API_HOST}/cgi-bin/x", json={}, timeout=TIMEOUT)
        assert sum(TIMEOUT) <= clock.now - began < DRIPS / 4
        assert may_have_arrived(caught.value)


def test_who_takes_nothing_ends_the_call_too():
    with answering(deaf) as url, WeChatHttp(Hosts(url, url)) as http:
        with pytest.raises(requests.RequestException) as caught:
            http.post(f"{API_HOST}/cgi-bin/x", data=b"0" * 30_000_000, timeout=(1.5, 0.5))
        assert may_have_arrived(caught.value)


def test_without_a_word_about_time_it_is_that_of_a_call(clock):
    began = clock.now
    with answering(SLOW["body"]) as url, WeChatHttp(Hosts(url, url)) as http:
        with pytest.raises(requests.RequestException):
            http.get(f"{API_HOST}/cgi-bin/x")
        assert way_out.CALL_SECONDS <= clock.now - began < DRIPS / 4


def test_what_is_connected_too_late_is_not_sent(monkeypatch, clock):
    asked = []
    connect = deadline.HTTPConnection.connect
    late = clock.now + sum(TIMEOUT)
    monkeypatch.setattr(deadline.HTTPConnection, "connect", lambda one: (connect(one), setattr(clock, "now", late)))
    with answering(lambda one, _: asked.append(one.recv(9))) as url, WeChatHttp(Hosts(url, url)) as http:
        with pytest.raises(requests.ConnectTimeout) as caught:
            http.post(f"{API_HOST}/cgi-bin/x", json={}, timeout=TIMEOUT)
        assert not may_have_arrived(caught.value)
    assert not any(asked)


def plain(connection, _):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("answer", [deaf, lambda one, _: None, lambda one, _: one.recv(9), plain])
def test_who_shakes_no_hands_over_tls_was_sent_nothing(answer):
    """Silent, gone at once, gone after the first word, and one that speaks without TLS."""
    with answering(answer) as url, WeChatHttp(Hosts(url.replace("http", "https"), url)) as http:
        with pytest.raises(requests.ConnectionError) as caught:
            http.post(f"{API_HOST}/cgi-bin/x", json={}, timeout=(0.3, 0.3))
        assert not may_have_arrived(caught.value)


def test_over_tls_a_stranger_is_sent_nothing(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    names = ["-subj", "/CN=stranger", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    shake = lambda one, _: context.wrap_socket(one, server_side=True)  # noqa: E731
    with answering(shake) as url, WeChatHttp(Hosts(url.replace("http", "https"), url)) as http:
        with pytest.raises(requests.ConnectionError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            http.post(f"{API_HOST}/cgi-bin/x", json={}, timeout=(5, 5))
        assert not may_have_arrived(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Length: 3001\r\n\r\n" + b" " * 3001,
        HEAD + b"Connection: close\r\n\r\n" + b" " * 3001,
        HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b" " * 3_000_000),
    ],
)
def test_a_flood_is_not_taken(monkeypatch, answer):
    monkeypatch.setattr(way_out, "MOST_BYTES", 3000)
    with answering(whole(answer)) as url, WeChatHttp(Hosts(url, url)) as http:
        with pytest.raises(deadline.TooLarge) as caught:
            http.get(f"{API_HOST}/cgi-bin/x", timeout=TIMEOUT)
        assert may_have_arrived(caught.value)


def test_what_is_within_is_whole_and_the_connection_is_kept():
    def answer(connection, _):
        for _ in range(2):
            while (asked := connection.recv(65536)) and not asked.endswith(b"{}"):
                pass  # head and body come by themselves
            packed = gzip.compress(b'{"errcode": 0}')
            connection.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(packed), packed))

    with answering(answer) as url, WeChatHttp(Hosts(url, url)) as http:
        found = [http.post(f"{API_HOST}/cgi-bin/x", json={}, timeout=TIMEOUT).json() for _ in range(2)]
    assert found == [{"errcode": 0}] * 2


@pytest.mark.parametrize("cut", [SLOW["body"], whole(HEAD + b"Connection: close\r\n\r\n" + b" " * 4000)])
def test_a_call_cut_so_may_have_worked(monkeypatch, clock, credentials, tokens, cut):
    monkeypatch.setattr(way_out, "MOST_BYTES", 3000)
    tokens.fetch_now(lambda **_: Issued("0" * 40, 7200))
    with answering(cut) as url, WeChatHttp(Hosts(url, url)) as http:
        client = WeChatClient(credentials, hosts=Hosts(url, url), http=http, tokens=tokens)
        client._api.timeout = TIMEOUT
        with pytest.raises(WeChatError) as caught:
            client.send("/cgi-bin/message/custom/send", {})
    assert (caught.value.errcode, caught.value.in_flight) == (None, True)
