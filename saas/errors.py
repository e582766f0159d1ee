"""Errors as named facts with a code, a status and data; raised deep, translated once in `saas.web.errors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

from flask_babel import LazyString, lazy_gettext

Sentence: TypeAlias = str | LazyString


class AppError(Exception):
    """A refusal with a reason a person can act on. Subclasses say code, status and the sentence shown."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    sentence: ClassVar[Sentence] = lazy_gettext("That did not work. Nothing was changed.")

    def __init__(self, sentence: Sentence | None = None, **data: object) -> None:
        super().__init__(self.code)
        self.shown = sentence or self.sentence
        self.data = data


class NotFound(AppError):
    """The object is missing, or belongs to somebody else: the same answer for both."""

    code = "not_found"
    status = 404
    sentence = lazy_gettext("There is nothing at this address, or it is not yours to see.")


class Forbidden(AppError):
    """Known and seen, but not allowed to do this."""

    code = "forbidden"
    status = 403
    sentence = lazy_gettext("Your role does not allow this. Ask headquarters or your agency.")


class Unauthenticated(AppError):
    """Nobody has logged in, or the session or token has ended."""

    code = "unauthenticated"
    status = 401
    sentence = lazy_gettext("Please log in.")


class Invalid(AppError):
    """Input that fails its check; `fields` maps a field's path to its sentences."""

    code = "invalid"
    status = 422
    sentence = lazy_gettext("Some fields need your attention. Nothing was saved.")

    def __init__(self, fields: Mapping[str, list[Sentence]] | None = None, sentence: Sentence | None = None) -> None:
        super().__init__(sentence, fields=dict(fields or {}))
        self.fields: dict[str, list[Sentence]] = dict(fields or {})


class Conflict(AppError):
    """The request contradicts the present state."""

    code = "conflict"
    status = 409
    sentence = lazy_gettext("This contradicts what is stored now. Reload and look again.")


class StaleVersion(AppError):
    """Somebody else changed the object since it was read."""

    code = "stale_version"
    status = 412
    sentence = lazy_gettext("Somebody changed this while you were editing. Your input is kept; reload to compare.")


class TooMany(AppError):
    """A limit was reached; try again later."""

    code = "too_many"
    status = 429
    sentence = lazy_gettext("Too many tries. Please wait a minute.")
