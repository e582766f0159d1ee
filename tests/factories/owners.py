"""Whoever administers an account at WeChat, by the simulator's own addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import requests
from flask import Flask

from tenants.accounts import services


@dataclass
class Owner:
    """Whoever administers an account at WeChat; does everything by Tencent's own addresses."""

    tencent: str
    app_id: str

    def confirm(self, way: str, **more: Any) -> str:
        """Confirms on WeChat's page, and gives the state and the code with which it leads back."""
        values = {"account": self.app_id, "answer": "confirm", **more}
        sets = {"set": ["1", "2", "3", "7", "11", "15"]}
        answer = requests.post(way, data={**sets, **values}, allow_redirects=False, timeout=9)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def withdraw(self) -> None:
        requests.post(f"{self.tencent}/_sim/component/revoke", json={"authorizer_appid": self.app_id}, timeout=9)

    def sim(self, path: str, values: dict[str, Any]) -> Any:
        return requests.post(f"{self.tencent}/_sim/accounts/{self.app_id}{path}", json=values, timeout=9).json()


def make_owner(tencent: str, *, kind: str = "service") -> Owner:
    values = {"count": 1}
    made = requests.post(f"{tencent}/_sim/component/newcomers", json=values, timeout=9).json()["items"][0]
    return Owner(tencent, made["app_id"])


def way_to(account_id: UUID) -> str:
    """The address of WeChat's page for a computer."""
    link = services.invite_to_scan(services.access_with_connection(account_id))
    return services.start_scan(link.token, lambda state: f"http://localhost/authorise/back/{state}").computer


def returned(app: Flask, location: str) -> str:
    """What the browser that comes back does; the state by which it asks for the result."""
    state, code = urlsplit(location).path.rsplit("/", 1)[1], parse_qs(urlsplit(location).query)["auth_code"][0]
    app.extensions["component_door"].come_back(state, code)
    return state
