"""The accountant: every invariant as two numbers that must agree, or one that must stay below a bound.

Works on what was collected (`evidence`), not on the running system, so that it can be shown false books in a test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

FINAL = frozenset({"done", "quarantined"})
OUTCOMES = frozenset({"done", "refused", "unknown"})
OLDEST_SECONDS = 120.0
WEB_SECONDS, REST_SECONDS = 10.0, 60.0
WEB = frozenset({"callback", "web"})


@dataclass(frozen=True)
class Pushed:
    """One push of the simulator: its clear XML, what each of our answers with 200 said, and what the rule gives.

    It met nobody when the callbacks' process was away at all three tries: how long that may be is another invariant.
    """

    xml: str
    replies: tuple[str, ...]
    expected: str
    met_nobody: bool = False


@dataclass(frozen=True)
class Kept:
    """One row of the journal, opened; `messages` and `facts` is what observers made of it. A report counts as nothing."""

    xml: str
    state: str
    messages: int
    facts: int
    is_report: bool = False


@dataclass(frozen=True)
class Effect:
    """One row of the outbox; `content` is its own, `deliveries` is how often a fan got it."""

    content: str
    state: str
    has_key: bool
    was_cut: bool
    deliveries: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All ledgers after quiet time."""

    pushes: tuple[Pushed, ...]
    journal: tuple[Kept, ...]
    effects: tuple[Effect, ...] = ()
    strange_deliveries: int = 0
    differences: int = 0
    spooled: int = 0
    oldest_open_seconds: float = 0.0
    looks: Mapping[str, int] = field(default_factory=dict)
    foreign_seen: tuple[str, ...] = ()
    canaries: int = 0
    places: int = 0
    leaks: tuple[str, ...] = ()
    resumed: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Verdict:
    """One invariant: what must be, what is."""

    id: str
    claim: str
    expected: float
    found: float
    is_bound: bool = False
    shown: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Equal, or not above the bound."""
        return self.found <= self.expected if self.is_bound else self.found == self.expected

    @property
    def line(self) -> str:
        """For the log."""
        sign = "≤" if self.is_bound else "="
        found, expected = (f"{number:.1f}".removesuffix(".0") for number in (self.found, self.expected))
        tail = "".join(f"\n      {text}" for text in self.shown[:5]) if not self.holds else ""
        return f"{'✓' if self.holds else '✗'} {self.id:<4} {self.claim}: {found} {sign} {expected}{tail}"


def judge(evidence: Evidence) -> list[Verdict]:
    """Every invariant."""
    return [*_kept(evidence), *_final(evidence), *_sent(evidence), *_apart(evidence), *_alive(evidence)]


def _kept(evidence: Evidence) -> list[Verdict]:
    answered = [push for push in evidence.pushes if push.replies]
    copies = Counter(row.xml for row in evidence.journal)
    once = [push for push in answered if copies[push.xml] == 1]
    repeated = [push for push in answered if len(push.replies) > 1]
    alike = [push for push in repeated if len(set(push.replies)) == 1]
    right = [push for push in answered if push.replies[0] == push.expected]
    known = {push.xml for push in evidence.pushes}
    lost = [push.xml for push in evidence.pushes if not (push.replies or push.met_nobody or copies[push.xml])]
    return [
        Verdict("V1", "pushes answered 200, and those in the journal once", len(answered), len(once),
                shown=tuple(f"{copies[push.xml]}×: {push.xml}" for push in answered if copies[push.xml] != 1)),
        Verdict("V1", "rows of the journal, and different pushes in it", len(evidence.journal), len(known & set(copies))),
        Verdict("V1", "pushes neither answered in three tries nor kept", 0, len(lost), shown=tuple(lost)),
        Verdict("V1", "callbacks left in the spool", 0, evidence.spooled),
        Verdict("V1", "pushes answered more than once, and those answered alike", len(repeated), len(alike),
                shown=tuple(f"{push.replies}: {push.xml}" for push in repeated if push not in alike)),
        Verdict("V1", "pushes answered, and those answered as the rule says", len(answered), len(right),
                shown=tuple(f"{push.replies}: {push.xml}" for push in answered if push not in right)),
    ]  # fmt: skip


def _final(evidence: Evidence) -> list[Verdict]:
    rows = evidence.journal
    final = [row for row in rows if row.state in FINAL]
    aside = [row for row in rows if row.state == "quarantined"]
    done = [row for row in rows if row.state == "done" and not row.is_report]
    return [
        Verdict("V2", "rows of the journal, and those in a final state", len(rows), len(final)),
        Verdict("V2", "fans' acts consumed, and those that made one message", len(done), sum(r.messages == 1 for r in done),
                shown=tuple(f"{row.messages}×: {row.xml}" for row in done if row.messages != 1)),
        Verdict("V2", "fans' acts consumed, and those counted once", len(done), sum(row.facts == 1 for row in done),
                shown=tuple(f"{row.facts}×: {row.xml}" for row in done if row.facts != 1)),
        Verdict("V2", "age of the oldest open row, seconds", OLDEST_SECONDS, evidence.oldest_open_seconds, is_bound=True),
        Verdict("V2", "rows put aside as if they were poison", 0, len(aside), shown=tuple(row.xml for row in aside)),
        Verdict("V6", "figures that a recount finds otherwise", 0, evidence.differences),
    ]  # fmt: skip


def _sent(evidence: Evidence) -> list[Verdict]:
    effects = evidence.effects
    doubled = [effect for effect in effects if effect.deliveries > 1]
    final = [effect for effect in effects if effect.state in OUTCOMES]
    done = [effect for effect in effects if effect.state == "done"]
    unknown = [effect for effect in effects if effect.state == "unknown"]
    refused = [effect for effect in effects if effect.state == "refused"]
    kinds = {effect.has_key for effect in effects if effect.deliveries}
    return [
        Verdict("V3", "effects delivered more than once", 0, len(doubled),
                shown=tuple(f"{effect.deliveries}×: {effect.content}" for effect in doubled)),
        Verdict("V3", "deliveries that no effect planned", 0, evidence.strange_deliveries),
        Verdict("V3", "kinds of effects delivered: with a key and without", 2, len(kinds)),
        Verdict("V4", "effects planned, and those in a final state", len(effects), len(final),
                shown=tuple(f"{effect.state}: {effect.content}" for effect in effects if effect not in final)),
        Verdict("V4", "effects done, and those delivered", len(done), sum(effect.deliveries == 1 for effect in done)),
        Verdict("V4", "effects refused that were delivered", 0, sum(effect.deliveries for effect in refused)),
        Verdict("V4", "effects unknown, and those of them cut in flight without a key", len(unknown),
                sum(effect.was_cut and not effect.has_key for effect in unknown),
                shown=tuple(effect.content for effect in unknown)),
    ]  # fmt: skip


def _apart(evidence: Evidence) -> list[Verdict]:
    looks = sum(evidence.looks.values())
    blind = [kind for kind, number in evidence.looks.items() if not number]
    return [
        Verdict("V7", f"things of another brand seen in {looks} looks", 0, len(evidence.foreign_seen), shown=evidence.foreign_seen),
        Verdict("V7", "kinds of looks that saw nothing at all", 0, len(blind), shown=tuple(blind)),
        Verdict("V8", f"places where one of {evidence.canaries} secrets stands in the clear, of {evidence.places}", 0,
                len(evidence.leaks), shown=evidence.leaks),
    ]  # fmt: skip


def _alive(evidence: Evidence) -> list[Verdict]:
    web = [took for name, took in evidence.resumed if name in WEB]
    rest = [took for name, took in evidence.resumed if name not in WEB]
    return [
        Verdict("V10", f"slowest return of a web process of {len(web)}, seconds", WEB_SECONDS, max(web, default=0.0), is_bound=True),
        Verdict("V10", f"slowest return of anything else of {len(rest)}, seconds", REST_SECONDS, max(rest, default=0.0), is_bound=True),
    ]  # fmt: skip
