"""`demo.json` between two runs."""

from __future__ import annotations

import io
import json
from pathlib import Path

from saas.config import Config
from saas.stack.console import Console
from saas.stack.demo import Demo

LOGIN = {"login": "hq@example.com", "password": "secret", "role": "brand_hq", "tenant_id": "1"}


def test_addresses_follow_the_run_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    path.write_text(json.dumps({"url": "http://127.0.0.1:1", "logins": [LOGIN], "tenants": [{"name": "千店咖啡"}]}))
    Demo(path).set_addresses(Config(public_url="http://127.0.0.1:2", callback_url="http://127.0.0.1:3"))
    content = json.loads(path.read_text())
    assert (content["url"], content["callback_url"]) == ("http://127.0.0.1:2", "http://127.0.0.1:3")
    assert (content["logins"], content["tenants"]) == ([LOGIN], [{"name": "千店咖啡"}])


def test_without_a_file_nothing_is_loaded_and_nothing_written(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "demo.json")
    demo.set_addresses(Config())
    assert not demo.is_loaded()


def test_it_shows_addresses_and_logins(tmp_path: Path) -> None:
    path, output = tmp_path / "demo.json", io.StringIO()
    path.write_text(
        json.dumps({"url": "http://127.0.0.1:2", "simulator_url": "", "callback_url": "", "logins": [LOGIN]})
    )
    Demo(path).show(Console(output))
    assert "Pages      http://127.0.0.1:2" in output.getvalue()
    assert "brand_hq         hq@example.com               secret" in output.getvalue()
