"""Why an effect can't be planned."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.errors import AppError


class NothingLeft(AppError):
    """WeChat would refuse it: the sentence says since when, or until when. Nothing was planned."""

    code = "nothing_may_be_sent"
    status = 409
    sentence = _l("Nothing may be sent to this fan now.")


class NotOver(AppError):
    """It is still to be sent, or was."""

    code = "effect_not_over"
    status = 409
    sentence = _l("This message was sent, or is about to be. Nothing was planned.")
