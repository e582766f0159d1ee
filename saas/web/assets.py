"""What browsers load: allowed files of the browser libraries and our own, each at an address that carries its content."""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask, Response, abort, request

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ROOT / "node_modules"
OWN = Path(__file__).resolve().parent / "static"

# Logical name → file of a library. What is not named here is not served.
ALLOWED = {
    "vendor/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "vendor/icons.css": "@tabler/icons-webfont/dist/tabler-icons.min.css",
    "vendor/fonts/tabler-icons.woff2": "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    "vendor/fonts/tabler-icons.woff": "@tabler/icons-webfont/dist/fonts/tabler-icons.woff",
    "vendor/fonts/tabler-icons.ttf": "@tabler/icons-webfont/dist/fonts/tabler-icons.ttf",
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/alpine.js": "@alpinejs/csp/dist/cdn.min.js",
    "vendor/echarts.js": "echarts/dist/echarts.common.min.js",
    "vendor/tom-select.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "vendor/tom-select.js": "tom-select/dist/js/tom-select.complete.min.js",
}
TYPES = {
    ".css": "text/css",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
PACKED = {".css", ".js", ".svg", ".ttf"}
FOREVER = "public, max-age=31536000, immutable"

_NAME = re.compile(r"[a-z0-9][a-z0-9./-]*")
_URL = re.compile(r"(url\([\"']?)(?!data:|https?:|/|#)([^\"')?#]+)([?#][^\"')]*)?(?=[\"']?\))")
_IMPORT = re.compile(r"(from \")(\.{1,2}/[^\"]+)(?=\")")
_REFERENCES = {".css": _URL, ".js": _IMPORT}
_SOURCE_MAP = re.compile(r"(?:/\*|//)# sourceMappingURL=[^\n*]*(?:\*/)?")


def init_app(app: Flask) -> None:
    """Serves the files of the browser, and gives templates `asset_url`."""
    Assets().init_app(app)


class AssetError(RuntimeError):
    """A page names a file that is not there or not allowed."""


@dataclass(frozen=True)
class Asset:
    """One file as it is sent, with the digest that its address carries."""

    name: str
    body: bytes

    @cached_property
    def digest(self) -> str:
        """Changes with the content, and with what the content refers to."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    @cached_property
    def packed(self) -> bytes:
        """The body for browsers that take gzip."""
        return gzip.compress(self.body, mtime=0)

    @property
    def url(self) -> str:
        """The address of this very content."""
        return f"/assets/{self.digest}/{self.name}"


class Assets:
    """The files of the browser; each is read when it is first asked for."""

    def __init__(self, *, libraries: Path = LIBRARIES, own: Path = OWN) -> None:
        self.libraries, self.own = libraries, own
        self.watch = False
        self._read: dict[str, Asset] = {}

    def init_app(self, app: Flask) -> None:
        """Adds the route and the global; under debug our own files are read anew each time."""
        self.watch = app.debug
        app.extensions["assets"] = self
        app.jinja_env.globals["asset_url"] = self.url
        app.add_url_rule("/assets/<digest>/<path:name>", "assets", self._view)

    @property
    def _view(self) -> Callable[..., Response]:
        def send_asset(digest: str, name: str) -> Response:
            return self.send(digest, name)

        send_asset.is_open = True  # type: ignore[attr-defined]  # no person, no tenant: the entry lets it pass
        return send_asset

    def url(self, name: str) -> str:
        """The address of a file by its logical name; raises AssetError with what to do."""
        return self._load(name).url

    def send(self, digest: str, name: str) -> Response:
        """Answers with the file, or 404 when the name is not allowed or the content is another by now."""
        try:
            asset = self._load(name)
        except AssetError:
            abort(404)
        if asset.digest != digest:
            abort(404)
        return _response(asset)

    def _load(self, name: str) -> Asset:
        if name not in self._read or (self.watch and name not in ALLOWED):
            self._read[name] = self._reading(name)
        return self._read[name]

    def _reading(self, name: str) -> Asset:
        try:
            return Asset(name, self._body(name, self._path(name)))
        except FileNotFoundError:
            hint = "run `make run` or `npm ci` to install the browser libraries" if name in ALLOWED else "no such file"
            raise AssetError(f"{name}: {hint}") from None

    def _path(self, name: str) -> Path:
        if name in ALLOWED:
            return self.libraries / ALLOWED[name]
        if not _NAME.fullmatch(name) or posixpath.normpath(name) != name or Path(name).suffix not in TYPES:
            raise AssetError(f"{name} is no file that browsers may load")
        return self.own / name

    def _body(self, name: str, path: Path) -> bytes:
        if path.suffix not in _REFERENCES:
            return path.read_bytes()
        text = _SOURCE_MAP.sub("", path.read_text(encoding="utf-8"))
        if path.suffix == ".css" or name not in ALLOWED:
            text = _REFERENCES[path.suffix].sub(self._referrer(name), text)
        return text.encode()

    def _referrer(self, name: str) -> Callable[[re.Match[str]], str]:
        folder = posixpath.dirname(name)

        def address(match: re.Match[str]) -> str:
            return match[1] + self.url(posixpath.normpath(posixpath.join(folder, match[2])))

        return address


def _response(asset: Asset) -> Response:
    suffix = Path(asset.name).suffix
    packed = suffix in PACKED and request.accept_encodings.quality("gzip") > 0
    response = Response(asset.packed if packed else asset.body, mimetype=TYPES[suffix])
    response.headers["Cache-Control"] = FOREVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Accept-Encoding")
    if packed:
        response.content_encoding = "gzip"
    response.set_etag(asset.digest)
    response.make_conditional(request)
    return response
