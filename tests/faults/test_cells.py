"""What a seed makes of the matrix: nothing is left out, and the same seed makes the same."""

from __future__ import annotations

from saas.faultpoints import Point
from tests.faults.cells import INBOUND, KILLS, OUTBOUND, OWNERS, SERVERS, Cell, Victim, long, short
from tests.faults.driver import PROCESSES, SIGNS


def test_the_short_form_has_each_step_with_its_own_process_and_each_server_once_per_flow() -> None:
    cells = short(1)
    assert {cell.point for cell in cells if cell.is_suicide} == set(Point)
    for flow in (INBOUND, OUTBOUND):
        hit = [cell.victims[0] for cell in cells if cell.point in flow]
        assert [hit.count(server) for server in SERVERS] == [1] * len(SERVERS)


def test_the_long_form_has_every_step_with_each_of_the_five_kills_and_pairs() -> None:
    cells = long(1, pairs=0)
    assert len(cells) == len(Point) * len(KILLS)
    for point in Point:
        victims = {victim for cell in cells if cell.point is point for victim in cell.victims}
        assert all(victims & {victim for way in ways for victim in way} for ways in KILLS.values())
    assert len(long(1, pairs=7)) == len(cells) + 7
    assert {victim for ways in KILLS.values() for way in ways for victim in way} == set(Victim)


def test_a_seed_decides_order_turns_and_pauses() -> None:
    assert short(1) == short(1) != short(2)
    assert long(1) == long(1) != long(2)


def test_whoever_is_killed_has_a_sign_of_life() -> None:
    names = [name for victim in Victim for name in PROCESSES.get(victim, (str(victim),))]
    assert set(names) - set(SIGNS) == {"web"}  # asked for a page
    assert set(OWNERS.values()) < set(Victim)


def test_only_the_own_process_dies_by_its_own_hand() -> None:
    assert Cell(Point.CONSUMER_CLAIMED, (Victim.CONSUMER, Victim.REDIS)).is_suicide
    assert not Cell(Point.CONSUMER_CLAIMED, (Victim.REDIS, Victim.CONSUMER)).is_suicide
