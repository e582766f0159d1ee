"""A WeChat that knows who follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from saas.wechat.answers import Follower


@dataclass
class FakeFollowers:
    """Answers as saas.wechat.client does; `asked` notes how many users each batch asked for."""

    followers: dict[str, Follower] = field(default_factory=dict)
    page: int = 10_000
    asked: list[int] = field(default_factory=list)

    def add(
        self, openid: str, at: datetime, *, scene: str = "ADD_SCENE_SEARCH", qr_scene: str = "", unionid: str = ""
    ) -> str:
        self.followers[openid] = Follower(openid, True, int(at.timestamp()), unionid, scene, qr_scene, "", ())
        return openid

    def iter_followers(self) -> Iterator[list[str]]:
        names = list(self.followers)
        for first in range(0, len(names), self.page):
            yield names[first : first + self.page]

    def batch_get_users(self, openids: Sequence[str]) -> list[Follower]:
        self.asked.append(len(openids))
        return [self.followers[openid] for openid in openids if openid in self.followers]
