"""`python -m tests.migrations`: one head, no drift, up–down–up; the part of `make check` that needs a database."""

from __future__ import annotations

import sys

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "tests/architecture/test_migrations.py"]))
