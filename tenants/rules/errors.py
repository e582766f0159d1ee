"""What can go wrong with rules, as facts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.errors import Conflict


class RuleLocked(Conflict):
    """The rule was pushed down and may not be changed here."""

    code = "rule_locked"
    sentence = _l("Headquarters locked this rule. Ask them to change it, or to unlock it for you.")


class TooManyRules(Conflict):
    """The account has as many rules as one account may have."""

    code = "too_many_rules"
    sentence = _l(
        "An account holds at most 2,000 rules. Delete what is no longer needed, or put keywords into one rule."
    )


class TooManyTriggers(Conflict):
    """The rules of the account together have as many triggers as one account may have."""

    code = "too_many_triggers"
    sentence = _l("The rules of an account have at most 20,000 triggers together. Delete what is no longer needed.")


class PatternsTooLarge(Conflict):
    """The patterns of the account together would make every message slow."""

    code = "patterns_too_large"
    sentence = _l(
        "The patterns of this account are too large together. Shorten or delete some, or use keywords in their place."
    )
