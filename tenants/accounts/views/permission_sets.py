"""What each permission set of an authorisation is good for, and what does not work without it (docs/protocol.md, 11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """A set by its name at WeChat; an exclusive one is held by one platform at a time.

    `is_needed`: without it the daily work stands still.
    """

    name: LazyString
    gives: LazyString
    lacks: LazyString
    is_exclusive: bool = False
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class PermissionLine:
    """A set as one account has given it, or not."""

    number: int
    set: PermissionSet
    is_given: bool


USED: Mapping[int, PermissionSet] = {
    1: PermissionSet(
        _l("Managing messages"),
        _l("Messages arrive and are answered; customer-service messages can be sent."),
        _l("No message arrives: rules, inbox and figures of this account stand still."),
    ),
    2: PermissionSet(
        _l("Managing users"),
        _l("Followers, tags and remarks are read and written."),
        _l("Followers can't be read, and tags stay here: they do not reach WeChat."),
    ),
    3: PermissionSet(
        _l("Account service and codes"),
        _l("Channel codes can be made."),
        _l("No channel code can be made: where fans come from stays unknown."),
    ),
    15: PermissionSet(
        _l("Managing menus"),
        _l("The menu can be read and set."),
        _l("The menu can't be read or set from here."),
    ),
    11: PermissionSet(
        _l("Managing material"),
        _l("Pictures, voice and video can be sent in replies."),
        _l("Replies with pictures, voice or video can't be sent."),
    ),
    7: PermissionSet(
        _l("Mass sending and notices"),
        _l("Drafts, publishing, mass messages, templates and the figures of articles."),
        _l("Nothing can be published or sent to many, no template goes out, and articles have no figures."),
    ),
    89: PermissionSet(
        _l("Sending subscription notices"),
        _l("Notices that a fan subscribed to can be sent."),
        _l("Subscription notices can't be sent."),
        is_needed=False,
    ),
    6: PermissionSet(
        _l("Several service agents"),
        _l("Conversations can be handed to WeChat's own customer-service desk."),
        _l("Conversations can't be handed to WeChat's own desk; our inbox works without it."),
        is_needed=False,
    ),
    4: PermissionSet(
        _l("Web page service"),
        _l("Pages opened in WeChat know who the fan is."),
        _l("Pages and campaigns opened in WeChat can't tell who the fan is."),
        is_exclusive=True,
    ),
    54: PermissionSet(
        _l("Service conversations"),
        _l("Conversations of WeChat's service desk can be read."),
        _l("Conversations held at WeChat's own service desk stay unseen here."),
        is_exclusive=True,
        is_needed=False,
    ),
}


def describe_sets(given: Collection[int]) -> Sequence[PermissionLine]:
    """The sets that the product uses, those missing first."""
    lines = [PermissionLine(number, described, number in given) for number, described in USED.items()]
    return sorted(lines, key=lambda line: (line.is_given, not line.set.is_needed))
