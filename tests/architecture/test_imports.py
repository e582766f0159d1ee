"""Nothing happens on import: every module loads with an empty environment, in an empty folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT, product

ENTRY_POINTS = {"saas/stream/asgi.py", "saas/simulator/wsgi.py", "saas/stack/__main__.py"}
PROGRAM = """
import importlib, sys
sys.path.insert(0, {root!r})
for name in {names!r}:
    importlib.import_module(name)
"""


def test_every_module_loads_with_an_empty_environment(tmp_path: Path) -> None:
    names = [module(one.name) for one in product() if one.name not in ENTRY_POINTS]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(root=str(ROOT), names=names)],
        env={}, cwd=tmp_path, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
