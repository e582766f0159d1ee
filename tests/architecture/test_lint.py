"""House rules that no ready tool knows: each with a good sample, a bad sample and the way out in its message."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.architecture.sources import Source, product, source


@dataclass(frozen=True)
class Rule:
    """A pattern that may stand only in some files, or with a reason on its line."""

    name: str
    pattern: str
    way_out: str
    allowed: tuple[str, ...]
    bad: str
    good: str
    with_reason: bool = False

    def offences(self, one: Source) -> list[str]:
        return [] if one.name.startswith(self.allowed) else self.found(one)

    def found(self, one: Source) -> list[str]:
        return [
            f"{one.name}:{number}: {self.name}: {self.way_out}"
            for number, line in enumerate(one.lines, 1)
            if re.search(self.pattern, line.split("#")[0]) and not (self.with_reason and "#" in line)
        ]


RULES = (
    Rule(
        name="commit away from the edge",
        pattern=r"\.commit\(",
        way_out="the entry, the runner and the consumer commit; a service changes objects only",
        allowed=(
            "saas/auth/entry.py",
            "saas/auth/identity.py",
            "saas/jobs/runner.py",
            "saas/jobs/progress.py",
            "saas/wechat/",
            "saas/simulator/",
            "tenants/home/cli/",
            "tenants/kpi/cli.py",
        ),
        bad="db.session.commit()",
        good="db.session.add(row)",
    ),
    Rule(
        name="flush without a reason",
        pattern=r"\.flush\(",
        way_out="say on the line why the row must be written now",
        allowed=("saas/files/", "saas/stack/"),
        bad="db.session.flush()",
        good="db.session.flush()  # the answer carries the new version",
        with_reason=True,
    ),
    Rule(
        name="legacy query",
        pattern=r"\b[A-Z]\w+\.query\b|session\.query\(",
        way_out="use select(); from an id to an object there is one access_ function per kind",
        allowed=(),
        bad="Rule.query.get(1)",
        good="db.session.scalar(select(Rule))",
    ),
    Rule(
        name="asks the time",
        pattern=r"datetime\.(now|utcnow|today)\(|\bdate\.today\(|\btime\.time\(",
        way_out="ask saas.clock",
        allowed=("saas/clock.py",),
        bad="datetime.now(UTC)",
        good="clock.now()",
    ),
    Rule(
        name="reads the environment",
        pattern=r"\bos\.(environ|getenv)\b",
        way_out="add a field to saas.config.Config",
        allowed=("saas/config.py",),
        bad='os.environ["X"]',
        good="config.port",
    ),
    Rule(
        name="pickle",
        pattern=r"\bimport pickle\b|\bpickle\.",
        way_out="JSON, ids only",
        allowed=(),
        bad="import pickle",
        good="import json",
    ),
    Rule(
        name="unescaped markup",
        pattern=r"\bMarkup\(",
        way_out="let the template escape it",
        allowed=(),
        bad="Markup(text)",
        good="escape(text)",
    ),
    Rule(
        name="an XML parser outside the one module",
        pattern=r"import (xml\.|lxml|xmltodict|defusedxml)|from (xml|lxml|xmltodict|defusedxml)\b",
        way_out="use saas.wechat.xml_reader",
        allowed=("saas/wechat/xml_reader.py", "saas/simulator/"),
        bad="import xmltodict",
        good="from saas.wechat.xml_reader import read",
    ),
    Rule(
        name="a session-level setting",
        pattern=r"set_config\([^)]*false\)|\"SET (?!LOCAL|NULL)",
        way_out="set_config(…, true): local to the transaction, else the next user of the connection inherits it",
        allowed=(),
        bad="set_config('app.tenant_id', :t, false)",
        good="set_config('app.tenant_id', :t, true)",
    ),
    Rule(
        name="prints",
        pattern=r"^\s*print\(",
        way_out="structlog, or click.echo in a command",
        allowed=("saas/stack/console.py",),
        bad="print(x)",
        good="log.info('x')",
    ),
    Rule(
        name="a silenced fault",
        pattern=r"except Exception:\s*pass|except:\s",
        way_out="name the error and say what follows",
        allowed=(),
        bad="except Exception: pass",
        good="except ValueError:",
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_house_rule_holds(rule: Rule) -> None:
    assert [offence for one in product() for offence in rule.offences(one)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_allowance_is_needed(rule: Rule) -> None:
    using = [one.name for one in product() if rule.found(one)]
    assert [place for place in rule.allowed if not any(name.startswith(place) for name in using)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_tells_good_from_bad(rule: Rule) -> None:
    assert rule.offences(source("x = 1")) == []
    assert rule.offences(_line(rule.bad))
    assert not rule.offences(_line(rule.good))


def _line(text: str) -> Source:
    plain = source("x = 1")
    return Source(plain.path, text, plain.tree)
