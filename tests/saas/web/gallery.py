"""A small application that shows every macro in the frame, without a database: only for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

from flask import Flask, Response, flash, g, redirect
from jinja2 import ChoiceLoader, FileSystemLoader
from marshmallow import Schema, fields, validate
from werkzeug.serving import make_server

from saas import clock
from saas.auth import views
from saas.auth.schemas import InvitationSchema, LoginSchema, PasswordSchema, TokenSchema
from saas.errors import AppError, Invalid, NotFound
from saas.security import csrf, headers
from saas.tenancy.ports import NodeRecord
from saas.tenancy.scope import AllPermissions, Principal, TenantRecord, TenantScope, enter
from saas.web import assets, errors, filters, fragments, i18n, render
from saas.web.forms import Form
from saas.web.menu import MenuItem
from saas.web.paging import Page

ROOT = Path(__file__).resolve().parents[3]
TENANT = TenantRecord(id=UUID(int=1), agency_id=UUID(int=2), name="山丘咖啡", accent="green")
ACCOUNT = NodeRecord(id=UUID(int=10), name="山丘咖啡总部", kind="central", parent_id=None)
BRANDS = [SimpleNamespace(id=UUID(int=n), name=name) for n, name in ((1, "山丘咖啡"), (2, "云帆家居"))]
MENU = (
    ("home", "待办", "checklist", 5),
    ("inbox", "会话", "message-circle", 12),
    ("rules", "自动回复", "robot", 0),
    ("fans", "粉丝", "users", 0),
    ("kpi", "报表", "chart-bar", 0),
    ("settings", "设置", "settings", 0),
)


class GallerySchema(Schema):
    """One field of each kind."""

    name = fields.String(required=True, validate=validate.Length(max=20))
    reply = fields.String()
    category = fields.String(allow_none=True)
    tags = fields.List(fields.String())
    version = fields.Integer()


def gallery_app() -> Flask:
    """The gallery at /t/<tenant>/a/<account>/gallery."""
    app = Flask("gallery", root_path=str(ROOT / "saas"), template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(SECRET_KEY="gallery", WTF_CSRF_SSL_STRICT=False)
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(ROOT / "templates"), FileSystemLoader(Path(__file__).parent / "templates")]
    )
    csrf.init_app(app)
    for part in (i18n, assets, filters, errors, fragments):
        part.init_app(app)
    render.init_app(app)
    headers.init_app(app, "")
    app.extensions["menu"] = [
        MenuItem(
            endpoint=f"{name}.index", label=label, icon=icon, permission="x", order=n, count=lambda count=count: count
        )
        for n, (name, label, icon, count) in enumerate(MENU)
    ]
    app.context_processor(lambda: {"brands": BRANDS})
    _add_pages(app)
    return app


def _add_pages(app: Flask) -> None:
    for name, *_ in MENU:
        app.add_url_rule(f"/t/<uuid:tenant_id>/a/<uuid:account_id>/{name}", f"{name}.index", _gallery)
    app.add_url_rule("/t/<uuid:tenant_id>/a/<uuid:account_id>/save", "save", _save, methods=["POST"])
    app.add_url_rule("/t/<uuid:tenant_id>/picker", "accounts.picker", _picker)
    app.add_url_rule("/live", "live", _live)
    app.add_url_rule("/work", "work", _work)
    app.add_url_rule("/broken", "broken", _broken)
    app.register_blueprint(views.blueprint)
    for name, view in AUTH_PAGES.items():
        app.view_functions[f"auth.{name}"] = view
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = view if endpoint == "assets" else _scoped(view)


def _scoped(view):
    def entered(tenant_id: UUID | None = None, account_id: UUID | None = None, **values: object) -> object:
        scope = TenantScope(
            tenant=TENANT, principal=Principal(role="brand_hq", name="林晓"), permissions=AllPermissions()
        )
        g.account, g.identity = ACCOUNT, SimpleNamespace(name="林晓", language="zh", session_id=UUID(int=7))
        with enter(scope):
            return view(**values)

    return entered


def _gallery() -> str:
    flash("已保存。", "success")
    form = Form(
        GallerySchema(), {"name": "新品问候", "reply": "您好，欢迎来到山丘咖啡！", "tags": ["常客"], "version": 3}
    )
    return render.render("gallery.html", form=form, now=clock.now() - timedelta(minutes=7), stores=_stores())


def _stores() -> list[dict[str, object]]:
    names = ("国贸店", "三里屯店", "五道口店", "徐家汇店", "静安寺店", "天府广场店")
    return [
        {"id": n, "name": name, "fans": 128_400 // (n + 1), "before": 120_000 // (n + 1), "rate": 0.31 - n / 50}
        for n, name in enumerate(names)
    ]


def _save() -> object:
    form = Form(GallerySchema())
    values = form.load()
    if values["name"] == "重名":
        raise form.refuse(Invalid({"name": ["已有同名的规则。"], "gone": ["另一处也不对。"]}))
    if values["name"] == "消失":
        raise NotFound
    return redirect("/")


def _picker() -> str:
    nodes = [
        SimpleNamespace(
            id=UUID(int=10 + n),
            name=f"门店 {n}" if n else ACCOUNT.name,
            kind="store" if n else "central",
            depth=1 if n else 0,
            path=f"山丘咖啡 › 门店 {n}",
        )
        for n in range(500)
    ]
    return render.render("picker.html", nodes=nodes)


def _work() -> str:
    return render.render("_work.html", task={"state": "finished", "done": 5000, "total": 5000, "failed": 3})


def _login() -> str:
    form = Form(LoginSchema(), {"login": "lin"})
    form.refuse(Invalid({"password": ["账号或密码不对。"]}))
    return render.render("auth/login.html", form=form)


def _password() -> str:
    return render.render("auth/password.html", form=Form(PasswordSchema()), changed=True)


def _invitation(token: str) -> str:
    membership = SimpleNamespace(role="store_manager", invited_name="王店长")
    return render.render("auth/invitation.html", form=Form(InvitationSchema()), membership=membership, token=token)


def _sessions() -> str:
    rows = [
        SimpleNamespace(id=g.identity.session_id, device="Chrome/140 Windows", address="10.0.0.1"),
        SimpleNamespace(id=UUID(int=8), device="MicroMessenger iPhone", address=""),
    ]
    for row in rows:
        row.created_at = row.last_seen_at = clock.now() - timedelta(hours=2)
    return render.render("auth/sessions.html", sessions=rows)


def _tokens(account_id: UUID | None = None) -> str:
    row = SimpleNamespace(
        id=UUID(int=9), name="数据仓库", scopes=["kpi:view"], created_at=clock.now(), last_used_at=None
    )
    return render.render(
        "auth/tokens.html",
        form=Form(TokenSchema()),
        tokens=[row],
        shown="qd_0123456789",
        permissions=["fans:view", "kpi:view"],
    )


def _audit(account_id: UUID | None = None) -> str:
    changes = [
        {"kind": "update", "table": "rules", "id": "9", "before": {"name": "问候"}, "after": {"name": "新品问候"}},
        {"kind": "create", "table": "tags", "after": {"names": ["常客"], "note": None}},
    ]
    entry = SimpleNamespace(
        at=clock.now(),
        user_name="林晓",
        role="brand_hq",
        action="rules.update",
        changes=changes,
        request_id="a1",
        address="",
    )
    blank = SimpleNamespace(**{**vars(entry), "changes": [], "user_name": "", "role": "system"})
    return render.render("auth/audit.html", page=Page([entry, blank], "next"), q="")


AUTH_PAGES = {
    "login": _login,
    "password": _password,
    "invitation": _invitation,
    "sessions": _sessions,
    "tokens": _tokens,
    "audit": _audit,
    "counts": lambda account_id=None: {"inbox": 13},
}


def _live() -> Response:
    return Response('data: {"topic": "inbox"}\n\n', mimetype="text/event-stream")


def _broken() -> str:
    raise AppError("这里坏了。")


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serves an application on a free port of loopback; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        app.extensions["stream_url"] = f"http://127.0.0.1:{server.server_port}"
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
