"""The nearest stores: by the place a fan sends, by the city or district a fan names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tenants.rules.domain.text import normalise

LIMIT = 3
_EARTH_METRES = 6_371_000
_ENDINGS = ("特别行政区", "自治州", "自治县", "地区", "新区", "市", "区", "县", "盟")

# What fans read, in their language; a rule may bring its own wording.
ASK = "请点击左下角「+」发送您的位置，或回复所在的城市和区，例如「北京海淀」，我们帮您找最近的门店。"
NEAR = "离您最近的门店："
NAMED = "为您找到这些门店："
NONE = "附近暂时没有合适的门店，我们会继续开店，谢谢您的关注。"


@dataclass(frozen=True, slots=True)
class Place:
    """A store as the answer names it; latitude and longitude are GCJ-02, as WeChat's are."""

    name: str
    services: tuple[str, ...] = ()
    address: str = ""
    city: str = ""
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    opening_hours: str = ""


def metres_between(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The distance on the sphere (haversine)."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (here, there))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))


def offering(places: Sequence[Place], service: str) -> list[Place]:
    """The places that offer a service; all of them when no service is asked for."""
    wanted = normalise(service)
    return [place for place in places if not wanted or wanted in map(normalise, place.services)]


def nearest(places: Sequence[Place], here: tuple[float, float]) -> list[tuple[Place, float]]:
    """The nearest places with their distance in metres, at most three."""
    measured = [
        (place, metres_between(here, (place.latitude, place.longitude)))
        for place in places
        if place.latitude is not None and place.longitude is not None
    ]
    return sorted(measured, key=lambda pair: pair[1])[:LIMIT]


def named_in(places: Sequence[Place], text: str) -> list[Place]:
    """The places whose name, district or city the text holds; the closest to what was named, at most three."""
    said = normalise(text)
    scored = [(_score(place, said), place) for place in places]
    best = max((score for score, _ in scored), default=0)
    return [place for score, place in scored if score == best][:LIMIT] if best else []


def answer(places: Sequence[Place], *, text: str, point: tuple[float, float] | None, service: str = "") -> str:
    """What a fan gets who asks for a store: the nearest to the place sent, those of the city named, else a question."""
    fitting = offering(places, service)
    if not fitting:
        return NONE
    if point is not None:
        found = nearest(fitting, point)
        return _listed(NEAR, [_line(place, metres) for place, metres in found]) if found else NONE
    named = named_in(fitting, text)
    return _listed(NAMED, [_line(place) for place in named]) if named else ASK


def _score(place: Place, said: str) -> int:
    by_name = 4 if normalise(place.name) in said else 0
    return by_name + (2 if _named(place.district, said) else 0) + (1 if _named(place.city, said) else 0)


def _named(area: str, said: str) -> bool:
    name = normalise(area)
    short = next((name.removesuffix(end) for end in _ENDINGS if name.endswith(end)), name)
    # 和县 without its ending is a word of every other sentence.
    return bool(name) and (name in said or (len(short) > 1 and short in said))


def _listed(intro: str, lines: list[str]) -> str:
    return "\n\n".join((intro, *lines))


def _line(place: Place, metres: float | None = None) -> str:
    distance = f"（{_distance(metres)}）" if metres is not None else ""
    rows = (
        f"{place.name}{distance}",
        f"📍 {place.city}{place.district}{place.address}" if place.address else "",
        f"☎ {place.phone}" if place.phone else "",
        f"🕘 {place.opening_hours}" if place.opening_hours else "",
    )
    return "\n".join(row for row in rows if row)


def _distance(metres: float) -> str:
    return f"{round(metres, -1):.0f} 米" if metres < 1000 else f"{metres / 1000:.1f} 公里"
