"""What browsers load: allowed files only, under an address that carries their content."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.web.assets import ALLOWED, LIBRARIES, OWN, AssetError, Assets


@pytest.fixture
def assets() -> Assets:
    return Assets()


@pytest.fixture
def browser(assets: Assets) -> FlaskClient:
    app = Flask("assets", static_folder=None)
    assets.init_app(app)
    return app.test_client()


def own_files() -> list[str]:
    return [path.relative_to(OWN).as_posix() for path in OWN.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", [*ALLOWED, *own_files()])
def test_every_file_is_served_for_ever(assets: Assets, browser: FlaskClient, name: str) -> None:
    answer = browser.get(assets.url(name))

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sourceMappingURL" not in answer.data.decode("latin-1")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("css/app.css", "text/css"),
        ("js/app.js", "text/javascript"),
        ("img/mark.svg", "image/svg+xml"),
        ("vendor/fonts/tabler-icons.woff2", "font/woff2"),
    ],
)
def test_the_kind_is_named(assets: Assets, browser: FlaskClient, name: str, kind: str) -> None:
    assert browser.get(assets.url(name)).mimetype == kind


def test_what_is_packed_is_the_same(assets: Assets, browser: FlaskClient) -> None:
    plain = browser.get(assets.url("css/app.css"))
    packed = browser.get(assets.url("css/app.css"), headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("name", ["vendor/icons.css", "js/app.js", "vendor/tom-select.css", "vendor/tabler.css"])
def test_references_lead_to_files(assets: Assets, browser: FlaskClient, name: str) -> None:
    text = browser.get(assets.url(name)).text
    addresses = re.findall(r"(/assets/[0-9a-f]{16}/[^\"')]+)", text)

    assert [address for address in addresses if browser.get(address).status_code != 200] == []
    assert not re.search(r"url\([\"']?\.|from \"\.", text)


@pytest.mark.parametrize(
    "name",
    ["nothing.css", "../assets.py", "css/../css/app.css", "js/app.map", "vendor/package.json", "css", "a\x00.css"],
)
def test_what_is_not_allowed_is_not_there(browser: FlaskClient, name: str) -> None:
    assert browser.get(f"/assets/0123456789abcdef/{name}").status_code == 404


def test_another_content_is_not_there(browser: FlaskClient) -> None:
    assert browser.get("/assets/0123456789abcdef/css/app.css").status_code == 404


def test_the_address_changes_with_what_is_referred_to(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import "./b.js";\nimport * as b from "./b.js";\n')
    (tmp_path / "b.js").write_text("export const one = 1;\n")
    before = Assets(own=tmp_path).url("a.js")
    (tmp_path / "b.js").write_text("export const one = 2;\n")

    assert Assets(own=tmp_path).url("a.js") != before


def test_missing_libraries_are_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="npm ci"):
        Assets(libraries=tmp_path).url("vendor/htmx.js")


def test_the_lock_names_no_registry() -> None:
    assert "resolved" not in (LIBRARIES.parent / "package-lock.json").read_text()
