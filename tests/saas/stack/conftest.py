"""A cluster made once and copied per test: making one takes longer than all that is tested here."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from saas.stack.postgres import EmbeddedPostgres


def _open_folder() -> TemporaryDirectory[str]:
    """A folder that PostgreSQL's own user may go through, unlike pytest's."""
    folder = TemporaryDirectory(prefix="qiandian-test-", ignore_cleanup_errors=True)
    Path(folder.name).chmod(0o711)
    return folder


@pytest.fixture(scope="session")
def made_cluster() -> Iterator[Path]:
    """The files of a cluster that is not running."""
    with _open_folder() as folder:
        base = Path(folder) / "postgres"
        with EmbeddedPostgres(base, durable=False):
            pass
        yield base


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data directory."""
    with _open_folder() as folder:
        yield Path(folder)
        subprocess.run(["rm", "-rf", str((Path(folder) / "postgres").resolve())], check=True)


@pytest.fixture
def base(data_dir: Path, made_cluster: Path) -> Path:
    """A copy of the cluster, in a data directory of its own."""
    subprocess.run(["cp", "-a", str(made_cluster), str(data_dir / "postgres")], check=True)
    return data_dir / "postgres"
