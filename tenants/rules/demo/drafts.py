"""Short forms in which the demo's rules are written."""

from __future__ import annotations

from typing import Any

Draft = dict[str, Any]


def words(*values: str, match: str = "contains") -> list[Draft]:
    """One keyword trigger per word."""
    return [{"type": "keyword", "match": match, "value": value} for value in values]


def whole(*values: str) -> list[Draft]:
    """Keywords that must be the whole message."""
    return words(*values, match="exact")


def faces(*values: str) -> list[Draft]:
    """One emoji trigger per face."""
    return [{"type": "emoji", "match": "contains", "value": value} for value in values]


def on(kind: str, value: str = "") -> list[Draft]:
    """Any other trigger."""
    return [{"type": kind, "value": value}]


def text(content: str) -> Draft:
    """Words."""
    return {"type": "text", "content": content}


def news(title: str, description: str, page: str) -> Draft:
    """A card that leads to a page of the brand."""
    host = "https://www.yunxiu.example"
    return {
        "type": "news",
        "title": title,
        "description": description,
        "picture_url": f"{host}/pictures/{page}.jpg",
        "url": f"{host}/{page}",
    }


def song(title: str, singer: str, name: str) -> Draft:
    """A piece of music."""
    host = "https://music.yunxiu.example"
    return {
        "type": "music",
        "title": title,
        "description": singer,
        "url": f"{host}/{name}.mp3",
        "hq_url": f"{host}/{name}-320.mp3",
    }


def rule(name: str, triggers: list[Draft], *replies: Draft, priority: int = 0, **more: Any) -> Draft:
    """A rule as its form would send it."""
    return {"name": name, "triggers": triggers, "replies": list(replies), "priority": priority, **more}
