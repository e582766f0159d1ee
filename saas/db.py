"""The database: base classes, keys that carry the tenant, and one helper for references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import uuid_utils.compat
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, DateTime, ForeignKeyConstraint, Integer, MetaData, Uuid, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry, relationship

from saas.errors import StaleVersion

__all__ = [
    "DEAD_LINE",
    "Model",
    "NoScope",
    "TenantModel",
    "Versioned",
    "belongs_to",
    "db",
    "has_session",
    "new_id",
    "same_id",
    "session_of",
]


DEAD_LINE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 4000}
"""How every connection to PostgreSQL notices that the host at the other end is gone without a word.

What was sent and is not acknowledged ends the connection after 4 seconds; while an answer is awaited, probes end it after
about 7 to 11. Over TCP only. A host that acknowledges while its PostgreSQL stands still is not noticed by these.
"""
CONNECT_SECONDS = 5
POOL = {"pool_size": 8, "max_overflow": 32}
"""What one process may have open: on demand, and no more than its threads need. The sender's need the most (`outbox.rounds`)."""


class NoScope(RuntimeError):
    """The database was asked before a door said for which tenant."""


class _Unit:
    """The tenant whose rows the present session may touch."""

    def __init__(self, tenant_id: UUID) -> None:
        self.tenant_id = tenant_id


_unit: ContextVar[_Unit | None] = ContextVar("unit", default=None)


@contextmanager
def session_of(tenant_id: UUID) -> Iterator[None]:
    """Gives `db.session` a session of its own for one tenant; what was not committed is rolled back at the end."""
    token = _unit.set(_Unit(tenant_id))
    try:
        yield
    finally:
        db.session.remove()
        _unit.reset(token)


class TenantSession(Session):
    """A session that belongs to one tenant from its first transaction to its end."""


@event.listens_for(TenantSession, "after_begin")
def _set_tenant(session: TenantSession, _transaction: object, connection: Connection) -> None:
    # Local to the transaction: a session-level setting would be read by the next user of the pooled connection.
    connection.execute(text("SELECT set_config('app.tenant_id', :tenant, true)"), {"tenant": str(_present().tenant_id)})


@event.listens_for(TenantSession, "before_flush")
def _fill_keys(session: TenantSession, _context: object, _instances: object) -> None:
    tenant_id = _present().tenant_id
    for row in session.new:
        if isinstance(row, TenantModel):
            row.tenant_id = row.tenant_id or tenant_id
            row.id = row.id or new_id()  # before the audit looks at the row


def has_session() -> bool:
    """Whether a door has opened a session: error pages are drawn after it was closed."""
    return _unit.get() is not None


def _present() -> _Unit:
    unit = _unit.get()
    if unit is None:
        raise NoScope("no tenant scope: enter one at the door (saas.tenancy.scope.enter)")
    return unit


def _session_key() -> int:
    return id(_unit.get())


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """Typed columns: UUID ids, moments with a zone, dictionaries as jsonb."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            UUID: Uuid(),
            datetime: DateTime(timezone=True),
            dict[str, Any]: JSONB(),
            list[Any]: JSONB(),
        },
    )


@lru_cache(maxsize=8192)
def same_id(value: str) -> UUID:
    """The UUID written so, the same object each time: among many rows, one object is compared for nothing."""
    return UUID(value)


def new_id() -> UUID:
    """A UUID version 7: sorts by time of making."""
    return uuid_utils.compat.uuid7()


db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": TenantSession, "scopefunc": _session_key, "expire_on_commit": False},
    # Hidden: the text of a database error would carry a fan's words and openid into the log.
    engine_options={
        "pool_pre_ping": True,
        **POOL,
        "hide_parameters": True,
        # No statement_timeout: an export may take its time.
        "connect_args": {"connect_timeout": CONNECT_SECONDS, **DEAD_LINE},
    },
)
if TYPE_CHECKING:

    class Model(Base):
        """A mapped table; at run time Flask-SQLAlchemy's own."""

        __abstract__ = True
else:
    Model = db.Model


class _Reference:
    """What `belongs_to` says, until the class is made."""

    def __init__(self, target: str, column: str, *, table: str, ondelete: str | None) -> None:
        self.target, self.column, self.table, self.ondelete = target, column, table, ondelete

    def key(self) -> ForeignKeyConstraint:
        """The composite foreign key."""
        return ForeignKeyConstraint(
            ["tenant_id", self.column], [f"{self.table}.tenant_id", f"{self.table}.id"], ondelete=self.ondelete
        )

    def relationship(self, owner: str) -> Any:
        """The relationship; only the single column is foreign, so that assigning never blanks the tenant."""
        own = f"foreign({owner}.{self.column})"
        join = f"and_({self.target}.tenant_id == {owner}.tenant_id, {own} == {self.target}.id)"
        return relationship(self.target, primaryjoin=join, lazy="raise", uselist=False)


def belongs_to(target: str, column: str, *, table: str, ondelete: str | None = None) -> Any:
    """Writes the composite foreign key (tenant_id, column) and a relationship to `target`.

    `ondelete` is SQL, for example "CASCADE" or "SET NULL (parent_id)": naming the column keeps the tenant.
    """
    return _Reference(target, column, table=table, ondelete=ondelete)


class TenantModel(Model):
    """A table of one tenant: `tenant_id` leads its primary key, row-level security guards it.

    `tenant_id` is filled from the scope when the row is added to the session.
    """

    __abstract__ = True

    extra_args: ClassVar[Sequence[Any]] = ()

    @declared_attr
    def tenant_id(cls) -> Mapped[UUID]:
        """Whose row it is."""
        return mapped_column(primary_key=True, sort_order=-20)

    @declared_attr
    def id(cls) -> Mapped[UUID]:
        """Unique in the deployment."""
        return mapped_column(primary_key=True, default=new_id, sort_order=-10)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        references = {name: value for name, value in vars(cls).items() if isinstance(value, _Reference)}
        for name, reference in references.items():
            setattr(cls, name, reference.relationship(cls.__name__))
        cls.__table_args__ = (*(reference.key() for reference in references.values()), *cls.extra_args)
        super().__init_subclass__(**kwargs)


class Versioned:
    """Optimistic locking: `version` starts at 1 and grows with each change."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, sort_order=90)

    def check_version(self, seen: int | None) -> None:
        """Raises StaleVersion when the row changed since `seen`; None says the caller doesn't care."""
        if seen is not None and seen != self.version:
            raise StaleVersion

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}
