"""An invitation opened by several at the same moment makes one of them a member."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from saas.auth import services
from saas.auth.roles import Role
from saas.db import db, new_id
from saas.security.limits import limiter
from saas.tenancy.models import Membership
from saas.tenancy.scope import TenantRecord, enter_directory

AT_ONCE = 3


def test_one_comes_in(app: Flask, tenant: TenantRecord) -> None:
    limiter.reset()
    with enter_directory():
        membership = Membership(id=new_id(), tenant_id=tenant.id, role=Role.BRAND_HQ, invited_name="新人")
        db.session.add(membership)
        link = f"/invitations/{services.create_invitation(membership)}"
        db.session.commit()
    gate, logins = Barrier(AT_ONCE), [f"p{new_id().hex}@example.test" for _ in range(AT_ONCE)]

    def accept(login: str) -> tuple[int, int]:
        browser = app.test_client()
        gate.wait()
        typed = {"login": login, "name": "新人", "password": "a long enough one"}
        return browser.post(link, data=typed).status_code, browser.get("/me/password").status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = sorted(pool.map(accept, logins))
    assert found[0] == (302, 200)
    assert {status for status, _page in found[1:]} <= {404, 412}
    assert {page for _status, page in found[1:]} == {302}
    with enter_directory():
        assert sum(services.find_user(login) is not None for login in logins) == 1
