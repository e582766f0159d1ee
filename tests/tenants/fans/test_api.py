"""The JSON door of fans and messages."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import Tree
from tests.factories.fans import START, answered, make_fan, make_fans, new_openid, observed, row, text
from tests.factories.people import Member, make_member, make_tenant

FIELDS = {
    "id", "openid", "unionid", "subscribed", "subscribed_at", "unsubscribed_at", "source", "scene", "channel_id",
    "node_id", "tags", "remark", "last_active_at", "erased_at",
}  # fmt: skip


def base(tenant: TenantRecord, account_id: object) -> str:
    return f"/api/v1/tenants/{tenant.id}/accounts/{account_id}"


def test_fans_are_listed_noted_and_tagged(
    client: FlaskClient, tenant: TenantRecord, brand_tree: Tree, hq: Member
) -> None:
    with enter(system_scope(tenant)):
        fan = make_fan(brand_tree.bund)
        make_fan(brand_tree.canton)
    url = f"{base(tenant, brand_tree.bund)}/fans"
    (one,) = client.get(url, headers=hq.bearer).json["items"]
    assert set(one) >= FIELDS
    assert (one["id"], one["tags"], one["subscribed"]) == (str(fan.id), [], True)
    changed = client.patch(f"{url}/{fan.id}", json={"remark": " 常客 ", "tags": ["老客户", "外卖"]}, headers=hq.bearer)
    assert (changed.status_code, changed.json["remark"], sorted(changed.json["tags"])) == (
        200,
        "常客",
        ["外卖", "老客户"],
    )
    stale = client.patch(f"{url}/{fan.id}", json={"remark": "x"}, headers={**hq.bearer, "If-Match": '"1"'})
    assert stale.status_code == 412
    fresh = client.patch(
        f"{url}/{fan.id}", json={"tags": ["外卖"]}, headers={**hq.bearer, "If-Match": changed.headers["ETag"]}
    )
    assert fresh.json["tags"] == ["外卖"]
    assert [found["id"] for found in client.get(f"{url}?q=外卖", headers=hq.bearer).json["items"]] == [str(fan.id)]
    assert len(client.get(f"{base(tenant, brand_tree.central)}/fans", headers=hq.bearer).json["items"]) == 2


def test_fans_come_in_pages(client: FlaskClient, tenant: TenantRecord, brand_tree: Tree, hq: Member) -> None:
    with enter(system_scope(tenant)):
        make_fans(brand_tree.bund, [new_openid() for _ in range(5)])
    for sort in ("-created_at", "created_at", "-last_active_at", "last_active_at"):
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get(
                f"{base(tenant, brand_tree.bund)}/fans?limit=2&sort={sort}&cursor={cursor}", headers=hq.bearer
            ).json
            seen += [one["id"] for one in page["items"]]
            cursor = page["next_cursor"]
        assert len(seen) == len(set(seen)) == 5


def test_messages_are_listed_and_found(client: FlaskClient, tenant: TenantRecord, brand_tree: Tree, hq: Member) -> None:
    openid = new_openid()
    with enter(system_scope(tenant)):
        observed(
            row(brand_tree.bund, text(openid, "周末营业到几点？"), answer=answered("到 22:00", "r1")),
            row(brand_tree.bund, text(openid, "有燕麦拿铁 Oat 吗"), at=START + timedelta(minutes=1)),
            row(brand_tree.canton, text(new_openid(), "停车方便吗")),
        )
    url = f"{base(tenant, brand_tree.bund)}/messages"

    def found(query: str) -> list[str]:
        return [one["content"] for one in client.get(f"{url}?{query}", headers=hq.bearer).json["items"]]

    assert found("") == ["有燕麦拿铁 Oat 吗", "到 22:00", "周末营业到几点？"]
    assert found("direction=out") == ["到 22:00"]
    assert found("q=燕麦拿铁") == found("q=oat") == found("q=有") == found("unanswered=true") == ["有燕麦拿铁 Oat 吗"]
    assert found("q=停车") == found("q=%25") == []
    assert found("rule_id=r1&author=robot&type=text") == ["到 22:00"]
    assert found("since=2026-11-02T04:00:30Z") == ["有燕麦拿铁 Oat 吗"]
    assert found("type=event") == []


def test_who_sees_one_store_sees_its_fans_alone(
    client: FlaskClient, tenant: TenantRecord, brand_tree: Tree, keeper: Member
) -> None:
    with enter(system_scope(tenant)):
        mine, other = make_fan(brand_tree.bund), make_fan(brand_tree.lake)
    own, theirs = base(tenant, brand_tree.bund), base(tenant, brand_tree.lake)
    assert client.get(f"{own}/fans/{mine.id}", headers=keeper.bearer).status_code == 200
    assert client.get(f"{own}/fans/{other.id}", headers=keeper.bearer).status_code == 404
    assert client.patch(f"{own}/fans/{other.id}", json={"remark": "x"}, headers=keeper.bearer).status_code == 404
    assert client.get(f"{theirs}/fans", headers=keeper.bearer).status_code == 404
    assert client.get(f"{theirs}/messages", headers=keeper.bearer).status_code == 404


def test_an_agent_may_look_but_not_note(client: FlaskClient, tenant: TenantRecord, brand_tree: Tree) -> None:
    agent = make_member(Role.INBOX_AGENT, tenant=tenant)
    assert client.get(f"{base(tenant, brand_tree.bund)}/fans", headers=agent.bearer).status_code == 404


def test_another_brand_finds_nothing(client: FlaskClient, tenant: TenantRecord, brand_tree: Tree, hq: Member) -> None:
    with enter(system_scope(tenant)):
        fan = make_fan(brand_tree.bund)
    stranger = make_member(Role.BRAND_HQ, tenant=make_tenant())
    answer = client.get(f"{base(tenant, brand_tree.bund)}/fans/{fan.id}", headers=stranger.bearer)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_nonsense_is_refused_in_words(client: FlaskClient, tenant: TenantRecord, brand_tree: Tree, hq: Member) -> None:
    url = base(tenant, brand_tree.bund)
    for query in ("fans?sort=openid", "fans?cursor=%00", "fans?tag=x", "messages?since=yesterday", "messages?q=%00"):
        answer = client.get(f"{url}/{query}", headers=hq.bearer)
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), query
