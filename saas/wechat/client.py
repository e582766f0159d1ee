"""Calls to WeChat for one account, on wechatpy's client (docs/protocol.md, 8 and 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import requests
import wechatpy
from wechatpy.exceptions import WeChatClientException

from saas.wechat.answers import (
    CallQuota,
    Follower,
    Media,
    QrCode,
    Template,
    read_followers,
    read_media,
    read_page,
    read_quota,
    read_templates,
)
from saas.wechat.errcodes import Reaction
from saas.wechat.errors import WeChatError
from saas.wechat.guard import BUSY, Guard, patiently
from saas.wechat.http import (
    API_HOST,
    CONNECT_SECONDS,
    READ_SECONDS,
    UPLOAD_SECONDS,
    Hosts,
    WeChatHttp,
    may_have_arrived,
)
from saas.wechat.tokens import Issued, TokenStore

TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105  # a path, no secret
FORCED_PATH = f"{TOKEN_PATH}#forced"
"""No path of a call: WeChat grants twenty of these a day, and takes the ordinary ones when they are over."""
LONGEST_SCENE = 64
NO_MENU = 46003
BATCH = 100

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who calls: the account and its secret, or no secret where the account authorised our component."""

    tenant_id: UUID
    account_id: UUID
    app_id: str
    app_secret: str = field(default="", repr=False)
    is_authorised: bool = False


class _Api(wechatpy.WeChatClient):  # type: ignore[misc]
    """wechatpy with our token, our session and no retry of its own: its retry never ends."""

    def __init__(self, app_id: str, http: WeChatHttp, token: Callable[[], str], guard: Guard) -> None:
        super().__init__(app_id, "", timeout=(CONNECT_SECONDS, READ_SECONDS), auto_retry=False)
        self._http, self._token, self._guard = http, token, guard

    @property
    def access_token(self) -> str:
        """The account's token from the store."""
        return self._token()

    def _request(self, method: str, url_or_endpoint: str, **options: Any) -> Any:
        is_whole = url_or_endpoint.startswith("https://")
        path = urlsplit(url_or_endpoint).path if is_whole else f"/cgi-bin/{url_or_endpoint}"
        # Its own dictionary: the library writes the token into it, and a second call would carry the refused one.
        options["params"] = dict(options.get("params") or {})
        before = options.pop("before", None) or _nothing
        with self._guard.over(path):
            before()
            return super()._request(method, url_or_endpoint, **options)


