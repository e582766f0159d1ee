"""`make screenshots`: every page of the demo in both sizes into var/screenshots/, looked at by people.

Uses the product that runs with its data in DATA_DIR, where that is set; else starts one and stops it. Names of pages as
arguments make only those.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.chromium import launched
from tests.journeys.browser import SIZES, Visitor, settle
from tests.journeys.product import ROOT, Product, is_running, known_app, running_product
from tests.pages import PAGES, Visit

FOLDER = ROOT / "var" / "screenshots"
README_PICTURE = ROOT / "docs" / "images" / "headquarters.png"


def main(names: list[str]) -> int:
    """Makes the pictures; the exit status says whether every page was sound."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    visits = [visit for visit in PAGES if not names or visit.name in names]
    with product() as running, launched() as browser:
        visitor = Visitor(browser, running, known_app())
        faulty = [name for visit in visits for size in SIZES if (name := take(visitor, visit, size))]
    say(f"{len(visits) * len(SIZES)} pictures in {FOLDER}; {len(faulty)} of pages with faults.")
    return 1 if faulty else 0


@contextmanager
def product() -> Iterator[Product]:
    """The running product of DATA_DIR, or one started for this: a picture leaves a fan and an invitation behind."""
    given = os.environ.get("DATA_DIR")
    if given and is_running(Path(given)):
        yield Product.of(Path(given))
        return
    with tempfile.TemporaryDirectory(prefix="qiandian-") as own:
        say("· Starting the product with its demo")
        with running_product(Path(own)) as running:
            yield running


def take(visitor: Visitor, visit: Visit, size: str) -> str:
    """Makes one picture and tells it; the name of the picture when something is wrong with the page, else ''."""
    name = f"{visit.name}-{size}"
    opened = visitor.open(visit, size)
    if name == f"{README_PICTURE.stem}-desk":
        README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
        opened.page.screenshot(path=README_PICTURE, animations="disabled")
    stretch(opened.page, size)
    opened.page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    complaints = opened.complaints(visit)
    opened.page.close()
    say(f"{'✗' if complaints else '✓'} {name}{''.join(f'{chr(10)}    {line}' for line in complaints)}")
    return name if complaints else ""


def stretch(page: Page, size: str) -> None:
    """Makes the window as high as the page: what sticks to an edge stands at the edge of the picture."""
    width, height = SIZES[size]
    page.set_viewport_size(
        {"width": width, "height": max(height, page.evaluate("document.documentElement.scrollHeight"))}
    )
    settle(page)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
