"""A simulator with one account, its clock and its fans; and the account's own server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Request

from saas.simulator.app import create_app
from saas.simulator.settings import SimulatorSettings
from tests.saas.simulator.echo import AES_KEY, APP_ID, TOKEN, Echo, serving

SECRET = "the-app-secret"
ACCOUNT = {
    "app_id": APP_ID, "original_id": "gh_5f0c2a9d17be", "name": "山间咖啡", "app_secret": SECRET,
    "token": TOKEN, "encoding_aes_key": AES_KEY, "mode": "safe",
}  # fmt: skip


@dataclass
class Box:
    """The simulator as a test uses it."""

    app: Flask
    client: FlaskClient
    app_id: str = APP_ID

    def sim(self, path: str = "", values: dict[str, Any] | None = None) -> Any:
        """The administrative API of the account: POST with values, else GET."""
        address = f"/_sim/accounts/{self.app_id}{path}"
        answer = self.client.get(address) if values is None else self.client.post(address, json=values)
        return answer.json

    def fans(self, count: int = 1, **values: Any) -> list[str]:
        return list(self.sim("/fans", {"count": count, **values})["openids"])

    def fan(self, **values: Any) -> str:
        return self.fans(1, **values)[0]

    def act(self, openid: str, **values: Any) -> Any:
        return self.sim(f"/fans/{openid}/acts", values)

    def token(self) -> str:
        query = {"grant_type": "client_credential", "appid": self.app_id, "secret": SECRET}
        return str(self.client.get("/cgi-bin/token", query_string=query).json["access_token"])

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, query_string={"access_token": self.token(), **query}).json

    def post(self, path: str, values: object) -> Any:
        data = self.app.json.dumps(values, ensure_ascii=False).encode()
        return self.client.post(path, query_string={"access_token": self.token()}, data=data).json

    def errcode(self, path: str, values: object) -> int:
        return int(self.post(path, values).get("errcode", 0))

    def pass_time(self, seconds: float) -> None:
        offset = self.client.get("/_sim/clock").json["offset"]
        self.client.post("/_sim/clock", json={"offset": offset + seconds})

    def set_clock(self, beijing: str) -> None:
        """Moves the clock to a moment such as 2026-03-05T07:59:00+08:00."""
        from_now = self.client.get("/_sim/clock").json
        wanted = _seconds(beijing) - from_now["now"]
        self.client.post("/_sim/clock", json={"offset": from_now["offset"] + wanted})


@pytest.fixture
def make_box() -> Iterator[Callable[..., Box]]:
    """Makes simulators with settings of one's own; their files are closed afterwards."""
    made: list[Flask] = []

    def make(**settings: Any) -> Box:
        quick = {"retry_after": 0.01, "answer_within": 2.0, "finish_after": 0.01, "testing": True, **settings}
        made.append(create_app(SimulatorSettings(**quick)))
        box = Box(made[-1], made[-1].test_client())
        box.client.post("/_sim/accounts", json=ACCOUNT)
        return box

    yield make
    for app in made:
        app.extensions["simulator"].callbacks.close()
        app.extensions["simulator"].store.close()


@pytest.fixture
def box(make_box: Callable[..., Box]) -> Box:
    """A simulator whose account has no server: pushes fail at once."""
    return make_box(callback_url="http://127.0.0.1:9", tries=1)


@pytest.fixture
def echo() -> Iterator[Echo]:
    """The account's server, listening."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = Echo()
    with serving(_as_wsgi(server)) as url:
        server.url = url
        yield server


@pytest.fixture
def answered(make_box: Callable[..., Box], echo: Echo) -> Box:
    """A simulator whose account's server answers."""
    return make_box(callback_url=echo.url)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "simulator.sqlite3"


def _as_wsgi(server: Echo) -> object:
    return Request.application(server)


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
