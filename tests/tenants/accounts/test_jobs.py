"""Background work of the account matrix."""

from __future__ import annotations

from saas.db import db
from tenants.accounts import services
from tenants.accounts.jobs import JOBS
from tests.factories.accounts import Tree, make_connected
from tests.tenants.accounts.conftest import FakeWeChat


def test_a_code_is_made_by_its_id(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.east)
    channel = services.create_channel(account_id=tree.east, node_id=tree.bund, name="台卡")
    db.session.commit()
    (job,) = JOBS
    job.run(channel_id=str(channel.id))
    assert channel.state == "ready"
