"""What reasons and states are called on the pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

REASONS = {"hand_over": _l("Asked for a person"), "complaint": _l("Complaint")}
STATUSES = {
    "waiting": _l("Waiting for a person"),
    "open": _l("With a person"),
    "resolved": _l("Resolved"),
    "robot": _l("With the robot"),
}
FATES = {"refused": _l("Not sent"), "unknown": _l("Fate unknown")}
