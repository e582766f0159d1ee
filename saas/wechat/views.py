"""The callback of one account: `GET, POST /wechat/<app_id>`. No log-in, no cookie: the signature says who it is."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge

from saas.wechat.envelope import MAX_BODY, Refused
from saas.wechat.gateway import Gateway, Post
from saas.wechat.journal import NotStored
from saas.wechat.metrics import ANSWER_SECONDS, CALLBACKS

blueprint = Blueprint("wechat", __name__)


@blueprint.get("/wechat/<app_id>")
def verify(app_id: str) -> Response:
    """WeChat asks whether this address is ours."""
    return _text(_gateway().verify(app_id, request.args))


@blueprint.post("/wechat/<app_id>")
@ANSWER_SECONDS.time()
def receive(app_id: str) -> Response:
    """A message or event: answered once it is kept."""
    answer = _gateway().receive(app_id, Post(_body(), request.args))
    return _text(answer, "application/xml" if answer.startswith("<") else "text/plain")


for view in (verify, receive):
    view.is_open = True  # type: ignore[attr-defined]  # no person and no session: the entry lets it pass


@blueprint.errorhandler(Refused)
def refuse(refusal: Refused) -> Response:
    """Not WeChat, or not for us: a status and no word more."""
    CALLBACKS.labels(f"refused_{refusal.status}").inc()
    return _text("", status=refusal.status)


@blueprint.errorhandler(NotStored)
@blueprint.errorhandler(OperationalError)
def ask_again(_error: Exception) -> Response:
    """Nothing was kept: WeChat shall try again."""
    CALLBACKS.labels("not_stored").inc()
    return _text("", status=503)


def _body() -> bytes:
    # One more than allowed: a body without a stated length is cut at the limit, silently.
    request.max_content_length = MAX_BODY + 1
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Refused(413, "size") from None


def _gateway() -> Gateway:
    gateway: Gateway = current_app.extensions["gateway"]
    return gateway


def _text(body: str, kind: str = "text/plain", *, status: int = 200) -> Response:
    return Response(body, status=status, content_type=f"{kind}; charset=utf-8")
