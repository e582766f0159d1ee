"""What marshmallow says of a field, in plain words and in the person's language."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from saas.errors import Sentence

PLAIN: dict[str, Sentence] = {
    "Missing data for required field.": _l("Please fill this in."),
    "Field may not be null.": _l("Please fill this in."),
    "Invalid value.": _l("This value does not fit."),
    "Not a valid string.": _l("Please give a text."),
    "Not a valid utf-8 string.": _l("This text holds signs that cannot be stored."),
    "Not a valid UUID.": _l("This is no id of ours."),
    "Not a valid number.": _l("Please give a number."),
    "Number too large.": _l("This number is too large."),
    "Not a valid integer.": _l("Please give a whole number."),
    "Special numeric values (nan or infinity) are not permitted.": _l("Please give a number."),
    "Not a valid boolean.": _l("Please say yes or no."),
    "Not a valid datetime.": _l("This is no moment. Example: 2026-11-22T09:30:00+08:00"),
    "Not a valid aware datetime.": _l("The moment needs its offset. Example: 2026-11-22T09:30:00+08:00"),
    "Not a valid date.": _l("This is no date. Example: 2026-11-22"),
    "Not a valid time.": _l("This is no time of day. Example: 09:30"),
    "Not a valid list.": _l("Please give a list."),
    "Not a valid mapping type.": _l("Please give an object."),
    "Not a valid URL.": _l("This is not a web address."),
    "Not a valid email address.": _l("This is not an e-mail address."),
    "String does not match expected pattern.": _l("This has not the expected form."),
    "Unknown field.": _l("There is no field of that name."),
    "Invalid input type.": _l("Please give an object."),
    "Invalid type.": _l("Please give an object."),
}
WITH_LIMITS: dict[str, str] = {
    r"Shorter than minimum length (?P<n>\d+)\.": "short",
    r"Longer than maximum length (?P<n>\d+)\.": "long",
    r"Length must be between (?P<low>\d+) and (?P<high>\d+)\.": "length",
    r"Must be greater than or equal to (?P<n>[^ ]+?)\.": "low",
    r"Must be less than or equal to (?P<n>[^ ]+?)\.": "high",
    r"Must be greater than or equal to (?P<low>[^ ]+) and less than or equal to (?P<high>[^ ]+?)\.": "range",
    r"Must be one of: (?P<choices>.*)\.": "choice",
    r"One or more of the choices you made was not in: (?P<choices>.*)\.": "choice",
}


def in_words(message: Sentence) -> Sentence:
    """The sentence for one of marshmallow's messages; what is not one of them stays as it is."""
    if not isinstance(message, str):
        return message
    if message in PLAIN:
        return PLAIN[message]
    for pattern, kind in WITH_LIMITS.items():
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return _limited(kind, match.groupdict())
    return message


def _limited(kind: str, limits: dict[str, str]) -> Sentence:
    sentences = {
        "short": _l("At least %(n)s characters, please.", n=limits.get("n")),
        "long": _l("At most %(n)s characters, please.", n=limits.get("n")),
        "length": _l("%(low)s to %(high)s characters, please.", low=limits.get("low"), high=limits.get("high")),
        "low": _l("Not less than %(n)s, please.", n=limits.get("n")),
        "high": _l("Not more than %(n)s, please.", n=limits.get("n")),
        "range": _l("Between %(low)s and %(high)s, please.", low=limits.get("low"), high=limits.get("high")),
        "choice": _l("Choose one of: %(choices)s", choices=limits.get("choices")),
    }
    return sentences[kind]
