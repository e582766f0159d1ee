"""Who owns PostgreSQL's files: PostgreSQL refuses to run as root, so root hands it to another user.

No mode of anybody's directory is ever widened. Where the other user can't get in (a closed home), data and
programs go to a directory of their own below /var/lib, and a link in the data directory points there.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from saas.stack.errors import StackError

NAMES = ("postgres", "_postgres", "qiandian")
OPEN_PLACE = Path("/var/lib")
PROGRAMS = Path("pginstall18/bin")


@dataclass(frozen=True)
class Owner:
    """The user PostgreSQL runs as."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether a process for this owner must change its user."""
        return self.uid != os.geteuid()

    def spawn_options(self) -> dict[str, object]:
        """What `subprocess` needs to start a program as this user, outside any closed directory."""
        if not self.is_other:
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, directory: Path) -> bool:
        """Whether this user may go through `directory` and all above it."""
        if not self.is_other:
            return True
        check = ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)]
        return subprocess.run(check, capture_output=True, **self.spawn_options()).returncode == 0  # type: ignore[call-overload, no-any-return]


def place_for(base: Path) -> tuple[Path, Owner]:
    """The directory that stands for `base`, made if missing, and the user it belongs to."""
    base.parent.mkdir(parents=True, exist_ok=True)
    owner = _owner_of(base)
    if not base.exists():
        _make(base, owner)
    if owner.is_other and base.stat().st_uid != owner.uid:
        os.chown(base, owner.uid, owner.gid)
    return base.resolve(), owner


def remove(folder: Path) -> None:
    """Removes a folder that holds a `postgres` place, and what that place may link to."""
    shutil.rmtree((folder / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def programs_for(owner: Owner, package: Path, place: Path) -> Path:
    """The folder of the programs that `owner` can run: the package's own, or that of a copy beside the data."""
    original = package / PROGRAMS
    if _can_run(owner, original / "postgres"):
        return original
    copy = place / "programs"
    if not copy.exists():
        _copy_package(package, copy)
    return copy / package.name / PROGRAMS


def _copy_package(package: Path, copy: Path) -> None:
    """Copies programs and libraries as they lie to each other, which is how the programs find the libraries."""
    partial = copy.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    libraries = (package.with_name(f"{package.name}.libs"), package / ".dylibs")
    for part in (package / PROGRAMS.parts[0], *(folder for folder in libraries if folder.exists())):
        shutil.copytree(part, partial / part.relative_to(package.parent), symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(partial)], check=True)
    partial.rename(copy)


def _owner_of(base: Path) -> Owner:
    uid, gid = os.geteuid(), os.getegid()
    if base.exists() and base.stat().st_uid != uid:
        if uid != 0:
            raise StackError(
                f"{base} belongs to another user: start as that user, or set DATA_DIR to a directory of your own."
            )
        return Owner(base.stat().st_uid, base.stat().st_gid)
    return Owner(uid, gid) if uid else _unprivileged()


def _unprivileged() -> Owner:
    for name in NAMES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(found.pw_uid, found.pw_gid)
    return _created(NAMES[-1])


def _created(name: str) -> Owner:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise StackError(
            "PostgreSQL can't run as root: create a user named postgres for it, or start as an ordinary user."
        ) from None
    found = pwd.getpwnam(name)
    return Owner(found.pw_uid, found.pw_gid)


def _make(base: Path, owner: Owner) -> None:
    base.unlink(missing_ok=True)  # a link whose directory is gone
    if owner.can_enter(base.parent):
        base.mkdir(mode=0o700)
        return
    base.symlink_to(tempfile.mkdtemp(prefix="qiandian-", dir=OPEN_PLACE), target_is_directory=True)


def _can_run(owner: Owner, program: Path) -> bool:
    probe = [str(program), "--version"]
    try:
        return subprocess.run(probe, capture_output=True, **owner.spawn_options()).returncode == 0  # type: ignore[call-overload, no-any-return]
    except PermissionError:
        return False
