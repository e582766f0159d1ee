"""What can go wrong with conversations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.errors import Conflict


class AlreadyResolved(Conflict):
    """The conversation has come to its end before."""

    code = "already_resolved"
    sentence = _l("This conversation is resolved already.")


class NotInTrouble(Conflict):
    """The message waits, was delivered, or a person has dealt with it already."""

    code = "message_not_undelivered"
    sentence = _l("This message needs nothing more: it waits, was sent, or somebody has dealt with it.")
