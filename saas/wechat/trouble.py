"""Whose fault it is that a row was not observed: the row's, or the database's, whose trouble passes."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# Connection, rollback, resources, operator, disk, itself; read-only for now, or ended for its slowness: the database's
# trouble, which is no row's fault.
TRANSIENT = ("08", "25006", "25P03", "25P04", "40", "53", "55", "57", "58", "XX")
LOST = ("08", "25P03", "25P04", "57P")
DOUBTFUL = "XX"


def is_transient(error: BaseException) -> bool:
    """Whether the database is in trouble rather than the row wrong."""
    return is_lost(error) or _state(error).startswith(TRANSIENT)


def is_lost(error: BaseException) -> bool:
    """Whether there is no line to the database, so that no other row or brand would fare better."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    # The driver's word, not the server's: no connection, or a value that it can't send.
    is_mute = not _state(error) and isinstance(error, (OperationalError, InterfaceError))
    return is_mute or error.connection_invalidated or _state(error).startswith(LOST)


def is_doubtful(error: BaseException) -> bool:
    """Whether a row may be behind the trouble all the same: one that breaks the line, or PostgreSQL itself, each time."""
    return isinstance(error, DBAPIError) and (not _state(error) or _state(error).startswith(DOUBTFUL))


def _state(error: BaseException) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""
