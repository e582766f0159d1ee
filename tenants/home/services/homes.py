"""What a person's home page shows, by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from saas.auth.roles import Role
from saas.capability import Capability, Todo
from saas.errors import NotFound
from saas.tenancy.ports import NodeRecord
from saas.tenancy.scope import current_scope
from tenants.accounts.services import SeenTree
from tenants.kpi.services.reports import MonthReport, month_report, shown_period
from tenants.kpi.services.silence import Silent, list_silent

METRIC = "interactions"


class Part(StrEnum):
    """A part of the page."""

    FIGURES = "figures"
    SILENT = "silent"
    TODO = "todo"


ORDER: dict[str, tuple[Part, ...]] = {
    Role.REGION_MANAGER: (Part.SILENT, Part.TODO, Part.FIGURES),
    Role.STORE_MANAGER: (Part.TODO, Part.FIGURES),
    Role.INBOX_AGENT: (Part.TODO,),
}
USUAL_ORDER = (Part.FIGURES, Part.TODO, Part.SILENT)


@dataclass(frozen=True, slots=True)
class Home:
    """A home page: its parts in the order that suits the role."""

    parts: Sequence[Part]
    todos: Sequence[Todo]
    report: MonthReport | None
    silent: Sequence[Silent]


def read_home(account_id: UUID, capabilities: Sequence[Capability]) -> Home:
    """The home page of the present person for an account."""
    parts = ORDER.get(current_scope().principal.role, USUAL_ORDER)
    return Home(
        parts=parts,
        todos=list_todos(capabilities),
        report=month_report(account_id, shown_period(None), metric=METRIC) if Part.FIGURES in parts else None,
        silent=list_silent(account_id) if Part.SILENT in parts else (),
    )


def list_todos(capabilities: Sequence[Capability]) -> list[Todo]:
    """What waits for the present person, from every capability that offers it."""
    return [todo for one in capabilities if one.todo is not None for todo in one.todo() if todo.count]


def find_top() -> NodeRecord | None:
    """The highest account that the person sees; None in a brand without accounts."""
    try:
        return SeenTree().top()
    except NotFound:
        return None
