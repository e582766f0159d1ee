"""What every message and event has, and how the fields of a class are read from the XML tree."""

from __future__ import annotations

import hashlib
import inspect
import math
import re
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, NamedTuple, TypeVar, dataclass_transform

from saas.wechat.xml_reader import Tree, Value, find, flatten

MAX_NAME = 128
INTEGER = re.compile(r"-?[0-9]{1,19}")
DECIMAL = re.compile(r"[+-]?[0-9]{0,30}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,3})?")
LARGEST = 2**63 - 1


class Missing(Exception):
    """A field without which the message means nothing is absent or isn't what it should be."""


def name(path: str, *, default: Any = MISSING) -> Any:
    """A short text that must not be empty: an id, a type."""
    return _field(path, _name, default=default, required=True)


def text(path: str, *, default: Any = MISSING) -> Any:
    """A text; without a default WeChat must have sent it."""
    return _field(path, _text, default=default, required=default is MISSING)


def integer(path: str, *, default: Any = MISSING) -> Any:
    """A whole number of 64 bits; without a default WeChat must have sent it."""
    return _field(path, _integer, default=default, required=default is MISSING)


def decimal(path: str, *, default: Any = MISSING) -> Any:
    """A decimal number; without a default WeChat must have sent it."""
    return _field(path, _decimal, default=default, required=default is MISSING)


def records(path: str, read: Callable[[Any], Any], *, default: Any = MISSING) -> Any:
    """The entries of a known list, each made by `read`; one and many look alike."""
    return _field(path, lambda value: _records(value, read), default=default, required=default is MISSING)


def texts(path: str, *, default: Any = MISSING) -> Any:
    """The texts of a known list."""
    return _field(path, _texts, default=default, required=default is MISSING)


def _field(path: str, read: Callable[[Any], Any], *, default: Any, required: bool) -> Any:
    return field(default=default, metadata={"path": path, "read": read, "required": required})


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value.strip()) <= MAX_NAME else None


def _text(value: object) -> str | None:
    # An element that holds other elements where text is expected is no text.
    return value if isinstance(value, str) else None


def _integer(value: object) -> int | None:
    digits = value.strip() if isinstance(value, str) else ""
    number = int(digits) if INTEGER.fullmatch(digits) else None
    return number if number is not None and -LARGEST <= number <= LARGEST else None


def _decimal(value: object) -> float | None:
    # float() alone also takes other scripts' digits, underscores, and texts of any length.
    digits = value.strip() if isinstance(value, str) else ""
    try:
        number = float(digits) if DECIMAL.fullmatch(digits) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(entry for entry in value if isinstance(entry, str) and entry) if isinstance(value, list) else ()


def _records(value: object, read: Callable[[Any], Any]) -> tuple[Any, ...]:
    entries = value if isinstance(value, list) else []
    return tuple(read(entry) for entry in entries if isinstance(entry, dict))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Inbound:
    """A message or event of one fan to one account (docs/protocol.md, 4)."""

    openid: str = name("FromUserName")
    original_id: str = name("ToUserName", default="")
    created_at: int = integer("CreateTime")
    msg_type: str = name("MsgType", default="")
    tree: Tree = field(default_factory=dict, compare=False)
    raw: bytes = field(default=b"", compare=False)

    def __repr__(self) -> str:
        # A log line or a traceback must never carry what a fan wrote, nor who it was.
        return f"<{type(self).__name__}>"

    @property
    def msg_id(self) -> str | None:
        """WeChat's id of a message, as text; events have none."""
        return None

    @property
    def raw_fields(self) -> dict[str, str]:
        """Everything WeChat sent, flat."""
        return flatten(self.tree)

    @property
    def identity(self) -> str:
        """Tells apart what one fan did within one second, beside type, event and key (docs/protocol.md, 6)."""
        return self.msg_id or ""


class _Reading(NamedTuple):
    """How a field is read; `paths` is a name below `<xml>`, or several paths of which the first that exists counts."""

    attribute: str
    paths: str | tuple[str, ...]
    read: Callable[[Any], Any]
    required: bool


Kind = TypeVar("Kind", bound=type[Inbound])
MESSAGES: dict[str, type[Inbound]] = {}
EVENTS: dict[str, type[Inbound]] = {}
READINGS: dict[type[Inbound], tuple[_Reading, ...]] = {}
"""Made with the class: to ask a dataclass for its fields takes longer than to read them."""


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(name, text, integer, decimal, records, texts, field)
)
def message(*types: str) -> Callable[[Kind], Kind]:
    """Makes the class a frozen record and the form of these values of MsgType."""
    return lambda cls: _register(cls, MESSAGES, "msg_type", types)


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(name, text, integer, decimal, records, texts, field)
)
def event(*names: str) -> Callable[[Kind], Kind]:
    """Makes the class a frozen record and the form of these values of Event, in lower case."""
    return lambda cls: _register(cls, EVENTS, "event", names)


def read_as(kind: type[Inbound], tree: Tree, raw: bytes) -> Inbound:
    """The tree as one of the classes; raises Missing."""
    values: dict[str, Any] = {"tree": tree, "raw": raw}
    for attribute, paths, read, required in READINGS[kind]:
        found = tree.get(paths) if isinstance(paths, str) else _first(tree, paths)
        value = None if found is None else read(found)
        if value is not None:
            values[attribute] = value
        elif required:
            raise Missing(_spelled(paths))
    return kind(**values)


def digest(tree: Tree) -> str:
    """A short fingerprint of all fields, whatever their order."""
    lines = "\0".join(f"{path}={value}" for path, value in sorted(flatten(tree).items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _register(cls: Kind, registry: dict[str, type[Inbound]], column: str, values: tuple[str, ...]) -> Kind:
    if values:
        # A record made by hand carries the first of its kinds.
        cls.__annotations__ = {**inspect.get_annotations(cls), column: "str"}
        setattr(cls, column, name("MsgType" if column == "msg_type" else "Event", default=values[0]))
    made: Kind = dataclass(frozen=True, slots=True, kw_only=True, repr=False)(cls)  # type: ignore[assignment]
    registry.update(dict.fromkeys((value.lower() for value in values), made))
    READINGS[made] = _readings(made)
    return made


def _readings(kind: type[Inbound]) -> tuple[_Reading, ...]:
    return tuple(
        _Reading(item.name, _split(item.metadata["path"]), item.metadata["read"], item.metadata["required"])
        for item in fields(kind)
        if item.metadata
    )


def _split(path: str) -> str | tuple[str, ...]:
    return tuple(path.split("|")) if "/" in path or "|" in path else path


def _first(tree: Tree, paths: tuple[str, ...]) -> Value | None:
    found = (find(tree, path) for path in paths)
    return next((value for value in found if value is not None), None)


def _spelled(paths: str | tuple[str, ...]) -> str:
    return paths if isinstance(paths, str) else "|".join(paths)
