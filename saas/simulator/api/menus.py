"""The menu below the chat."""

from __future__ import annotations

from saas.simulator import menus
from saas.simulator.api import users
from saas.simulator.errcodes import ApiError
from saas.simulator.gate import Answer, Call, Routes

routes = Routes()


@routes.post("/cgi-bin/menu/create", verified=False, raw_text=True)
def create_menu(call: Call) -> Answer:
    """The default menu, replaced."""
    menus.save_default(call.store, call.account, call.body.get("button"))
    return {}


@routes.get("/cgi-bin/menu/get", verified=False)
def read_menu(call: Call) -> Answer:
    """The default menu and the personalised ones."""
    buttons = menus.find_default(call.store, call.account)
    if buttons is None:
        raise ApiError(46003)
    personal = menus.list_conditional(call.store, call.account)
    return {"menu": {"button": buttons}, **({"conditionalmenu": personal} if personal else {})}


@routes.get("/cgi-bin/menu/delete", verified=False)
def delete_menu(call: Call) -> Answer:
    """All menus gone."""
    menus.delete_all(call.store, call.account)
    return {}


@routes.get("/cgi-bin/get_current_selfmenu_info", verified=False)
def read_current_menu(call: Call) -> Answer:
    """The menu in its other shape, sub-buttons below `list`."""
    buttons = menus.find_default(call.store, call.account)
    shaped = [_shaped(button) for button in buttons or []]
    return {"is_menu_open": int(buttons is not None), "selfmenu_info": {"button": shaped}}


@routes.post("/cgi-bin/menu/addconditional", raw_text=True)
def add_conditional(call: Call) -> Answer:
    """One more personalised menu."""
    number = menus.save_conditional(call.store, call.account, call.body.get("button"), call.group("matchrule"))
    return {"menuid": str(number)}


@routes.post("/cgi-bin/menu/delconditional")
def delete_conditional(call: Call) -> Answer:
    """One personalised menu less."""
    menus.delete_conditional(call.store, call.account, call.number("menuid"))
    return {}


@routes.post("/cgi-bin/menu/trymatch")
def try_match(call: Call) -> Answer:
    """The menu a fan sees."""
    return {"button": menus.menu_for(call.store, call.account, users.access(call, call.text("user_id")))}


def _shaped(button: menus.Button) -> dict[str, object]:
    children = button.get("sub_button")
    if not children:
        return {name: value for name, value in button.items() if name != "sub_button"}
    return {"name": button.get("name"), "sub_button": {"list": children}}
