"""The component's own address: `GET, POST /wechat/component/<component_app_id>`, and who comes back from WeChat's page.

What is told is kept before it is answered. No call goes out from here: WeChat waits five seconds.
"""

from __future__ import annotations

from uuid import UUID

from saas import clock
from saas.db import db
from saas.errors import NotFound
from saas.tenancy.directory import find_account, find_tenant
from saas.tenancy.scope import enter, enter_directory, system_scope
from saas.wechat.component.events import Authorisations, Change, ChangeKind, Ticket, read_event
from saas.wechat.component.links import Place, find_by_code, find_by_state
from saas.wechat.component.plug import tickets
from saas.wechat.component.settings import Component
from saas.wechat.envelope import NOTHING, Refused, Unreadable, open_tree, verify_url
from saas.wechat.gateway import Post
from saas.wechat.metrics import COMPONENT_EVENTS


class ComponentDoor:
    """Takes tickets, and tells the capability that keeps the accounts of every change."""

    def __init__(self, component: Component | None, authorisations: Authorisations | None) -> None:
        self._component, self._authorisations = component, authorisations

    def verify(self, component_app_id: str, post: Post) -> str:
        """The echo for WeChat's check of the address; raises Refused."""
        return verify_url(post.query, self._known(component_app_id).keys)

    def receive_event(self, component_app_id: str, post: Post) -> str:
        """`success` once it is kept; raises Refused. A fault of the database goes through: WeChat comes again."""
        component = self._known(component_app_id)
        try:
            event = read_event(open_tree(post.body, post.query, component.keys), component.app_id)
        except Unreadable:
            COMPONENT_EVENTS.labels("unreadable").inc()
            return NOTHING
        COMPONENT_EVENTS.labels(self._take(component, event)).inc()
        return NOTHING

    def come_back(self, state: str, code: str) -> Place:
        """Takes the code that a browser brings back from WeChat's page; raises NotFound for a way that is closed."""
        place = place_of_state(state)
        told = Change(kind=ChangeKind.RETURNED, happened_at=int(clock.now().timestamp()), code=code)
        self._note(place, told)
        return place

    def _known(self, component_app_id: str) -> Component:
        if self._component is None or self._component.app_id != component_app_id:
            raise Refused(404, "component")
        return self._component

    def _take(self, component: Component, event: Ticket | Change | None) -> str:
        if event is None:
            return "unknown"
        if isinstance(event, Ticket):
            tickets(component).keep(event)
            return "ticket"
        place = _place_of(event)
        if place is None:
            return "nobodys"
        self._note(place, event)
        return event.kind.value

    def _note(self, place: Place, change: Change) -> None:
        if self._authorisations is None:
            return
        with enter_directory():
            tenant = find_tenant(place.tenant_id)
        with enter(system_scope(tenant)):
            self._authorisations.note(place.account_id, change)
            db.session.commit()


def place_of_state(state: str) -> Place:
    """The account a browser comes back for; raises NotFound for a way that was never open, or is closed."""
    with enter_directory():
        place = find_by_state(state)
    if place is None:
        raise NotFound
    return place


def _place_of(change: Change) -> Place | None:
    """Whom a change concerns: a new authorisation the account it was asked for, any other the account that has it."""
    with enter_directory():
        asked_for = find_by_code(change.pre_auth_code) if change.kind is ChangeKind.AUTHORIZED else None
        return asked_for or _holder(find_account(change.app_id))


def _holder(found: tuple[UUID, UUID] | None) -> Place | None:
    return None if found is None else Place(*found)
