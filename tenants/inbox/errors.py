"""What can go wrong with conversations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.errors import Conflict


class AlreadyResolved(Conflict):
    """The conversation has come to its end before."""

    code = "already_resolved"
    sentence = _l("This conversation is resolved already.")
