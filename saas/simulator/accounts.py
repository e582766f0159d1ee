"""Official Accounts as registered with Tencent, and the faults one may switch on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from string import ascii_letters

from saas.simulator.errcodes import Refused
from saas.simulator.store import Row, Store

MODES = ("plain", "compatible", "safe")


@dataclass(frozen=True)
class Faults:
    """What goes wrong on purpose: on the API's side and in the pushes."""

    answer_delay: float = 0.0
    refuse_token: bool = False
    errcodes: Mapping[str, int] = field(default_factory=dict)
    duplicate: int = 0
    reorder: bool = False
    deaf: int = 0
    template_status: str = ""


@dataclass(frozen=True, kw_only=True)
class Account:
    """One Official Account with its developer settings; `direct` says whether its owner has set up a server."""

    app_id: str
    original_id: str
    name: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    encoding_aes_key: str = field(repr=False)
    mode: str = "safe"
    service_type: str = "service"
    verified: bool = True
    callback_url: str = ""
    direct: bool = True
    faults: Faults = Faults()
    limits: Mapping[str, int] = field(default_factory=dict)


def register(store: Store, values: Mapping[str, object]) -> Account:
    """Stores a new account or replaces its settings; its fans stay. Raises Refused on a missing or wrong value."""
    account = _checked(values)
    store.write(
        """INSERT INTO accounts (app_id, original_id, name, app_secret, token, encoding_aes_key, mode, service_type, verified, callback_url,
               direct)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (app_id) DO UPDATE SET original_id = excluded.original_id, name = excluded.name,
           app_secret = excluded.app_secret, token = excluded.token, encoding_aes_key = excluded.encoding_aes_key, mode = excluded.mode,
           service_type = excluded.service_type, verified = excluded.verified, callback_url = excluded.callback_url, direct = excluded.direct""",
        account.app_id, account.original_id, account.name, account.app_secret, account.token, account.encoding_aes_key,
        account.mode, account.service_type, int(account.verified), account.callback_url, int(account.direct),
    )  # fmt: skip
    return access_account(store, account.app_id)


def access_account(store: Store, app_id: str) -> Account:
    """The account of an app_id; raises Refused when none is registered."""
    found = store.row("SELECT * FROM accounts WHERE app_id = ?", app_id)
    if found is None:
        raise Refused("no such account", 404)
    return _from_row(found)


def list_accounts(store: Store) -> list[Account]:
    """All accounts, in the order of their registration."""
    return [_from_row(row) for row in store.rows("SELECT * FROM accounts ORDER BY rowid")]


def set_faults(store: Store, account: Account, values: Mapping[str, object]) -> Account:
    """Replaces the named faults, keeps the others."""
    unknown = set(values) - {item.name for item in fields(Faults)}
    if unknown:
        raise Refused(f"unknown fault: {', '.join(sorted(unknown))}")
    faults = {**asdict(account.faults), **values}
    store.write("UPDATE accounts SET faults = ? WHERE app_id = ?", json.dumps(faults), account.app_id)
    return access_account(store, account.app_id)


def set_limits(store: Store, account: Account, limits: Mapping[str, object]) -> Account:
    """Daily limits that differ from Tencent's table, by API path."""
    numbers = {path: int(str(limit)) for path, limit in limits.items()}
    store.write("UPDATE accounts SET limits = ? WHERE app_id = ?", json.dumps(numbers), account.app_id)
    return access_account(store, account.app_id)


def public_view(account: Account) -> dict[str, object]:
    """What the phone may know: no secrets."""
    names = ("app_id", "original_id", "name", "mode", "service_type", "verified", "callback_url", "direct")
    return {name: getattr(account, name) for name in names}


def _filled(values: Mapping[str, object]) -> Mapping[str, object]:
    """An account without a server of its own needs no developer settings; it gets some nobody knows."""
    if values.get("direct", True):
        return values
    key = "".join(secrets.choice(ascii_letters) for _ in range(43))
    made = {"app_secret": secrets.token_hex(16), "token": secrets.token_hex(16), "encoding_aes_key": key}
    return {**made, **values}


def _checked(values: Mapping[str, object]) -> Account:
    values = _filled(values)
    texts = ("app_id", "original_id", "name", "app_secret", "token", "encoding_aes_key")
    missing = [name for name in texts if not isinstance(values.get(name, "" if name == "name" else None), str)]
    if missing:
        raise Refused(f"missing: {', '.join(missing)}")
    known = {item.name for item in fields(Account)} - {"faults", "limits"}
    account = Account(**{name: values[name] for name in known if values.get(name) is not None})  # type: ignore[arg-type]
    if account.mode not in MODES:
        raise Refused("mode is plain, compatible or safe")
    if account.mode != "plain" and len(account.encoding_aes_key) != 43:
        raise Refused("encoding_aes_key has 43 characters")
    return replace(account, name=account.name or account.app_id)


def _from_row(row: Row) -> Account:
    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 -- a Row iterates over its values
    faults, limits = Faults(**json.loads(values.pop("faults"))), json.loads(values.pop("limits"))
    truths = {name: bool(values[name]) for name in ("verified", "direct")}
    return Account(**{**values, **truths, "faults": faults, "limits": limits})
