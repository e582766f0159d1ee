"""Events as WeChat writes them, read or not."""

from __future__ import annotations

import pytest

from saas.wechat.component.events import Change, ChangeKind, Ticket, read_event
from saas.wechat.xml_reader import read
from tests.factories.component import COMPONENT, event_xml

OFFICIAL = """<xml><AppId><![CDATA[wxcomp0000000001]]></AppId><CreateTime>1760000100</CreateTime>
<InfoType><![CDATA[authorized]]></InfoType><AuthorizerAppid><![CDATA[wxmp0000000042]]></AuthorizerAppid>
<AuthorizationCode><![CDATA[queryauthcode@@@demo]]></AuthorizationCode>
<AuthorizationCodeExpiredTime>1760003700</AuthorizationCodeExpiredTime>
<PreAuthCode><![CDATA[preauthcode@@@demo]]></PreAuthCode></xml>"""


def event(kind: str, **values: str) -> Ticket | Change | None:
    return read_event(read(event_xml(kind, created_at=1760000001, **values).encode()), COMPONENT.app_id)


def test_the_official_sample() -> None:
    assert read_event(read(OFFICIAL.encode()), COMPONENT.app_id) == Change(
        kind=ChangeKind.AUTHORIZED,
        happened_at=1760000100,
        app_id="wxmp0000000042",
        code="queryauthcode@@@demo",
        pre_auth_code="preauthcode@@@demo",
    )


def test_a_ticket() -> None:
    assert event("component_verify_ticket", ComponentVerifyTicket="ticket@@@1") == Ticket("ticket@@@1", 1760000001)


def test_a_withdrawal_has_no_code() -> None:
    found = event("unauthorized", AuthorizerAppid="wx1")
    assert isinstance(found, Change)
    assert (found.kind, found.app_id, found.code) == (ChangeKind.UNAUTHORIZED, "wx1", "")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("component_verify_ticket", {}),
        ("authorized", {"AuthorizerAppid": "wx1"}),
        ("authorized", {"AuthorizationCode": "code"}),
        ("unauthorized", {}),
        ("returned", {"AuthorizerAppid": "wx1", "AuthorizationCode": "code"}),
        ("notify_third_fasteregister", {"AuthorizerAppid": "wx1"}),
        ("component_verify_ticket", {"ComponentVerifyTicket": "t", "AppId": "wxanothercomponent"}),
    ],
)
def test_what_is_unknown_or_incomplete_is_none(kind: str, values: dict[str, str]) -> None:
    assert event(kind, **values) is None


def test_a_time_that_is_none() -> None:
    tree = {"AppId": COMPONENT.app_id, "InfoType": "unauthorized", "AuthorizerAppid": "wx1", "CreateTime": "9" * 40}
    assert read_event(tree, COMPONENT.app_id) is None
    assert read_event({**tree, "CreateTime": "soon"}, COMPONENT.app_id) is None


def test_one_change_has_one_key() -> None:
    told = {"kind": ChangeKind.AUTHORIZED, "happened_at": 1, "app_id": "wx1"}
    assert Change(**told, code="a").key == Change(**told, code="b").key
    assert Change(**{**told, "happened_at": 2}).key != Change(**told).key
    back = {"kind": ChangeKind.RETURNED, "code": "a"}
    assert Change(**back, happened_at=1).key == Change(**back, happened_at=2).key


def test_secrets_are_not_shown() -> None:
    change = Change(kind=ChangeKind.RETURNED, happened_at=1, code="CANARY", pre_auth_code="CANARY")
    assert "CANARY" not in repr(change) + repr(Ticket("CANARY", 1)) + repr(COMPONENT).replace(COMPONENT.app_id, "")
