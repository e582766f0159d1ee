"""What pages call the kinds, conditions and steps."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from saas.wechat.errors import WeChatError
from saas.wechat.ports import Mode
from tenants.accounts.services import BANNED, Condition, Connection, Kind, Outcome, Step, StepState

KINDS: Mapping[str, LazyString] = {
    Kind.CENTRAL: _l("Account of headquarters"),
    Kind.REGION: _l("Account of a region"),
    Kind.STORE: _l("Account of a store"),
}
KIND_HELP: Mapping[str, LazyString] = {
    Kind.REGION: _l("Stands below headquarters or another region and has stores below it."),
    Kind.STORE: _l("One shop. It may have a WeChat account of its own, or be counted through its channel codes."),
    Kind.CENTRAL: _l("Headquarters: the top of the tree. A brand has one."),
}
CONDITIONS: Mapping[str, tuple[LazyString, str]] = {
    Condition.WELL: (_l("Connected"), "green"),
    Condition.TROUBLE: (_l("Needs attention"), "red"),
    Condition.SILENT: (_l("Silent"), "yellow"),
    Condition.UNTESTED: (_l("No message yet"), "yellow"),
    Condition.NONE: (_l("No WeChat account"), "grey"),
}
CONDITION_HELP: Mapping[str, LazyString] = {
    Condition.WELL: _l("WeChat's messages arrive."),
    Condition.TROUBLE: _l("The last self-test found a fault."),
    Condition.SILENT: _l("WeChat has sent nothing for three days."),
    Condition.UNTESTED: _l("Connected, but no message has arrived so far."),
    Condition.NONE: _l("Not connected. A store without an account is counted through its channel codes."),
}
MODES: Mapping[str, LazyString] = {
    Mode.SAFE: _l("Safe mode"),
    Mode.COMPATIBLE: _l("Compatible mode"),
    Mode.PLAIN: _l("Plain mode"),
}
SERVICE_TYPES: Mapping[str, LazyString] = {
    "service": _l("Service account"),
    "subscription": _l("Subscription account"),
}
STEPS: Mapping[str, LazyString] = {
    "callback": _l("WeChat can reach us"),
    "token": _l("We can call WeChat"),
    "message": _l("A message was answered"),
}
STEP_STATES: Mapping[str, tuple[LazyString, str]] = {
    StepState.OK: (_l("In order"), "green"),
    StepState.FAILED: (_l("Failed"), "red"),
    StepState.WAITING: (_l("To be done"), "yellow"),
}
SCAN_OUTCOMES: Mapping[str, tuple[LazyString, str]] = {
    Outcome.CONNECTED: (_l("The account is connected. You may close this page."), "success"),
    Outcome.TAKEN: (
        _l(
            "The account that was scanned is connected elsewhere on this platform already. "
            "It must be disconnected there first."
        ),
        "danger",
    ),
    Outcome.OTHER_ACCOUNT: (
        _l(
            "Another WeChat account stands here already. Nothing was changed. "
            "Scan with the account that stands here, or have it disconnected first."
        ),
        "danger",
    ),
    Outcome.MINI_PROGRAM: (
        _l("A mini program was scanned. Choose the Official Account instead; nothing was changed."),
        "danger",
    ),
    Outcome.ARCHIVED: (_l("This account was taken out of use here. Nothing was changed."), "danger"),
    Outcome.REFUSED: (_l("WeChat did not confirm the authorisation. Please scan once more."), "danger"),
}
CODE_STATES: Mapping[str, tuple[LazyString, str]] = {
    "ready": (_l("Ready"), "green"),
    "waiting": (_l("WeChat is making it"), "yellow"),
    "failed": (_l("Failed"), "red"),
}


def explain(step: Step, address: str) -> str:
    """What a step found, and what to do now."""
    if step.state is StepState.OK:
        return _RENEWED if step.reason == "renewed" else _DONE[step.name]
    if step.name == "callback":
        return _explain_callback(step, address)
    if step.name == "token":
        return _explain_token(step)
    if step.reason == "authorised":
        return _(
            "Send any message to the account from your phone. This page notices by itself when it has arrived. "
            "If it does not, the permission set for messages was not ticked: authorise again."
        )
    return _(
        "Send any message to the account from your phone. This page notices by itself when it has arrived. "
        "If it does not, Token, EncodingAESKey or mode in WeChat's console differ from those entered here."
    )


def condition_help(connection: Connection | None, condition: Condition) -> LazyString:
    """Why an account is in its condition."""
    if connection is not None and connection.is_withdrawn:
        return _l("The account's administrator has withdrawn the authorisation.")
    return CONDITION_HELP[condition]


def explain_code(error: str) -> str:
    """Why a channel code could not be made."""
    if error == "not_connected":
        return _("The account is not connected to WeChat. The code is made as soon as it is.")
    return explain_errcode(error)


def explain_errcode(errcode: str) -> str:
    """WeChat's error code in words; `unreached` stands for no answer."""
    return str(WeChatError(int(errcode) if errcode.lstrip("-").isdecimal() else None).explanation)


_DONE: Mapping[str, LazyString] = {
    "callback": _l("Our address answers and knows the token."),
    "token": _l("WeChat accepted AppID and AppSecret."),
    "message": _l("A message from WeChat has arrived and was answered."),
}


_RENEWED = _l("WeChat renews the authorisation.")


def _explain_callback(step: Step, address: str) -> str:
    if step.state is StepState.WAITING:
        return _("Not tested yet.")
    if step.reason == "unreached":
        return _(
            "%(address)s did not answer. Check the public address of this deployment, and that no firewall stands in between.",
            address=address,
        )
    if step.reason.startswith("status "):
        return _(
            "%(address)s answered with status %(status)s. Check that the proxy leads /wechat/ to the callback process.",
            address=address,
            status=step.reason.removeprefix("status "),
        )
    return _("%(address)s answered with another page. Check where this address leads.", address=address)


def _explain_token(step: Step) -> str:
    if step.state is StepState.WAITING:
        return _("Not tested yet.")
    if step.reason == "withdrawn":
        return _("The account's administrator has withdrawn the authorisation. Authorise again by scanning.")
    if step.reason == "no_secret":
        return _("No AppSecret was entered. Copy it from WeChat's console and enter it here.")
    if step.reason == str(BANNED):
        return _(
            "WeChat has banned the account from a function that was used here (48004). WeChat's console says why and for "
            "how long; test again when it is over."
        )
    return explain_errcode(step.reason)


CALLS = {
    "/cgi-bin/message/custom/send": _l("Customer-service messages"),
    "/cgi-bin/message/template/send": _l("Template messages"),
    "/cgi-bin/message/mass/sendall": _l("Mass sends handed in"),
    "/cgi-bin/message/mass/send": _l("Mass sends to chosen fans"),
    "/cgi-bin/stable_token": _l("Access tokens"),
    "/cgi-bin/stable_token#forced": _l("Access tokens renewed by force"),
    "/cgi-bin/media/upload": _l("Files uploaded"),
    "/cgi-bin/qrcode/create": _l("Channel codes made"),
    "/cgi-bin/user/get": _l("Follower lists read"),
    "/cgi-bin/user/info/batchget": _l("Followers read"),
    "/cgi-bin/template/get_all_private_template": _l("Template lists read"),
    "/cgi-bin/get_current_selfmenu_info": _l("Menus read"),
}
