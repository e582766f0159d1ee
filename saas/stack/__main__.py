"""`python -m saas.stack run` starts everything; `python -m saas.stack run --with-parent` also ends with its parent."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

import psycopg

from saas.config import Config
from saas.stack.errors import StackError
from saas.stack.store import disk_full, is_disk_full
from saas.stack.supervisor import Supervisor

FILES = 16384
USAGE = "usage: python -m saas.stack run [--with-parent]"


def main(arguments: list[str]) -> int:
    """Reads the arguments and the environment, and runs until it is told to stop."""
    if not arguments or arguments[0] != "run" or arguments[1:] not in ([], ["--with-parent"]):
        sys.stderr.write(f"{USAGE}\n")
        return 2
    try:
        config = Config.from_env()
    except ValueError as error:
        return _refuse(f"A setting is not of its kind: {error}.")
    allow_connections()
    parent = os.getppid()
    return run(Supervisor(config, is_wanted=lambda: len(arguments) == 1 or os.getppid() == parent), config)


def allow_connections() -> None:
    """Lets this process and its children hold as many connections open as the machine allows, up to what they need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def run(supervisor: Supervisor, config: Config) -> int:
    """Runs the supervisor and returns the exit status; a failure is told in one sentence."""
    try:
        supervisor.run()
    except StackError as error:
        return _refuse(str(error))
    except psycopg.Error as error:
        return _refuse(f"DATABASE_URL can't be used: {str(error).strip().splitlines()[0].strip()}.")
    except OSError as error:
        return _refuse(_sentence(error, config.data_dir))
    return 0


def _sentence(error: OSError, data_dir: Path) -> str:
    if is_disk_full(error):
        return disk_full(data_dir)
    return f"{error.strerror or error}: {error.filename or data_dir} (DATA_DIR must be a directory you may write to)."


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"✗ {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
