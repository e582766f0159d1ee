"""Template messages: sending one, and the account's own list of templates."""

from __future__ import annotations

from collections.abc import Mapping

from saas.simulator import chat, doors, ledger, pushes, templates
from saas.simulator.api import users
from saas.simulator.errcodes import ApiError
from saas.simulator.fans import Fan
from saas.simulator.gate import Answer, Call, Routes
from saas.simulator.ledger import Booking

routes = Routes()
FIRST_MSG_ID = 3_557_254_367_690_000_000
KEY_LIFE = 600
SENT, KEPT_BACK, SUCCESS, USER_BLOCK, SILENCE = "template", "template_refused", "success", "failed:user block", "none"
INDUSTRY = {"first_class": "餐饮", "second_class": "餐饮"}


@routes.post("/cgi-bin/message/template/send", raw_text=True)
def send(call: Call) -> Answer:
    """One message; the same client_msg_id to the same fan within ten minutes is one message, and gets the same msgid."""
    _check_service(call)
    fan = _receiver(call)
    template = templates.access_template(call.store, call.account, call.text("template_id", 40037))
    shown = {"type": "template", "title": template.title, "rows": templates.fill(template, call.group("data", 47003)),
             "url": str(call.body.get("url") or "")}  # fmt: skip
    key = str(call.body.get("client_msg_id") or "")
    with call.store.transaction():
        known = ledger.find_recent(call.store, fan, (SENT, KEPT_BACK), key, seconds=KEY_LIFE)
        number = int(known) if known else _deliver(call, fan, shown, key)
    return {"errcode": 0, "errmsg": "ok", "msgid": number}


@routes.get("/cgi-bin/template/get_all_private_template")
def list_templates(call: Call) -> Answer:
    """The account's templates."""
    _check_service(call)
    return {"template_list": [_view(one) for one in templates.list_templates(call.store, call.account)]}


@routes.post("/cgi-bin/template/api_add_template")
def add_template(call: Call) -> Answer:
    """One more out of the library."""
    _check_service(call)
    added = templates.add(call.store, call.account, call.text("template_id_short", 40037))
    return {"errcode": 0, "errmsg": "ok", "template_id": added.template_id}


@routes.post("/cgi-bin/template/del_private_template")
def delete_template(call: Call) -> Answer:
    """One less."""
    templates.remove(call.store, call.account, call.text("template_id", 40037))
    return {}


@routes.get("/cgi-bin/template/get_industry")
def read_industry(call: Call) -> Answer:
    """The two trades the account has named."""
    return {"primary_industry": INDUSTRY, "secondary_industry": INDUSTRY}


@routes.post("/cgi-bin/template/api_set_industry")
def write_industry(call: Call) -> Answer:
    """Takes any two."""
    call.text("industry_id1"), call.text("industry_id2")
    return {}


def _check_service(call: Call) -> None:
    if call.account.service_type != "service":
        raise ApiError(48001)


def _receiver(call: Call) -> Fan:
    fan = users.access(call, call.text("touser", 40003))
    if not fan.subscribed:
        raise ApiError(43004)
    return fan


def _deliver(call: Call, fan: Fan, shown: Mapping[str, object], key: str) -> int:
    number, status = FIRST_MSG_ID + call.store.next_number("template_msg_id"), _status(call, fan)
    arrives = status in (SUCCESS, SILENCE)
    if arrives:
        chat.record(call.store, fan, "template", shown)
    booking = Booking(
        channel=SENT if arrives else KEPT_BACK, content=shown, client_msg_id=key, marker=call.marker, msg_id=str(number)
    )
    ledger.book(call.store, [fan], booking)
    if status != SILENCE:
        push = pushes.event("TEMPLATESENDJOBFINISH", {"MsgID": number, "Status": status})
        callbacks = doors.desk().callbacks
        callbacks.finish_later(lambda: callbacks.deliver(call.account, fan, push))
    return number


def _status(call: Call, fan: Fan) -> str:
    if templates.is_refused(call.store, fan):
        return USER_BLOCK
    return call.account.faults.template_status or SUCCESS


def _view(template: templates.Template) -> dict[str, str]:
    names = ("template_id", "title", "content", "example")
    trades = {"primary_industry": INDUSTRY["first_class"], "deputy_industry": INDUSTRY["second_class"]}
    return {**{name: getattr(template, name) for name in names}, **trades}
