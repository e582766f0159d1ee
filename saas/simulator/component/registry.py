"""Platforms as registered with the Open Platform."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from saas import clock
from saas.simulator.component.sets import DEFAULT, known
from saas.simulator.errcodes import Refused
from saas.simulator.store import Row, Store

PLACEHOLDER = "$APPID$"
NEVER = -1.0


@dataclass(frozen=True, kw_only=True)
class Component:
    """One platform with its developer settings. `rotate`: each refresh changes the refresh token; `event_delay` -1: no events;
    `equal_codes`: the event of a scan carries the very code that the browser brings back.
    """

    app_id: str
    name: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    encoding_aes_key: str = field(repr=False)
    event_url: str
    message_url: str
    sets: tuple[int, ...] = DEFAULT
    rotate: bool = False
    event_delay: float = 0.0
    equal_codes: bool = False
    limits: Mapping[str, int] = field(default_factory=dict)
    mode: str = "safe"


def register(store: Store, values: Mapping[str, object]) -> Component:
    """Stores a platform or replaces its settings; its grants stay. Raises Refused on a missing or wrong value."""
    one = _checked(values)
    store.write(
        """INSERT INTO components (app_id, name, app_secret, token, encoding_aes_key, event_url, message_url, sets, rotate,
               event_delay, equal_codes, limits, changed_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (app_id) DO UPDATE SET name = excluded.name,
           app_secret = excluded.app_secret, token = excluded.token, encoding_aes_key = excluded.encoding_aes_key,
           event_url = excluded.event_url, message_url = excluded.message_url, sets = excluded.sets, rotate = excluded.rotate,
           event_delay = excluded.event_delay, equal_codes = excluded.equal_codes, limits = excluded.limits, changed_at = excluded.changed_at""",
        one.app_id, one.name, one.app_secret, one.token, one.encoding_aes_key, one.event_url, one.message_url, json.dumps(one.sets),
        int(one.rotate), one.event_delay, int(one.equal_codes), json.dumps(dict(one.limits)), clock.now().timestamp(),
    )  # fmt: skip
    return one


def find_component(store: Store, app_id: str) -> Component | None:
    """The platform of an app_id, if there is one; of an empty one the platform last registered."""
    sql = "SELECT * FROM components WHERE app_id = ? OR ? = '' ORDER BY changed_at DESC, rowid DESC LIMIT 1"
    found = store.row(sql, app_id, app_id)
    return _from_row(found) if found else None


def access_component(store: Store, app_id: str) -> Component:
    """As above; raises Refused when there is none."""
    found = find_component(store, app_id)
    if found is None:
        raise Refused("no such platform", 404)
    return found


def list_components(store: Store) -> list[Component]:
    """All platforms."""
    return [_from_row(row) for row in store.rows("SELECT * FROM components ORDER BY rowid")]


def names_of(store: Store, app_id: str) -> list[str]:
    """The names of the platforms that an account has authorised."""
    sql = """SELECT name FROM components JOIN grants ON grants.component = components.app_id
             WHERE grants.app_id = ? ORDER BY grants.rowid"""
    return [str(row["name"]) for row in store.rows(sql, app_id)]


def public_view(component: Component) -> dict[str, object]:
    """What may be told: no secrets."""
    names = ("app_id", "name", "event_url", "message_url", "sets", "rotate", "event_delay", "equal_codes")
    return {name: getattr(component, name) for name in names}


def _checked(values: Mapping[str, object]) -> Component:
    texts = ("app_id", "app_secret", "token", "encoding_aes_key", "event_url", "message_url")
    missing = [name for name in texts if not isinstance(values.get(name), str) or not values[name]]
    if missing:
        raise Refused(f"missing: {', '.join(missing)}")
    if len(str(values["encoding_aes_key"])) != 43:
        raise Refused("encoding_aes_key has 43 characters")
    if PLACEHOLDER not in str(values["message_url"]):
        raise Refused(f"message_url contains {PLACEHOLDER}")
    limits = values.get("limits")
    return Component(
        **{name: str(values[name]) for name in texts},
        name=str(values.get("name") or values["app_id"]),
        sets=known(values.get("sets", list(DEFAULT))),
        rotate=bool(values.get("rotate")),
        event_delay=float(str(values.get("event_delay") or 0)),
        equal_codes=bool(values.get("equal_codes")),
        limits={path: int(number) for path, number in limits.items()} if isinstance(limits, dict) else {},
    )


def _from_row(row: Row) -> Component:
    plain = {item.name: row[item.name] for item in fields(Component) if item.name != "mode"}
    sets, limits = tuple(json.loads(row["sets"])), json.loads(row["limits"])
    told = {"rotate": bool(row["rotate"]), "equal_codes": bool(row["equal_codes"])}
    return Component(**{**plain, **told, "sets": sets, "limits": limits})
