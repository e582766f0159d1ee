"""The WeChat door: answers messages by the account's rules. `load` reads, `answer` only thinks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from saas.wechat.dispatch import Answer, Answerer, Origin
from saas.wechat.messages import (
    Click,
    Event,
    Image,
    Inbound,
    Link,
    Location,
    Message,
    Scan,
    ShortVideo,
    Subscribe,
    Text,
    Video,
    Voice,
)
from saas.wechat.ports import AccountKeys
from tenants.rules.domain.matching import Match
from tenants.rules.domain.replying import outcome
from tenants.rules.domain.stimulus import Kind, Stimulus
from tenants.rules.services import LoadedRules, load_rules

_KNOWN: dict[type[Inbound], str] = {
    Image: "image",
    Link: "link",
    ShortVideo: "shortvideo",
    Video: "video",
}
_NO_STICKER = {"file", "miniprogrampage"}


def load(keys: AccountKeys) -> LoadedRules:
    """The account's rules, kept until its version moves."""
    return load_rules(keys.account_id)


def answer_by_rule(inbound: Inbound, loaded: LoadedRules, now: datetime) -> Answer | None:
    """The answer of the best rule that fits, or None."""
    return _answer(inbound, loaded, lambda stimulus: loaded.compiled.match(stimulus, now))


def answer_unmatched(inbound: Inbound, loaded: LoadedRules, now: datetime) -> Answer | None:
    """兜底回复: the answer for messages that nothing else answered, or None."""
    return _answer(inbound, loaded, lambda stimulus: loaded.compiled.fallback(stimulus, now))


def stimulus_of(inbound: Inbound) -> Stimulus | None:
    """What a rule may look at; None for events that no rule answers."""
    if isinstance(inbound, Event):
        return _of_event(inbound)
    return _of_message(inbound) if isinstance(inbound, Message) else None


BY_RULE = Answerer(load=load, answer=answer_by_rule, weigh=lambda loaded: loaded.weight)
# It shares what the other loads, which is weighed there.
UNMATCHED = Answerer(load=load, answer=answer_unmatched)


def _answer(inbound: Inbound, loaded: LoadedRules, find: Callable[[Stimulus], Match | None]) -> Answer | None:
    stimulus = stimulus_of(inbound)
    match = find(stimulus) if stimulus else None
    if stimulus is None or match is None:
        return None
    found = outcome(match.rule.replies, stimulus, loaded.shelf)
    return Answer(found.reply, Origin("rules", str(match.rule.id)), found.effects)


def _of_event(inbound: Event) -> Stimulus | None:
    if isinstance(inbound, Subscribe):
        return Stimulus(Kind.SUBSCRIBE, key=inbound.scene or "")
    if isinstance(inbound, Scan):
        return Stimulus(Kind.SCAN, key=inbound.scene or "")
    # Of the other menu buttons only this one waits for an answer.
    if isinstance(inbound, Click) or inbound.event_name == "scancode_waitmsg":
        return Stimulus(Kind.CLICK, key=inbound.event_key)
    return None


def _of_message(inbound: Message) -> Stimulus:
    if isinstance(inbound, Text):
        return Stimulus(text=inbound.content)
    if isinstance(inbound, Voice):
        return Stimulus(message_type="voice", text=inbound.recognition)
    if isinstance(inbound, Location):
        return Stimulus(message_type="location", point=(inbound.latitude, inbound.longitude))
    known = _KNOWN.get(type(inbound))
    # What WeChat gives no type of its own: a custom sticker, unless it says that it is a file or a mini program.
    return Stimulus(message_type=known or (inbound.msg_type if inbound.msg_type in _NO_STICKER else "sticker"))
