"""Tries at a password: few per address, few per person, whatever address the caller claims to have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.config import Config
from saas.security.limits import limiter
from tests.conftest import running


@pytest.fixture(autouse=True)
def no_limits(app: Flask) -> None:
    limiter.reset()


def tries(client: FlaskClient, number: int, *, login: str = "a{}@b.cn", address: str = "10.0.0.{}") -> list[int]:
    return [
        client.post(
            "/login",
            data={"login": login.format(one), "password": ""},
            headers={"X-Forwarded-For": address.format(one)},
        ).status_code
        for one in range(number)
    ]


def test_a_claimed_address_counts_for_nothing(client: FlaskClient) -> None:
    assert tries(client, 21) == [422] * 20 + [429]


def test_behind_a_proxy_each_address_counts_for_itself(config: Config, app: Flask) -> None:
    with running(replace(config, trusted_proxies=1)) as behind, behind.app_context():
        assert tries(behind.test_client(), 21) == [422] * 21


def test_many_addresses_get_no_more_tries_at_one_person(config: Config, app: Flask) -> None:
    with running(replace(config, trusted_proxies=1)) as behind, behind.app_context():
        assert tries(behind.test_client(), 11, login="One@b.cn") == [422] * 10 + [429]
