"""What `python -m saas.stack` says when it can't start: one sentence each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from saas.config import inherited_environment
from saas.stack.store import free_port

NOBODY = "postgresql://a@127.0.0.1:1/b"


def start(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    environment = {"PORT": str(free_port()), "SIMULATOR_PORT": str(free_port()), "DATA_DIR": str(folder), **settings}
    done = subprocess.run(
        [sys.executable, "-m", "saas.stack", *(arguments or ["run"])],
        env=inherited_environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "abc"}, "✗ A setting is not of its kind: invalid literal"),
        ({"PORT": "80000"}, "✗ PORT is 80000, which is no port: set it to a number from 1 to 65535."),
        ({"DATABASE_URL": NOBODY, "REDIS_URL": "redis://127.0.0.1:1/0"}, "✗ REDIS_URL can't be used: Error"),
        ({"DATABASE_URL": NOBODY, "REDIS_URL": "nonsense"}, "✗ REDIS_URL can't be used: Redis URL must specify"),
        ({"DATABASE_URL": "nonsense"}, "✗ DATABASE_URL can't be used: missing"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(tmp_path: Path, settings: dict[str, str], sentence: str) -> None:
    code, output = start(tmp_path / "var", **settings)
    assert code == 1
    assert sentence in output.splitlines()[-1]
    assert "Traceback" not in output


def test_a_data_directory_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, output = start(tmp_path / "file")
    assert (code, output.count("\n")) == (1, 1)
    assert "DATA_DIR must be a directory you may write to" in output


def test_another_word_shows_the_usage(tmp_path: Path) -> None:
    assert start(tmp_path, "fly") == (2, "usage: python -m saas.stack run [--with-parent]\n")


def test_a_shell_that_allows_few_connections_is_no_hindrance() -> None:
    """Two thousand at once: a shell's usual limit is half of that."""
    code = "import resource as r; from saas.stack.__main__ import allow_connections; allow_connections(); "
    shown = f"{code}print(r.getrlimit(r.RLIMIT_NOFILE)[0])"
    done = subprocess.run(
        ["sh", "-c", f'ulimit -Sn 256; exec "{sys.executable}" -c "{shown}"'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) > 2000
