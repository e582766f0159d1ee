"""What WeChat tells the component: its ticket, and who authorised it or no longer does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from saas.wechat.xml_reader import Tree

TICKET = "component_verify_ticket"


class ChangeKind(StrEnum):
    """How one hears of an authorisation; `returned` is the browser that comes back from WeChat's page."""

    AUTHORIZED = "authorized"
    UPDATED = "updateauthorized"
    UNAUTHORIZED = "unauthorized"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The ticket by which the component proves itself; `created_at` is WeChat's time of it."""

    value: str = field(repr=False)
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An authorisation that was given, changed or withdrawn; `app_id` is empty where only the code knows it."""

    kind: ChangeKind
    happened_at: int
    app_id: str = ""
    code: str = field(default="", repr=False)
    pre_auth_code: str = field(default="", repr=False)

    @property
    def key(self) -> bytes:
        """The same for every telling of one change."""
        told = self.code if self.kind is ChangeKind.RETURNED else f"{self.app_id}|{self.happened_at}"
        return hashlib.sha256(f"{self.kind}|{told}".encode()).digest()


class Authorisations(Protocol):
    """What the capability that keeps the accounts does with a change."""

    def note(self, account_id: UUID, change: Change) -> None:
        """Keeps it in the present scope, to be worked on by a job; told twice it is kept once."""
        ...


def read_event(tree: Tree, component_app_id: str) -> Ticket | Change | None:
    """The event inside; None for one we don't know, or that lacks a field."""
    kind, created_at = _text(tree, "InfoType"), _text(tree, "CreateTime")
    if _text(tree, "AppId") != component_app_id or not (created_at.isdecimal() and len(created_at) <= 12):
        return None
    if kind == TICKET:
        ticket = _text(tree, "ComponentVerifyTicket")
        return Ticket(ticket, int(created_at)) if ticket else None
    return _change(tree, kind, int(created_at))


def _change(tree: Tree, kind: str, created_at: int) -> Change | None:
    app_id, code = _text(tree, "AuthorizerAppid"), _text(tree, "AuthorizationCode")
    pushed = set(ChangeKind) - {ChangeKind.RETURNED}
    if kind not in pushed or not app_id or (kind != ChangeKind.UNAUTHORIZED and not code):
        return None
    return Change(
        kind=ChangeKind(kind),
        happened_at=created_at,
        app_id=app_id,
        code=code,
        pre_auth_code=_text(tree, "PreAuthCode"),
    )


def _text(tree: Tree, name: str) -> str:
    value = tree.get(name)
    return value.strip() if isinstance(value, str) else ""
