"""Replies of people: planned once, in the timeline at once, and the conversation is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saas import clock
from saas.auth.roles import Role
from saas.db import db
from saas.errors import Invalid, NotFound
from saas.tenancy.scope import Principal, TenantRecord, TenantScope, enter, system_scope
from saas.wechat.outbox import NothingLeft
from saas.wechat.quota.acts import Trigger
from tenants.accounts import services as accounts
from tenants.fans import services as fans
from tenants.inbox import services
from tenants.inbox.errors import AlreadyResolved, NotInTrouble
from tenants.library import services as library
from tests.factories.accounts import Tree, connection_values, make_tree
from tests.factories.fans import make_fan
from tests.factories.inbox import make_conversation
from tests.factories.outward import allow, effects, make_open_conversation, make_sent
from tests.factories.people import make_member, make_tenant
from tests.isolation.world import PNG


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    return make_tree()


def test_a_reply_stands_in_the_timeline_and_takes_the_conversation(tenant: TenantRecord, tree: Tree) -> None:
    made, _fan = make_open_conversation(tree.bund)
    agent = make_member(Role.INBOX_AGENT, tenant=tenant)
    known = Principal(role=Role.INBOX_AGENT, name="许诺", user_id=agent.user_id)
    with enter(TenantScope(tenant=tenant, principal=known)):
        conversation = services.access_conversation(made.id)
        line = services.reply(conversation, content="每天八点到二十二点")
        db.session.commit()
        (newest, *_rest) = fans.timeline(fans.access_fan(conversation.fan_id)).items
        assert (newest.id, newest.author, newest.extra["by"]) == (line.id, "agent", "许诺")
        assert fans.outcomes_of([newest])[line.id].state == "planned"
        assert (conversation.status, conversation.assignee_id) == ("open", agent.user_id)
    assert [row.id for row in effects()] == [line.id]


def test_the_box_says_how_many_may_go_and_until_when(scope: TenantScope, tree: Tree) -> None:
    conversation, fan = make_open_conversation(tree.bund)
    box = services.box_of(fan, conversation)
    assert (box.may_write, box.left, box.takes_templates) == (True, 5, True)
    assert box.until is not None
    assert timedelta(hours=47) < box.until - clock.now() <= timedelta(hours=48)
    for _ in range(5):
        services.reply(conversation, content="您好")
    assert not services.box_of(fan, conversation).may_write
    with pytest.raises(NothingLeft):
        services.reply(conversation, content="再见")


def test_a_closed_box_says_why(scope: TenantScope, tree: Tree) -> None:
    conversation = make_conversation(tree.bund)
    fan = fans.access_fan(conversation.fan_id)
    said = [str(services.box_of(fan, conversation).sentence)]
    accounts.connect_account(accounts.access_account(tree.bund), connection_values())
    said.append(str(services.box_of(fan, conversation).sentence))
    allow(fan, Trigger.MENU)
    fan.unsubscribed_at = clock.now()
    db.session.commit()
    said.append(str(services.box_of(fan, conversation).sentence))
    services.resolve_conversation(conversation)
    said.append(str(services.box_of(fan, conversation).sentence))
    assert len(set(said)) == 4
    with pytest.raises(AlreadyResolved):
        services.reply(conversation, content="您好")


def test_a_picture_of_the_library_is_sent(scope: TenantScope, tree: Tree) -> None:
    conversation, fan = make_open_conversation(tree.bund)
    media = library.create_media(kind="image", name="海报", content=PNG)
    voice = library.create_media(kind="voice", name="欢迎词", content=b"#!AMR" + b"0" * 20)
    db.session.flush()
    services.reply(conversation, media_id=media.id)
    db.session.commit()
    assert effects()[0].payload["message"] == {"type": "image", "media_id": f"library:{media.id}"}
    assert fans.timeline(fan).items[0].extra["media_id"] == f"library:{media.id}"
    assert [one.id for one in services.list_pictures()] == [media.id]
    with pytest.raises(Invalid):
        services.reply(conversation, media_id=voice.id)


def test_what_failed_is_sent_anew_as_another_message(scope: TenantScope, tree: Tree) -> None:
    _conversation, fan = make_open_conversation(tree.bund)
    lost = make_sent(fan, "您好", state="unknown", reason="cut")
    again = services.send_again(fans.access_sent(lost.id))
    db.session.commit()
    assert [(row.id, row.state, row.handled_at is None) for row in effects()] == [
        (lost.id, "unknown", False),
        (again.id, "planned", True),
    ]
    with pytest.raises(NotInTrouble):
        services.send_again(fans.access_sent(lost.id))
    with pytest.raises(NotInTrouble):
        services.dismiss(fans.access_sent(again.id))


def test_what_needs_a_person_is_counted_until_somebody_has_looked(scope: TenantScope, tree: Tree) -> None:
    _conversation, fan = make_open_conversation(tree.bund)
    lost, refused = make_sent(fan, state="unknown"), make_sent(fan, state="refused", reason="allowance")
    make_sent(fan, state="done")
    assert {line.id for line in fans.list_undelivered(tree.east).items} == {lost.id, refused.id}
    assert fans.list_undelivered(tree.south).items == []
    assert [line.id for line in fans.list_undelivered(tree.central, state="unknown").items] == [lost.id]
    assert fans.count_undelivered() == {"unknown": 1, "refused": 1}
    services.dismiss(fans.access_sent(lost.id))
    assert fans.count_undelivered(account_id=tree.east) == {"refused": 1}


def test_another_brand_and_another_region_find_nothing(tenant: TenantRecord, tree: Tree) -> None:
    _conversation, fan = make_open_conversation(tree.bund)
    lost = make_sent(fan, state="unknown")
    with enter(TenantScope(tenant=tenant, principal=system_scope(tenant).principal, accounts=frozenset({tree.canton}))):
        assert fans.count_undelivered() == {}
        with pytest.raises(NotFound):
            fans.access_sent(lost.id)
    with enter(system_scope(make_tenant())):
        assert fans.count_undelivered() == {}
        with pytest.raises(NotFound):
            fans.access_sent(lost.id)


def test_nothing_goes_to_a_forgotten_fan(scope: TenantScope, tree: Tree) -> None:
    fan = make_fan(tree.bund)
    fans.erase_own(fan.id)
    db.session.commit()
    with pytest.raises(NotFound):
        services.send_message(fan, services.words(fan, "您好"))
    assert not fans.allowed_for(fan).may_write
