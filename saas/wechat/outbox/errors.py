"""Why an effect can't be planned."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.errors import AppError


class NothingLeft(AppError):
    """WeChat would refuse it: the sentence says since when, or until when. Nothing was planned."""

    code = "nothing_may_be_sent"
    status = 409
    sentence = _l("Nothing may be sent to this fan now.")
