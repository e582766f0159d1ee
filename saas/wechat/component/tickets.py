"""The component's ticket: kept sealed, always the newest, good for twelve hours (docs/protocol.md, 11)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text

from saas.security.secrets import Sealing
from saas.tenancy.scope import NO_TENANT
from saas.wechat.component.errors import TicketMissing
from saas.wechat.component.events import Ticket
from saas.wechat.component.settings import Component

SET_TENANT = text("SELECT set_config('app.tenant_id', :tenant_id, true)")
KEEP = text("""
    INSERT INTO component_tickets (tenant_id, id, sealed, created_at) VALUES (:tenant_id, :id, :sealed, :created_at)
    ON CONFLICT (tenant_id, id) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at, received_at = now()
    WHERE component_tickets.created_at <= excluded.created_at
""")
READ = text("""
    SELECT sealed FROM component_tickets
    WHERE tenant_id = :tenant_id AND id = :id AND received_at > now() - interval '12 hours'
""")


@dataclass(frozen=True)
class TicketStore:
    """The ticket of one component. Not in the row of its token: a callback must not wait for a fetch that holds it."""

    engine: Engine
    box: Sealing
    component: Component

    def keep(self, ticket: Ticket) -> None:
        """Stores it, unless a newer one is there already."""
        sealed = self.box.seal(ticket.value.encode(), self._context)
        with self.engine.begin() as connection:
            connection.execute(SET_TENANT, {"tenant_id": str(NO_TENANT)})
            connection.execute(KEEP, {**self._place, "sealed": sealed, "created_at": ticket.created_at})

    def current(self) -> str:
        """The ticket; raises TicketMissing."""
        with self.engine.begin() as connection:
            connection.execute(SET_TENANT, {"tenant_id": str(NO_TENANT)})
            sealed = connection.execute(READ, self._place).scalar_one_or_none()
        if sealed is None:
            raise TicketMissing
        return self.box.open(bytes(sealed), self._context).decode()

    @property
    def _place(self) -> dict[str, object]:
        return {"tenant_id": NO_TENANT, "id": self.component.id}

    @property
    def _context(self) -> str:
        return f"component_tickets|{self.component.id}|sealed"
