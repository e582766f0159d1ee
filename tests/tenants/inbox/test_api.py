"""The JSON door of the inbox."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import Tree, make_grant, make_tree
from tests.factories.inbox import make_conversation
from tests.factories.people import Member, make_member, make_tenant


@pytest.fixture
def tree(tenant: TenantRecord) -> Tree:
    with enter(system_scope(tenant)):
        return make_tree()


@pytest.fixture
def agent(tenant: TenantRecord, tree: Tree) -> Member:
    member = make_member(Role.INBOX_AGENT, tenant=tenant)
    with enter(system_scope(tenant)):
        make_grant(member.membership_id, tree.east)
    return member


def made(tenant: TenantRecord, account_id: object) -> str:
    with enter(system_scope(tenant)):
        return str(make_conversation(account_id).id)  # type: ignore[arg-type]


def test_an_agent_lists_and_resolves(client: FlaskClient, tenant: TenantRecord, tree: Tree, agent: Member) -> None:
    mine, other = made(tenant, tree.bund), made(tenant, tree.canton)
    base = f"/api/v1/tenants/{tenant.id}/conversations"
    listed = client.get(f"{base}?status=waiting", headers=agent.bearer)
    assert [one["id"] for one in listed.json["items"]] == [mine]
    assert listed.json["next_cursor"] is None
    got = client.get(f"{base}/{mine}", headers=agent.bearer)
    assert {"account_id", "fan_id", "status", "assignee_id", "waiting_since", "first_response_seconds"} <= set(got.json)
    stale = client.post(f"{base}/{mine}/resolve", headers={**agent.bearer, "If-Match": '"9"'})
    assert (stale.status_code, stale.content_type) == (412, "application/problem+json")
    done = client.post(f"{base}/{mine}/resolve", headers={**agent.bearer, "If-Match": got.headers["ETag"]})
    assert (done.status_code, done.json["status"], done.json["assignee_id"]) == (200, "resolved", str(agent.user_id))
    assert client.post(f"{base}/{mine}/resolve", headers=agent.bearer).status_code == 409
    assert client.get(f"{base}/{other}", headers=agent.bearer).status_code == 404
    assert client.post(f"{base}/{other}/resolve", headers=agent.bearer).status_code == 404


def test_another_brand_finds_nothing(client: FlaskClient, tenant: TenantRecord, tree: Tree) -> None:
    mine, other = made(tenant, tree.bund), make_tenant()
    stranger = make_member(Role.BRAND_HQ, tenant=other)
    for path in (
        f"/api/v1/tenants/{tenant.id}/conversations/{mine}",
        f"/api/v1/tenants/{other.id}/conversations/{mine}",
    ):
        assert client.get(path, headers=stranger.bearer).status_code == 404
