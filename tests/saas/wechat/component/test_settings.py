"""Which platform a deployment is."""

from __future__ import annotations

import pytest

from saas.config import Config
from saas.tenancy.scope import NO_TENANT
from saas.wechat.component.settings import component_of
from saas.wechat.ports import Mode
from tests.factories.component import COMPONENT, SETTINGS


def test_all_four_settings_make_a_platform() -> None:
    assert component_of(Config(**SETTINGS)) == COMPONENT


@pytest.mark.parametrize("name", SETTINGS)
def test_without_one_of_them_there_is_none(name: str) -> None:
    assert component_of(Config(**{**SETTINGS, name: ""})) is None


def test_its_keys_open_what_is_no_brands() -> None:
    keys = COMPONENT.keys
    assert (keys.tenant_id, keys.mode, keys.owner) == (NO_TENANT, Mode.SAFE, COMPONENT.app_id)
    assert COMPONENT.secret not in repr(COMPONENT)


def test_its_secrets_leave_the_environment() -> None:
    environ = {name.upper(): value for name, value in SETTINGS.items()}
    assert component_of(Config.from_env(environ)) == COMPONENT
    assert set(environ) == {"WECHAT_COMPONENT_APP_ID"}
