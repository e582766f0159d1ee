"""Where the play takes place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.replay.stage import MOST_ACCOUNTS, NoStage, read_stage


def account(app_id: str | None, mode: str | None = "safe") -> dict[str, Any]:
    names = {"app_id": app_id, "mode": mode, "original_id": "gh_1", "token": "t", "encoding_aes_key": "k" * 43}
    return names if app_id else dict.fromkeys(names)


def demo(folder: Path, *accounts: dict[str, Any], callback_url: str = "http://127.0.0.1:8002") -> Path:
    content = {"url": "http://127.0.0.1:8000", "callback_url": callback_url, "tenants": [{"accounts": list(accounts)}]}
    (folder / "demo.json").write_text(json.dumps(content))
    return folder


def test_a_sealed_account_is_the_hot_one_and_a_plain_one_takes_part(tmp_path: Path) -> None:
    stage = read_stage(demo(tmp_path, account(None), account("a", "plain"), account("b"), account("c", "compatible")))
    assert [(one.app_id, one.mode) for one in stage.accounts] == [("b", "safe"), ("a", "plain"), ("c", "compatible")]
    assert (stage.host, stage.port, stage.metrics_url) == ("127.0.0.1", 8002, "http://127.0.0.1:8000")


def test_not_everybody_takes_part(tmp_path: Path) -> None:
    assert len(read_stage(demo(tmp_path, *(account(str(n)) for n in range(30)))).accounts) == MOST_ACCOUNTS


def test_without_a_run_there_is_no_stage(tmp_path: Path) -> None:
    with pytest.raises(NoStage, match="make run"):
        read_stage(tmp_path)


def test_nobody_elses_machine_is_played_on(tmp_path: Path) -> None:
    with pytest.raises(NoStage, match="not on this machine"):
        read_stage(demo(tmp_path, account("a"), callback_url="https://wechat.example.com"))


def test_without_a_connected_account_there_is_no_stage(tmp_path: Path) -> None:
    with pytest.raises(NoStage, match="connected"):
        read_stage(demo(tmp_path, account(None)))
