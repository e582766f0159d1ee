"""What the processes note when they come by a fault point, and the orders laid down for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from saas.faultpoints import Point, Rig


@dataclass(frozen=True)
class Visit:
    """A process was at a point; `order` is what it was told to do there, if anything."""

    point: Point
    pid: int
    order: str


class Trace:
    """The file of visits and the folder of orders."""

    def __init__(self, data_dir: Path) -> None:
        self._rig = Rig(data_dir / "faults")
        self._file = self._rig.folder / "reached"
        self._file.touch()

    def mark(self) -> int:
        """The present end."""
        return self._file.stat().st_size

    def since(self, mark: int) -> list[Visit]:
        """The visits after a mark."""
        with self._file.open("rb") as file:
            file.seek(mark)
            lines = file.read().decode().splitlines(keepends=True)
        return [_visit(line) for line in lines if line.endswith("\n")]

    def order(self, point: Point, order: str) -> None:
        """Lays an order down; an old leave to go on no longer counts."""
        (self._rig.folder / f"{point}.go").unlink(missing_ok=True)
        self._rig.order(point, order)

    def withdraw(self, point: Point) -> None:
        """Takes it back, if nobody has obeyed."""
        (self._rig.folder / f"{point}.order").unlink(missing_ok=True)

    def go(self, point: Point) -> None:
        """Whoever pauses there goes on."""
        (self._rig.folder / f"{point}.go").touch()


def _visit(line: str) -> Visit:
    point, pid, *order = line.split()
    return Visit(Point(point), int(pid), order[0] if order else "")
