"""Passwords: Argon2id with the library's defaults (64 MiB, 3 passes), never shorter than ten characters."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import lazy_gettext as _l

from saas.errors import Invalid

SHORTEST = 10
LONGEST = 200
_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The Argon2id hash; raises Invalid when the password is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid({"password": [_l("Use at least 10 characters.")]})
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password fits; takes as long for an unknown person (`stored` is None) as for a known one."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except VerificationError:
        return False
