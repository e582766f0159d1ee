"""The component's address: what is taken, what is refused, and that nothing is answered before it is kept."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from saas.db import db, new_id
from saas.errors import NotFound
from saas.tenancy.directory import claim_app_id
from saas.tenancy.scope import TenantRecord, enter, enter_directory, system_scope
from saas.wechat.component.api import PreAuth
from saas.wechat.component.door import ComponentDoor
from saas.wechat.component.events import ChangeKind
from saas.wechat.component.links import Place, open_way
from saas.wechat.component.tickets import TicketStore
from saas.wechat.envelope import Refused
from saas.wechat.gateway import Post
from tests.factories.callbacks import posted, query_of, sealed_text, signed
from tests.factories.component import COMPONENT, authorised, event_post, event_xml
from tests.saas.wechat.component.conftest import Told


@pytest.fixture
def place(tenant: TenantRecord) -> Place:
    return Place(tenant.id, new_id())


def way_to(place: Place) -> tuple[str, str]:
    with enter_directory():
        code, state = open_way(place, PreAuth(f"pre-{new_id().hex}", 600), lambda state: state)
        db.session.commit()
    return code, state


def holding(place: Place) -> str:
    """The app_id of an account that is connected at the place."""
    app_id = f"wx{new_id().hex[-16:]}"
    with enter_directory():
        claim_app_id(app_id, tenant_id=place.tenant_id, account_id=place.account_id)
        db.session.commit()
    return app_id


def refused(door: ComponentDoor, post: Post, app_id: str = COMPONENT.app_id) -> int:
    with pytest.raises(Refused) as refusal:
        door.receive_event(app_id, post)
    return refusal.value.status


def test_wechat_asks_whose_the_address_is(door: ComponentDoor) -> None:
    post = Post(b"", query_of(COMPONENT.keys, echostr="echo"), COMPONENT.app_id)
    assert door.verify(COMPONENT.app_id, post) == "echo"
    with pytest.raises(Refused):
        door.verify(COMPONENT.app_id, Post(b"", {**post.query, "signature": "0" * 40}))
    with pytest.raises(Refused):
        door.verify("wxanother", post)


def test_a_ticket_is_kept(door: ComponentDoor, kept: TicketStore) -> None:
    assert door.receive_event(COMPONENT.app_id, event_post("component_verify_ticket", ComponentVerifyTicket="t@1")) == (
        "success"
    )
    assert kept.current() == "t@1"


def test_a_scan_goes_to_the_account_it_was_asked_for(door: ComponentDoor, told: Told, place: Place) -> None:
    code, _state = way_to(place)
    assert door.receive_event(COMPONENT.app_id, authorised("wxnew", code="q@1", pre_auth_code=code)) == "success"
    ((tenant_id, account_id, change),) = told.changes
    assert (tenant_id, account_id) == (place.tenant_id, place.account_id)
    assert (change.kind, change.app_id, change.code) == (ChangeKind.AUTHORIZED, "wxnew", "q@1")


@pytest.mark.parametrize("kind", ["updateauthorized", "unauthorized"])
def test_other_changes_go_to_the_account_that_has_it(door: ComponentDoor, told: Told, place: Place, kind: str) -> None:
    app_id = holding(place)
    code, _state = way_to(Place(place.tenant_id, new_id()))
    values = {"AuthorizerAppid": app_id, "AuthorizationCode": "q", "PreAuthCode": code}
    assert door.receive_event(COMPONENT.app_id, event_post(kind, **values)) == "success"
    assert [(one, account) for one, account, _change in told.changes] == [(place.tenant_id, place.account_id)]


def test_what_concerns_nobody_is_answered_and_forgotten(door: ComponentDoor, told: Told) -> None:
    for post in (
        authorised("wxnobody", pre_auth_code="unknown"),
        event_post("unauthorized", AuthorizerAppid="wxnobody"),
        event_post("something_new", AuthorizerAppid="wxnobody"),
        event_post("component_verify_ticket"),
    ):
        assert door.receive_event(COMPONENT.app_id, post) == "success"
    assert told.changes == []


def test_a_browser_comes_back(door: ComponentDoor, told: Told, place: Place) -> None:
    _code, state = way_to(place)
    assert door.come_back(state, "auth@1") == place
    ((_tenant, account_id, change),) = told.changes
    assert (account_id, change.kind, change.code) == (place.account_id, ChangeKind.RETURNED, "auth@1")
    with pytest.raises(NotFound):
        door.come_back("a state of nobody's", "auth@1")


def test_forged_events_are_refused(door: ComponentDoor, told: Told) -> None:
    good = event_post("component_verify_ticket", ComponentVerifyTicket="forged")
    assert refused(door, Post(good.body, {**good.query, "signature": "0" * 40})) == 403
    assert refused(door, Post(good.body, {**good.query, "msg_signature": "0" * 40})) == 403
    assert refused(door, Post(good.body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[A"), good.query)) == 403
    assert refused(door, Post(good.body, {})) == 403
    assert refused(door, good, "wxanother") == 404
    assert refused(door, Post(b" " * 65537, good.query)) == 413
    assert told.changes == []


def test_clear_text_is_refused(door: ComponentDoor) -> None:
    clear = event_xml("component_verify_ticket", ComponentVerifyTicket="clear").encode()
    assert refused(door, Post(clear, query_of(COMPONENT.keys))) == 403


def test_what_was_sealed_for_another_app_id_is_refused(door: ComponentDoor) -> None:
    body, query = posted(COMPONENT.keys, event_xml("unauthorized", AuthorizerAppid="wx1"), app_id="wxanother")
    assert refused(door, Post(body, query)) == 403


def test_a_declaration_is_refused_and_what_is_broken_forgotten(door: ComponentDoor, told: Told) -> None:
    assert refused(door, sealed(b"<!DOCTYPE x><xml><AppId>1</AppId></xml>")) == 400
    assert refused(door, sealed(b"<xml><AppId>1</AppId><AppId>2</AppId></xml>")) == 400
    assert door.receive_event(COMPONENT.app_id, sealed(b"<xml><AppId>")) == "success"
    assert door.receive_event(COMPONENT.app_id, sealed(b"\xff\x00")) == "success"
    assert told.changes == []


def sealed(clear: bytes) -> Post:
    """Signed by WeChat, whatever it says."""
    inside = sealed_text(clear, COMPONENT.app_id)
    stamp, nonce = "1760000000", "nonce-1"
    proof = signed(COMPONENT.token, stamp, nonce, inside)
    body = f"<xml><Encrypt><![CDATA[{inside}]]></Encrypt></xml>".encode()
    return Post(body, query_of(COMPONENT.keys, encrypt_type="aes", msg_signature=proof))


def test_without_a_platform_nothing_is_here(app: Flask, told: Told) -> None:
    door = ComponentDoor(None, told)
    assert refused(door, event_post("component_verify_ticket", ComponentVerifyTicket="t")) == 404


def test_what_can_not_be_kept_is_not_answered(
    door: ComponentDoor, told: Told, place: Place, tenant: TenantRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    app_id = holding(place)

    def fail() -> None:
        raise SQLAlchemyError

    monkeypatch.setattr(db.session, "commit", fail)
    with enter(system_scope(tenant)), pytest.raises(SQLAlchemyError):
        door.receive_event(COMPONENT.app_id, event_post("unauthorized", AuthorizerAppid=app_id))
