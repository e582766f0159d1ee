"""Cursors: every row once, in order, however many share a value; nonsense is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from saas.db import db
from saas.errors import Invalid
from saas.tenancy.models import AuditEntry
from saas.tenancy.scope import TenantScope
from saas.web.paging import Page, Sort, decode_cursor, encode_cursor, every_row, page_of


def entry(day: int) -> AuditEntry:
    at = datetime(2026, 1, day, tzinfo=UTC)
    return AuditEntry(at=at, user_name="", role="", action="x", path_ids={}, changes=[], request_id="", address="")


@pytest.mark.parametrize("descending", [True, False])
def test_every_row_once_and_in_order(scope: TenantScope, descending: bool) -> None:
    db.session.add_all([entry(day) for day in (1, 2, 2, 2, 3, 3, 4)])
    db.session.flush()
    sort = Sort((AuditEntry.at, AuditEntry.id), key=lambda row: (row.at, row.id), descending=descending)
    seen: list[AuditEntry] = []
    cursor = None
    for _ in range(4):
        page = page_of(select(AuditEntry), sort=sort, cursor=cursor, limit=2)
        seen += page.items
        cursor = page.next_cursor
    assert cursor is None
    assert seen == sorted(seen, key=sort.key, reverse=descending)
    assert len({row.id for row in seen}) == 7


@given(st.text(max_size=40))
def test_nonsense_is_refused_or_harmless(cursor: str) -> None:
    values: list[object] = []
    with suppress(Invalid):
        values = decode_cursor(cursor, 2)
    assert len(values) in (0, 2)


def test_a_cursor_comes_back() -> None:
    assert decode_cursor(encode_cursor(("咖啡", 3)), 2) == ["咖啡", 3]


@pytest.mark.parametrize("values", [("no date", "no id"), ("2026-01-01", "1")])
def test_a_cursor_of_wrong_values_is_refused_by_the_door(scope: TenantScope, values: tuple[str, str]) -> None:
    sort = Sort((AuditEntry.at, AuditEntry.id), key=lambda row: (row.at, row.id))
    with pytest.raises(Exception, match="invalid"):
        page_of(select(AuditEntry), sort=sort, cursor=encode_cursor(values), limit=2)


def test_every_row_of_all_pages_up_to_a_limit() -> None:
    def read(cursor: str | None) -> Page[int]:
        first = int(cursor or 0)
        return Page([first, first + 1], str(first + 2) if first < 4 else None)

    assert list(every_row(read)) == [0, 1, 2, 3, 4, 5]
    assert list(every_row(read, most=3)) == [0, 1, 2]
