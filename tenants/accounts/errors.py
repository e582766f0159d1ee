"""What the tree refuses, by name."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.errors import Conflict


class AppIdTaken(Conflict):
    """An app_id serves one account of the whole deployment."""

    code = "app_id_taken"
    sentence = _l(
        "This AppID is connected to another account already. Disconnect it there first, or check for a typing error."
    )


class NotConnected(Conflict):
    """The account has no WeChat connection, so WeChat can't be asked."""

    code = "not_connected"
    sentence = _l("This account is not connected to WeChat yet. Connect it first.")


class AuthorisationWithdrawn(NotConnected):
    """The account's owner has taken back what a scan had granted: WeChat refuses every call."""

    code = "authorisation_withdrawn"
    sentence = _l(
        "The account's administrator has withdrawn the authorisation at WeChat. Nothing can be sent until the account "
        "is authorised again by scanning."
    )


class ConnectedByScan(Conflict):
    """What WeChat tells of an authorised account can't be typed."""

    code = "connected_by_scan"
    sentence = _l(
        "This account was connected by scanning: WeChat tells its AppID, type and keys. "
        "Disconnect it first to enter them by hand."
    )


class LinkUsed(Conflict):
    """The invitation has led to a connection already, or another one has."""

    code = "link_used"
    sentence = _l("This link was used already. Ask for a new one if the account is to be authorised again.")


class LinkOver(Conflict):
    """The invitation's seven days are over."""

    code = "link_over"
    status = 410
    sentence = _l("This link has expired. Ask whoever sent it to you for a new one.")


class StillInUse(Conflict):
    """A node with active nodes below it, or the central one, can't be archived."""

    code = "still_in_use"
    sentence = _l("There are active accounts below this one. Move or archive them first.")


class SceneTaken(Conflict):
    """A scene names one channel code of an account."""

    code = "scene_taken"
    sentence = _l("Another channel code of this account uses this scene. Choose another one.")


class NoClearsLeft(Conflict):
    """WeChat clears counters ten times a month."""

    code = "no_clears_left"
    sentence = _l("The counters were cleared as often as WeChat allows this month.")
