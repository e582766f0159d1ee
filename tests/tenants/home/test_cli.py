"""`flask demo load`: everything once, a second time nothing, and a broken-off load is finished."""

from __future__ import annotations

import json
import stat
from uuid import UUID

import pytest
from sqlalchemy import func, select

from saas.auth.identity import identify_token
from saas.auth.passwords import verify_password
from saas.auth.roles import Role
from saas.auth.services import find_user
from saas.db import db
from saas.tenancy.directory import find_account, find_tenant
from saas.tenancy.models import Membership, Tenant
from saas.tenancy.scope import enter, enter_directory, system_scope
from tenants.kpi.services.monthly import list_months, read_brand
from tenants.kpi.services.recount import compare_with_facts
from tenants.kpi.services.reports import shown_period

MESSAGES = "--messages=1500"


@pytest.fixture(scope="module")
def loaded(whole_app):
    """The demo's file, after a load that was broken off before its end."""
    path = whole_app.config["SETTINGS"].data_dir / "demo.json"
    for _ in range(2):
        path.unlink(missing_ok=True)
        result = whole_app.test_cli_runner().invoke(args=["demo", "load", MESSAGES])
        assert result.exit_code == 0, result.output
    yield path
    path.unlink()


def test_the_file_holds_secrets_and_is_its_owners_alone(loaded):
    assert stat.S_IMODE(loaded.stat().st_mode) == 0o600


def test_every_role_has_a_login_and_a_token_that_work(loaded, app):
    content = json.loads(loaded.read_text())
    assert {login["role"] for login in content["logins"]} == {token["role"] for token in content["tokens"]} == set(Role)
    with enter_directory():
        first = content["logins"][0]
        assert verify_password(find_user(first["login"]).password_hash, first["password"])
        assert {role for token in content["tokens"] for role in identify_token(token["token"]).roles} == set(Role)


def test_the_accounts_open_with_what_the_file_says(loaded, app):
    tenants = json.loads(loaded.read_text())["tenants"]
    assert len({tenant["name"] for tenant in tenants}) == 3
    kinds = [account["kind"] for account in tenants[0]["accounts"]]
    assert [kinds.count(kind) for kind in ("central", "region", "store")] == [1, 3, 12]
    connected = [account for account in tenants[0]["accounts"] if account["app_id"]]
    assert len(connected) == 14
    assert {len(account["encoding_aes_key"]) for account in connected} == {43}
    with enter_directory():
        assert find_account(connected[0]["app_id"]) == (UUID(tenants[0]["id"]), UUID(connected[0]["id"]))


def test_nothing_is_there_twice(loaded, app):
    wanted = {tenant["id"] for tenant in json.loads(loaded.read_text())["tenants"]}
    with enter_directory():
        held = select(Membership.agency_id).where(Membership.user_id == find_user("admin@shiguang.example").id)
        mine = {str(one) for one in db.session.scalars(select(Tenant.id).where(Tenant.agency_id.in_(held)))}
        assert len(mine & wanted) == len(mine) == 2
        administrators = select(func.count()).select_from(Membership).where(Membership.role == Role.PLATFORM_ADMIN)
        assert db.session.scalar(administrators.where(Membership.user_id == find_user("ops@qiandian.example").id)) == 1


def test_the_figures_are_those_of_the_messages(loaded, app):
    tenant_id = UUID(json.loads(loaded.read_text())["tenants"][0]["id"])
    with enter_directory():
        tenant = find_tenant(tenant_id)
    with enter(system_scope(tenant)):
        month = list_months(read_brand(), shown_period(None).month)
        assert (month[0].figures.subtree["interactions"] or 0) > 0
        assert compare_with_facts() == []


def test_a_second_load_does_nothing(loaded, whole_app):
    before = loaded.read_bytes()
    result = whole_app.test_cli_runner().invoke(args=["demo", "load", MESSAGES])
    assert "already" in result.output
    assert loaded.read_bytes() == before
