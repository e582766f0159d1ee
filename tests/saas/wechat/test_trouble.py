"""The database's trouble told from a row's fault."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy.exc import DataError, OperationalError

from saas.wechat.trouble import is_transient


def test_a_value_too_long_for_an_index_is_the_rows_fault():
    error = OperationalError("", {}, psycopg.errors.ProgramLimitExceeded())
    assert not is_transient(error)


@pytest.mark.parametrize(
    "trouble",
    [
        psycopg.errors.DeadlockDetected,
        psycopg.errors.DiskFull,
        psycopg.errors.IdleInTransactionSessionTimeout,
        psycopg.errors.IoError,
        psycopg.errors.LockNotAvailable,
        psycopg.errors.ReadOnlySqlTransaction,
    ],
)
def test_the_database_s_own_words_are_no_rows_fault(trouble):
    assert is_transient(OperationalError("", {}, trouble()))


def test_a_value_that_the_driver_can_not_send_is_the_rows_fault():
    assert not is_transient(DataError("", {}, psycopg.DataError("a NUL")))
    assert is_transient(OperationalError("", {}, psycopg.OperationalError("no connection")))
