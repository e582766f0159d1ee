"""The metrics: name, label, definition and unit of each stand here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Unit(StrEnum):
    """What a figure counts."""

    PEOPLE = "people"
    TIMES = "times"
    ARTICLES = "articles"
    SECONDS = "seconds"


class Better(StrEnum):
    """Which way of a change is good news."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One figure; with a `reason`, nobody can know it yet."""

    name: str
    label: LazyString
    definition: LazyString
    unit: Unit = Unit.TIMES
    better: Better = Better.UP
    reason: LazyString | None = None

    @property
    def is_counted(self) -> bool:
        """Whether this deployment can count it at all."""
        return self.reason is None


NO_CALENDAR = _l("Counted once the content calendar is in use.")
NO_ARTICLE_FIGURES = _l("Counted once WeChat's article figures are fetched.")
NO_ACTIVITIES = _l("Counted once campaigns are in use.")
NO_RESPONSES = _l("No conversation had a human answer.")
NOT_CONNECTED = _l("Neither a connected account nor a channel code: nobody can count it.")

METRICS: tuple[Metric, ...] = (
    Metric(
        name="followers_new",
        label=_l("New followers"),
        definition=_l("Follows in the period; a return counts again, as WeChat counts."),
        unit=Unit.PEOPLE,
    ),
    Metric(
        name="followers_lost",
        label=_l("Lost followers"),
        definition=_l("Unfollows in the period."),
        unit=Unit.PEOPLE,
        better=Better.DOWN,
    ),
    Metric(
        name="followers_net",
        label=_l("Net growth"),
        definition=_l("New followers less lost followers."),
        unit=Unit.PEOPLE,
    ),
    Metric(
        name="followers_adjusted",
        label=_l("Adjusted followers"),
        definition=_l(
            "Followers found by synchronising with WeChat that no event announced, "
            "those present before connecting among them."
        ),
        unit=Unit.PEOPLE,
        better=Better.NONE,
    ),
    Metric(
        name="followers_total",
        label=_l("All followers"),
        definition=_l("Followers at the period's end: total before + new − lost + adjusted."),
        unit=Unit.PEOPLE,
    ),
    Metric(
        name="interactions",
        label=_l("Interactions"),
        definition=_l(
            "Messages from fans, menu taps and scans by followers, each once; a picture or place sent through the menu "
            "counts with its tap. Not: follows, unfollows, reported places."
        ),
    ),
    Metric(
        name="fans_interacting",
        label=_l("Interacting fans"),
        definition=_l(
            "Distinct fans behind the interactions of the period, per account; over a region they are added."
        ),
        unit=Unit.PEOPLE,
    ),
    Metric(
        name="replies_robot",
        label=_l("Robot replies"),
        definition=_l("Automatic answers to a fan's act; without the welcome, sends and templates."),
        better=Better.NONE,
    ),
    Metric(
        name="replies_human",
        label=_l("Human replies"),
        definition=_l("Acts of fans that an agent has answered, each once; without sends and templates."),
        better=Better.NONE,
    ),
    Metric(
        name="messages_unanswered",
        label=_l("Unanswered messages"),
        definition=_l("Messages from fans that got no answer."),
        better=Better.DOWN,
    ),
    Metric(
        name="handed_over",
        label=_l("Hand-overs"),
        definition=_l("Messages that were handed over to a person."),
        better=Better.NONE,
    ),
    Metric(
        name="complaints",
        label=_l("Complaints"),
        definition=_l("Hand-overs for a complaint."),
        better=Better.DOWN,
    ),
    Metric(
        name="articles_published",
        label=_l("Published articles"),
        definition=_l("Articles that went out, from our calendar or found published by hand."),
        unit=Unit.ARTICLES,
        reason=NO_CALENDAR,
    ),
    Metric(
        name="article_reads",
        label=_l("Article reads"),
        definition=_l("Times articles were read, by WeChat's article figures of the day."),
        reason=NO_ARTICLE_FIGURES,
    ),
    Metric(
        name="article_readers",
        label=_l("Article readers"),
        definition=_l("People who read articles, by WeChat's article figures of the day."),
        unit=Unit.PEOPLE,
        reason=NO_ARTICLE_FIGURES,
    ),
    Metric(
        name="shares",
        label=_l("Shares"),
        definition=_l("People who shared articles, by WeChat's article figures of the day."),
        unit=Unit.PEOPLE,
        reason=NO_ARTICLE_FIGURES,
    ),
    Metric(
        name="likes",
        label=_l("Likes"),
        definition=_l("Likes of articles, by WeChat's article figures of the day."),
        reason=NO_ARTICLE_FIGURES,
    ),
    Metric(
        name="comments",
        label=_l("Comments"),
        definition=_l("Comments on articles, by WeChat's article figures of the day."),
        reason=NO_ARTICLE_FIGURES,
    ),
    Metric(
        name="activity_entries",
        label=_l("Campaign entries"),
        definition=_l("Takings-part in campaigns."),
        reason=NO_ACTIVITIES,
    ),
    Metric(
        name="activity_participants",
        label=_l("Campaign participants"),
        definition=_l("Distinct fans who took part in campaigns."),
        unit=Unit.PEOPLE,
        reason=NO_ACTIVITIES,
    ),
    Metric(
        name="activity_winners",
        label=_l("Prizes won"),
        definition=_l("Prizes won in campaigns."),
        reason=NO_ACTIVITIES,
    ),
    Metric(
        name="activity_redeemed",
        label=_l("Prizes redeemed"),
        definition=_l("Prizes redeemed in stores."),
        reason=NO_ACTIVITIES,
    ),
    Metric(
        name="first_response_median_seconds",
        label=_l("First response"),
        definition=_l("Seconds from the hand-over to the first human answer; median over the conversations."),
        unit=Unit.SECONDS,
        better=Better.DOWN,
        reason=NO_RESPONSES,
    ),
)
BY_NAME = {metric.name: metric for metric in METRICS}
COUNTED = tuple(metric for metric in METRICS if metric.is_counted)
UNIT_NAMES = {
    Unit.PEOPLE: _l("people"),
    Unit.TIMES: _l("times"),
    Unit.ARTICLES: _l("articles"),
    Unit.SECONDS: _l("seconds"),
}
