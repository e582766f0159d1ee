"""The page that clears an account's counters of the day, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from saas.auth.roles import Role
from saas.db import db
from saas.jobs.plan import plan_job
from saas.tenancy.scope import TenantScope
from tenants.accounts import services
from tests.factories.accounts import Tree, make_connected
from tests.factories.people import Member, browser_of

UNKNOWN, REFUSED = "不确定微信是否已经清零", "清零没有成功"


@pytest.mark.parametrize(
    ("error", "said", "not_said"), [("cut", UNKNOWN, REFUSED), ("ClearingRefused", REFUSED, UNKNOWN)]
)
def test_what_became_of_clearing_is_told_as_far_as_it_is_known(
    app: Flask, holding: Callable[..., Member], tree: Tree, scope: TenantScope, error: str, said: str, not_said: str
) -> None:
    make_connected(tree.bund)
    row = plan_job(services.CLEAR_JOB, account_id=str(tree.bund))
    row.state, row.error = "failed", error
    db.session.commit()
    page = browser_of(app, holding(Role.BRAND_HQ)).get(f"/t/{scope.tenant.id}/a/{tree.bund}/account").text
    assert said in page
    assert not_said not in page
