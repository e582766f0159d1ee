"""The one way out to WeChat: pooled, bounded in time and size, to WeChat's hosts and no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from saas.wechat.deadline import bounded, make_timely, within

API_HOST = "https://api.weixin.qq.com"
MP_HOST = "https://mp.weixin.qq.com"
CONNECT_SECONDS, READ_SECONDS, UPLOAD_SECONDS = 3.0, 5.0, 30.0
CALL_SECONDS = CONNECT_SECONDS + READ_SECONDS
"""The longest that a call takes from its connection to the last byte of its answer; an upload's has its own two."""
MOST_BYTES = 10 * 1024 * 1024
POOL = 32
NEVER_LEFT = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where WeChat's hosts are reached: themselves, or the simulator."""

    api: str = API_HOST
    mp: str = MP_HOST


class _To(HTTPAdapter):
    """Sends what is addressed to one of WeChat's hosts to where that host is reached."""

    def __init__(self, host: str, place: str) -> None:
        self._host, self._place = host, place
        super().__init__(pool_connections=4, pool_maxsize=POOL)
        make_timely(self.poolmanager)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Rewrites the host; path, query and body stay."""
        request.url = (request.url or "").replace(self._host, self._place, 1)
        return super().send(request, *args, **options)


class WeChatHttp(requests.Session):
    """A session that knows WeChat's hosts alone and follows no redirect: nobody can send it elsewhere."""

    def __init__(self, hosts: Hosts) -> None:
        super().__init__()
        self.trust_env = False
        self.adapters.clear()
        for host, place in ((API_HOST, hosts.api), (MP_HOST, hosts.mp)):
            self.mount(f"{host}/", _To(host, place))

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Sends and reads the whole answer: no longer than its two time-outs together, no more than ten megabytes."""
        timeout = options.get("timeout") or CALL_SECONDS
        with within(sum(timeout) if isinstance(timeout, tuple) else timeout):
            return bounded(super().send(request, **{**options, "timeout": timeout, "stream": True}), MOST_BYTES)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: a redirect is an answer like any other."""
        return None


def may_have_arrived(error: requests.RequestException) -> bool:
    """Whether a call that failed so may have reached WeChat; not when no connection was ever made."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return not isinstance(error, NEVER_LEFT) and not isinstance(reason, NewConnectionError)
