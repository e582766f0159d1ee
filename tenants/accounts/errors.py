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


class StillInUse(Conflict):
    """A node with active nodes below it, or the central one, can't be archived."""

    code = "still_in_use"
    sentence = _l("There are active accounts below this one. Move or archive them first.")


class SceneTaken(Conflict):
    """A scene names one channel code of an account."""

    code = "scene_taken"
    sentence = _l("Another channel code of this account uses this scene. Choose another one.")
