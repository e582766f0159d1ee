"""Stored files: under a folder of the deployment, named by their content, apart per tenant."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from uuid import UUID

from flask import Flask, current_app

from saas.errors import NotFound


class FileStore:
    """Files on a disk that all processes share; the key is the SHA-256 of the content."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, tenant_id: UUID, content: bytes) -> str:
        """Stores the content, whole or not at all, and returns its key."""
        key = hashlib.sha256(content).hexdigest()
        path = self._path(tenant_id, key)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, partial = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).rename(path)
        return key

    def get(self, tenant_id: UUID, key: str) -> bytes:
        """The content; raises NotFound."""
        try:
            return self._path(tenant_id, key).read_bytes()
        except FileNotFoundError:
            raise NotFound from None

    def _path(self, tenant_id: UUID, key: str) -> Path:
        return self._root / str(tenant_id) / key[:2] / key


def init_app(app: Flask, root: Path) -> None:
    """Names the folder; it is made with the first file."""
    app.extensions["files"] = FileStore(root)


def file_store() -> FileStore:
    """The application's store."""
    store: FileStore = current_app.extensions["files"]
    return store
