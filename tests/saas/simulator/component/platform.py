"""A small third-party platform, built with wechatpy alone: its server for events and messages, and its calls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import xmltodict
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature
from werkzeug.wrappers import Request, Response

from tests.saas.simulator.conftest import Box
from tests.saas.simulator.echo import serving

COMPONENT = {
    "app_id": "wxcomponent00000001", "app_secret": "the-platform-secret", "token": "platformtoken", "name": "千店",
    "encoding_aes_key": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
}  # fmt: skip


@dataclass
class Platform:
    """Hears events and answers messages; `raw` may be set by a test."""

    box: Box
    url: str = ""
    events: list[dict[str, str]] = field(default_factory=list)
    messages: list[tuple[str, Any]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    raw: Response | None = None

    def __call__(self, request: Request) -> Response:
        query = request.args
        if request.path == "/back":
            return Response("<!doctype html><title>back</title>", mimetype="text/html")
        check_signature(COMPONENT["token"], query["signature"], query["timestamp"], query["nonce"])
        body = request.get_data(as_text=True)
        self.queries.append(query.to_dict())
        self.bodies.append(body)
        clear = self.crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        if request.path == "/events":
            self.events.append(dict(xmltodict.parse(clear)["xml"]))
            return self.raw or Response("success")
        message = parse_message(clear)
        self.messages.append((request.path.removeprefix("/messages/"), message))
        answer = create_reply(f"platform:{getattr(message, 'content', message.type)}", message).render()
        return self.raw or Response(self.crypto.encrypt_message(answer, query["nonce"], query["timestamp"]))

    @property
    def crypto(self) -> WeChatCrypto:
        return WeChatCrypto(COMPONENT["token"], COMPONENT["encoding_aes_key"], COMPONENT["app_id"])

    def link(self, path: str, **more: str) -> str:
        """The address of a page of authorisation, with a new code."""
        code = self.call("api_create_preauthcode")["pre_auth_code"]
        query = {
            "component_appid": COMPONENT["app_id"],
            "pre_auth_code": code,
            "redirect_uri": f"{self.url}/back?state=7",
        }
        return f"{path}?{urlencode({**query, **more})}"

    def register(self, **changes: Any) -> Any:
        urls = {"event_url": f"{self.url}/events", "message_url": f"{self.url}/messages/$APPID$"}
        return self.box.client.put("/_sim/component", json={**COMPONENT, **urls, **changes}).json

    def wait(self, info_type: str, count: int = 1) -> list[dict[str, str]]:
        """The events of a type, once so many have come."""
        for _ in range(200):
            found = [event for event in self.events if event["InfoType"] == info_type]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{info_type} came {len(found)} times")

    def ticket(self) -> str:
        return self.wait("component_verify_ticket")[-1]["ComponentVerifyTicket"]

    def call(self, name: str, **values: Any) -> Any:
        """An API of the platform, with a token of its own."""
        query = {"component_access_token": values.pop("token", None) or self.token()}
        return self.post(name, values, **query)

    def post(self, name: str, values: dict[str, Any], **query: str) -> Any:
        body = {"component_appid": COMPONENT["app_id"], **values}
        return self.box.client.post(f"/cgi-bin/component/{name}", json=body, query_string=query).json

    def token(self) -> str:
        values = {"component_appsecret": COMPONENT["app_secret"], "component_verify_ticket": self.ticket()}
        return str(self.post("api_component_token", values)["component_access_token"])

    def authorise(self, app_id: str = "", **values: Any) -> Any:
        """What an owner does on the page; the code that came back."""
        body = {"authorizer_appid": app_id or self.box.app_id, **values}
        return self.box.client.post("/_sim/component/authorize", json=body).json

    def granted(self, **values: Any) -> Any:
        """The same, with the code exchanged."""
        code = self.authorise(**values)["auth_code"]
        return self.call("api_query_auth", authorization_code=code)["authorization_info"]


@contextmanager
def standing(box: Box) -> Iterator[Platform]:
    """A platform that listens and is registered."""
    platform = Platform(box)
    with serving(Request.application(platform)) as url:
        platform.url = url
        platform.register()
        yield platform
