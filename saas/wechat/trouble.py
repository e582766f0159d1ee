"""Whose fault it is that a row was not observed: the row's, or the database's, whose trouble passes."""

from __future__ import annotations

from sqlalchemy.exc import DataError, DBAPIError

# Connection, rollback, resources, operator, disk; read-only for now, or ended for its slowness: the database's trouble, which
# is no row's fault.
TRANSIENT = ("08", "25006", "25P03", "25P04", "40", "53", "55", "57", "58")


def is_transient(error: BaseException) -> bool:
    """Whether the database is in trouble rather than the row wrong."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the driver's word, not the server's: no connection, or a value that it can't send
        return not isinstance(error, DataError)
    return error.connection_invalidated or state.startswith(TRANSIENT)
