"""The calls of the component itself (docs/protocol.md, 11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import requests

from saas.wechat.component.errors import TicketMissing
from saas.wechat.component.settings import Component
from saas.wechat.component.tickets import TicketStore
from saas.wechat.errcodes import Reaction
from saas.wechat.errors import WeChatError
from saas.wechat.guard import Guard, patiently
from saas.wechat.http import API_HOST, CONNECT_SECONDS, READ_SECONDS, WeChatHttp
from saas.wechat.tokens import Issued, TokenStore

PATH = f"{API_HOST}/cgi-bin/component"
REPEATABLE = frozenset({"api_component_token", "api_authorizer_token"})
"""What a busy WeChat is asked again, since an account's message waits for it."""
SERVICE = 2
VERIFIED = frozenset({0, 3, 4, 5})
"""Kinds of verification that open functions: WeChat's own, also while the name is not confirmed; not Weibo's."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PreAuth:
    """A code that opens WeChat's page once, with the seconds it is good for."""

    code: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What a scan has granted."""

    app_id: str
    issued: Issued = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizer:
    """An account that authorised us, as WeChat describes it, with the permission sets it gave."""

    app_id: str
    original_id: str
    name: str
    service_type: str
    verified: bool
    is_mini_program: bool
    permission_sets: tuple[int, ...]


class ComponentApi:
    """All raise WeChatError, and TicketMissing where a new token must be asked for without a ticket."""

    def __init__(
        self,
        component: Component,
        *,
        http: WeChatHttp,
        tokens: TokenStore,
        tickets: TicketStore,
        guard: Guard | None = None,
    ) -> None:
        self._component, self._http, self._tokens, self._tickets = component, http, tokens, tickets
        self._guard = guard or Guard()

    def create_pre_auth_code(self) -> PreAuth:
        """A code for one way to WeChat's page."""
        return self._call(
            "api_create_preauthcode", {}, lambda answer: PreAuth(answer["pre_auth_code"], int(answer["expires_in"]))
        )

    def query_auth(self, code: str) -> Grant:
        """What the code of a scan grants; a code works once."""
        return self._call("api_query_auth", {"authorization_code": code}, _grant)

    def renew(self, app_id: str, refresh_token: str) -> Issued:
        """A new token of an account, and the refresh token that is good from now on."""
        body = {"authorizer_appid": app_id, "authorizer_refresh_token": refresh_token}
        return self._call("api_authorizer_token", body, lambda answer: _issued(answer, refresh_token))

    def read_authorizer(self, app_id: str) -> Authorizer:
        """The account as WeChat describes it."""
        return self._call(
            "api_get_authorizer_info", {"authorizer_appid": app_id}, lambda answer: _authorizer(app_id, answer)
        )

    def _call(self, name: str, body: dict[str, str], read: Callable[[dict[str, Any]], Result]) -> Result:
        used = self._token()
        try:
            answer = self._post(name, body, used)
        except WeChatError as error:
            if error.reaction is not Reaction.TOKEN:
                raise
            answer = self._post(name, body, self._tokens.after_refusal(used, self._fetch))
        return _read(answer, read)

    def _token(self) -> str:
        try:
            return self._tokens.current(self._fetch)
        except TicketMissing:
            # A new component, or WeChat has stopped: this makes it push again.
            self._post("api_start_push_ticket", {"component_secret": self._component.secret})
            raise

    def _fetch(self, *, anew: bool = False) -> Issued:
        body = {
            "component_appsecret": self._component.secret,
            "component_verify_ticket": self._tickets.current(),
        }
        answer = self._post("api_component_token", body)
        return _read(answer, lambda found: Issued(found["component_access_token"], int(found["expires_in"])))

    def _post(self, name: str, body: dict[str, str], token: str = "") -> Any:
        call = partial(self._post_once, name, body, token)
        return patiently(call) if name in REPEATABLE else call()

    def _post_once(self, name: str, body: dict[str, str], token: str) -> Any:
        with self._guard.over(f"/cgi-bin/component/{name}"):
            return _checked(self._ask(name, body, token))

    def _ask(self, name: str, body: dict[str, str], token: str) -> Any:
        # `from None`: the library's own errors quote the address, and with it the token.
        try:
            response = self._http.post(
                f"{PATH}/{name}",
                params={"component_access_token": token} if token else {},
                json={"component_appid": self._component.app_id, **body},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
            )
            response.raise_for_status()
            return response.json()
        except requests.RequestException as error:
            raise WeChatError(None, type(error).__name__) from None


def _read(answer: dict[str, Any], read: Callable[[dict[str, Any]], Result]) -> Result:
    try:
        return read(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeChatError(None, f"unexpected answer: {type(error).__name__}") from None


def _checked(answer: Any) -> Any:
    """The answer, whatever it is; raises WeChatError where it is a refusal."""
    errcode = answer.get("errcode") if isinstance(answer, dict) else None
    if errcode and isinstance(errcode, int):
        raise WeChatError(errcode, str(answer.get("errmsg", "")))
    return answer


def _grant(answer: dict[str, Any]) -> Grant:
    info = answer["authorization_info"]
    return Grant(info["authorizer_appid"], _issued(info, ""))


def _issued(answer: dict[str, Any], refresh_token: str) -> Issued:
    renewal = answer.get("authorizer_refresh_token") or refresh_token
    if not renewal:  # an account that left out every permission set
        raise KeyError("authorizer_refresh_token")
    return Issued(answer["authorizer_access_token"], int(answer["expires_in"]), renewal)


def _authorizer(app_id: str, answer: dict[str, Any]) -> Authorizer:
    info, granted = answer["authorizer_info"], answer["authorization_info"]
    return Authorizer(
        app_id=app_id,
        original_id=info.get("user_name", ""),
        name=info.get("nick_name", ""),
        service_type="service" if info["service_type_info"]["id"] == SERVICE else "subscription",
        verified=info["verify_type_info"]["id"] in VERIFIED,
        is_mini_program="MiniProgramInfo" in info,
        permission_sets=tuple(item["funcscope_category"]["id"] for item in granted.get("func_info", ())),
    )
