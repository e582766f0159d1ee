"""Secrets that are made once."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from saas.stack.keys import KeyFile, master_key


def test_a_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secrets.json"
    first = KeyFile(path).ensure("secret_key")
    assert KeyFile(path).ensure("secret_key") == first == KeyFile(path).get("secret_key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_many_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: KeyFile(tmp_path / "secrets.json").ensure("one"), range(32)))
    assert len(made) == 1


def test_a_secret_never_made_is_none(tmp_path: Path) -> None:
    assert KeyFile(tmp_path / "secrets.json").get("none") is None


def test_the_master_key_has_32_bytes() -> None:
    assert len(base64.b64decode(master_key())) == 32
