"""A platform beside the simulator."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from saas.web.i18n import compile_catalogues
from tests.saas.simulator.component.platform import Platform, standing
from tests.saas.simulator.conftest import Box


@pytest.fixture(autouse=True, scope="package")
def catalogues() -> None:
    compile_catalogues()


@pytest.fixture
def platform(make_box: Callable[..., Box]) -> Iterator[Platform]:
    """Registered, with a server that listens; the account has a server of its own that does not."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with standing(make_box(callback_url="http://127.0.0.1:9", tries=1)) as platform:
        yield platform