class WeChatClient:
    """The calls of one account. All raise WeChatError; none carries a secret in its text."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        hosts: Hosts,
        http: WeChatHttp,
        tokens: TokenStore,
        guard: Guard | None = None,
    ) -> None:
        self._credentials, self._hosts, self._http, self._tokens = credentials, hosts, http, tokens
        self._used, self._guard = "", guard or Guard()
        self._api = _Api(credentials.app_id, http, lambda: self._used, self._guard)

    def fetch_token(self) -> int:
        """Asks WeChat for a token with the secret, whatever is stored; returns the seconds it has left."""
        return self._tokens.fetch_now(self._fetch).seconds

    def iter_followers(self) -> Iterator[list[str]]:
        """The openids of all followers, up to 10,000 at a time."""
        following: str | None = ""
        while following is not None:
            openids, following = self._page_of_followers(following)
            if openids:
                yield openids

    def batch_get_users(self, openids: Sequence[str]) -> list[Follower]:
        """What WeChat knows of up to 100 followers."""
        wanted = [{"openid": openid, "lang": "zh_CN"} for openid in openids[:BATCH]]
        return self._post("user/info/batchget", {"user_list": wanted}, read_followers)

    def create_qrcode(self, scene: str) -> QrCode:
        """A permanent code of 1 to 64 characters; WeChat gives 100,000 of them to an account and takes none back."""
        if not 1 <= len(scene) <= LONGEST_SCENE:
            raise ValueError("a scene has 1 to 64 characters")
        body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        return self._post("qrcode/create", body, lambda answer: QrCode(ticket=answer["ticket"], url=answer["url"]))

    def show_qrcode_url(self, ticket: str) -> str:
        """Where the picture of a code is; needs no token."""
        return f"{self._hosts.mp}/cgi-bin/showqrcode?{urlencode({'ticket': ticket})}"

    def upload_media(self, kind: str, name: str, content: bytes) -> Media:
        """Uploads an image, voice, video or thumb for three days."""
        options = {
            "params": {"type": kind},
            "files": {"media": (name, content)},
            "timeout": (CONNECT_SECONDS, UPLOAD_SECONDS),
        }
        return self._call(lambda: read_media(self._api.post("media/upload", **options)))

    def get_templates(self) -> list[Template]:
        """The account's message templates."""
        return self._call(lambda: read_templates(self._api.get("template/get_all_private_template")))

    def get_current_menu(self) -> dict[str, Any]:
        """The menu as set, also one made on WeChat's own site; empty when there is none."""
        try:
            return self._call(lambda: dict(self._api.get("get_current_selfmenu_info")))
        except WeChatError as error:
            if error.errcode != NO_MENU:
                raise
            return {}

    def send(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        before: Callable[[], None] | None = None,
        refused: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """One call of what must not be done twice: a refused token is replaced, nothing else is repeated.

        The WeChatError's `in_flight` says whether it may have worked all the same. `before` runs last before each time
        that it leaves, when token and count are there, `refused` when WeChat has refused the token and so done nothing,
        before another is fetched; what they raise comes out, and nothing leaves.
        """
        address = f"{API_HOST}{path}"
        return self._call(
            lambda: _answered(self._api.post(address, data=dict(body), before=before)),
            tries=_once,
            refused=refused,
        )

    def clear_quota(self) -> None:
        """Has WeChat forget the day's calls; ten times a month, so at a person's wish only."""
        self.send("/cgi-bin/clear_quota", {"appid": self._credentials.app_id})
        self._guard.calls.clear()

    def read_quota(self, path: str) -> CallQuota:
        """How often the path may be called today, by WeChat's own count."""
        return self._post("openapi/quota/get", {"cgi_path": path}, lambda answer: read_quota(answer["quota"]))

    def _page_of_followers(self, following: str) -> tuple[list[str], str | None]:
        params = {"next_openid": following} if following else {}
        return self._call(lambda: read_page(self._api.get("user/get", params=params)))

    def _post(self, path: str, body: dict[str, Any], read: Callable[[dict[str, Any]], Result]) -> Result:
        return self._call(lambda: read(self._api.post(path, data=body)))

    def _call(
        self,
        call: Callable[[], Result],
        tries: Callable[[Callable[[], Result]], Result] | None = None,
        refused: Callable[[], None] | None = None,
    ) -> Result:
        """Calls; a refused token is replaced once, a busy WeChat is asked again twice unless `tries` does otherwise."""
        made = tries or _patiently
        self._used = self._tokens.current(self._fetch)
        try:
            return made(call)
        except WeChatError as error:
            if error.reaction is not Reaction.TOKEN:
                raise
        (refused or _nothing)()
        self._used = self._tokens.after_refusal(self._used, self._fetch)
        return made(call)

    def _fetch(self, *, anew: bool = False) -> Issued:
        body = {
            "grant_type": "client_credential",
            "appid": self._credentials.app_id,
            "secret": self._credentials.app_secret,
            "force_refresh": anew,
        }
        try:
            return _patiently(lambda: self._ask_token(body))
        except WeChatError as error:
            error.in_flight = False  # only the token was asked for: the call itself was not made
            raise

    def _ask_token(self, body: dict[str, Any]) -> Issued:
        address, timeout = f"{API_HOST}{TOKEN_PATH}", (CONNECT_SECONDS, READ_SECONDS)
        with self._guard.over(FORCED_PATH if body["force_refresh"] else TOKEN_PATH):
            answer = _checked(self._http.post(address, json=body, timeout=timeout))
        return Issued(answer["access_token"], int(answer["expires_in"]))


def _nothing() -> None:
    """What is done where nobody wants to hear."""


def _patiently(call: Callable[[], Result]) -> Result:
    return patiently(lambda: _translated(call))


def _once(call: Callable[[], Result]) -> Result:
    try:
        return _translated(call)
    except WeChatError as error:  # busy says nothing of what was done before it was
        error.in_flight = error.in_flight or error.errcode == BUSY
        raise


def _translated(call: Callable[[], Result]) -> Result:
    try:
        return call()
    except WeChatClientException as error:
        failed = WeChatError(error.errcode, str(error.errmsg or ""), in_flight=error.errcode is None)
    except requests.RequestException as error:
        failed = WeChatError(None, type(error).__name__, in_flight=may_have_arrived(error))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        failed = WeChatError(None, f"unexpected answer: {type(error).__name__}", in_flight=True)
    # Raised out here, so that it carries no other error with it: the library's quote the address, and with it the token.
    raise failed


def _answered(answer: object) -> dict[str, Any]:
    """WeChat's words; what has no error code (an error page, half an answer, a proxy's own words) tells nothing."""
    if not isinstance(answer, dict) or "errcode" not in answer:
        raise TypeError
    return answer


def _checked(response: requests.Response) -> dict[str, Any]:
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    if answer.get("errcode"):
        raise WeChatError(int(answer["errcode"]), str(answer.get("errmsg", "")))
    return answer
