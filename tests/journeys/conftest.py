"""One running product with its demo and one browser for all journeys through the pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import Visitor
from tests.journeys.product import Product, known_app, running_product


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Everything, as `make run` starts it; in a short folder, as the paths of sockets are limited."""
    with tempfile.TemporaryDirectory(prefix="qiandian-") as folder, running_product(Path(folder)) as running:
        yield running


@pytest.fixture(scope="session")
def visitor(chromium: Browser, product: Product) -> Visitor:
    """Opens pages as the role they are for."""
    return Visitor(chromium, product, known_app())
