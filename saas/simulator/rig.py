"""What a tester needs below /_sim: accidents, bursts, the books and the knobs. Only for this machine."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from saas.simulator import doors, faults, ledger, settings, tokens
from saas.simulator.bursts import Bursts
from saas.simulator.errcodes import Refused
from saas.simulator.gate import as_json

blueprint = Blueprint("rig", __name__, url_prefix="/_sim")
blueprint.before_request(doors.only_loopback)
blueprint.register_error_handler(Refused, doors.refused)


@blueprint.get("/ledger")
def read_ledger() -> Response:
    """What fans got, how pushes went, what calls were answered; of an account, or of one of its fans."""
    query = request.args
    after, limit = query.get("after", 0, type=int), query.get("limit", ledger.MOST, type=int)
    return as_json(ledger.read(doors.desk().store, _app_id(), query.get("openid") or "", after=after, limit=limit))


@blueprint.get("/ledger/summary")
def read_summary() -> Response:
    """The same in numbers."""
    return as_json(ledger.summary(doors.desk().store, _app_id()))


@blueprint.delete("/ledger")
def forget_ledger() -> Response:
    """Empties the books of an account."""
    ledger.forget(doors.desk().store, _app_id())
    return as_json({"forgotten": True})


@blueprint.get("/faults")
def list_faults() -> Response:
    """The accidents that were ordered, and how many calls each saw and struck."""
    return as_json({"items": [vars(one) for one in faults.list_faults(doors.desk().store)]})


@blueprint.post("/faults")
def order_fault() -> Response:
    """One more accident for the next calls."""
    return as_json(vars(faults.order(doors.desk().store, doors.body())))


@blueprint.delete("/faults")
def remove_faults() -> Response:
    """No more of one accident, or of any."""
    return as_json({"removed": faults.remove(doors.desk().store, request.args.get("id", type=int))})


@blueprint.get("/settings")
def read_settings() -> Response:
    """The knobs as they are."""
    return as_json(settings.view(doors.desk().callbacks.settings))


@blueprint.put("/settings")
def change_settings() -> Response:
    """Turns some of the knobs until the next start."""
    courier = doors.desk().callbacks.courier
    courier.settings = settings.changed(courier.settings, doors.body())
    return as_json(settings.view(courier.settings))


@blueprint.post("/bursts")
def start_burst() -> Response:
    """Many acts at once, in the background."""
    values = doors.body()
    number = _bursts().start(doors.objects(values, "acts"), int(str(values.get("at_once") or 48)))
    return as_json({"burst": number, **_bursts().view(number)})


@blueprint.get("/bursts/<int:number>")
def show_burst(number: int) -> Response:
    """How far a burst is."""
    return as_json(_bursts().view(number))


@blueprint.delete("/accounts/<app_id>/tokens")
def kill_tokens(app_id: str) -> Response:
    """All tokens of an account are dead at once."""
    return as_json({"killed": tokens.kill(doors.desk().store, doors.account_of(app_id).app_id)})


def _app_id() -> str:
    found = request.args.get("app_id")
    if not found:
        raise Refused("missing: app_id")
    return found


def _bursts() -> Bursts:
    found: Bursts = current_app.extensions["bursts"]
    return found
