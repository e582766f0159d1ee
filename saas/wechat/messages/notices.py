"""What WeChat reports: finished jobs, notices, agents, the account's verification (docs/protocol.md, 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from saas.wechat.messages.acts import Event
from saas.wechat.messages.base import event, integer, name, records, text, texts
from saas.wechat.xml_reader import Tree, find


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a finished send or publication, with its place (from 1)."""

    idx: str
    url: str


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One template's line in a report about subscription notices."""

    template_id: str
    status: str = ""
    scene: str = ""
    msg_id: str = ""
    error_code: str = ""


def _mass_article(item: Tree) -> Article:
    return Article(idx=_leaf(item, "ArticleIdx"), url=_leaf(item, "ArticleUrl"))


def _published_article(item: Tree) -> Article:
    return Article(idx=_leaf(item, "idx"), url=_leaf(item, "article_url"))


def _notice(item: Tree) -> NoticeItem:
    return NoticeItem(
        template_id=_leaf(item, "TemplateId"),
        status=_leaf(item, "SubscribeStatusString") or _leaf(item, "ErrorStatus"),
        scene=_leaf(item, "PopupScene"),
        msg_id=_leaf(item, "MsgID"),
        error_code=_leaf(item, "ErrorCode"),
    )


def _leaf(item: Tree, path: str) -> str:
    value = find(item, path)
    return value if isinstance(value, str) else ""


@event()
class JobFinished(Event):
    """Something we had started came to its end."""

    job_id: str = text("MsgID", default="")
    status: str = text("Status", default="")

    @property
    def identity(self) -> str:
        """The job's id."""
        return self.job_id


@event("TEMPLATESENDJOBFINISH")
class TemplateSent(JobFinished):
    """A template message arrived, or says why not."""

    @property
    def failure(self) -> str | None:
        """Why it did not arrive, in WeChat's words; None where it did."""
        verdict, _, why = self.status.partition(":")
        return why.strip().lower() if verdict.strip().lower() == "failed" else None


@event("MASSSENDJOBFINISH")
class MassSent(JobFinished):
    """A mass send ended. Both blocks may be missing or hold only white space."""

    total_count: int | None = integer("TotalCount", default=None)
    filter_count: int | None = integer("FilterCount", default=None)
    sent_count: int | None = integer("SentCount", default=None)
    error_count: int | None = integer("ErrorCount", default=None)
    copyright_check_state: str = text("CopyrightCheckResult/CheckState", default="")
    articles: tuple[Article, ...] = records("ArticleUrlResult/ResultList/item", _mass_article, default=())


@event("PUBLISHJOBFINISH")
class Published(Event):
    """A publication ended."""

    publish_id: str = text("PublishEventInfo/publish_id", default="")
    publish_status: str = text("PublishEventInfo/publish_status", default="")
    article_id: str = text("PublishEventInfo/article_id", default="")
    articles: tuple[Article, ...] = records("PublishEventInfo/article_detail/item", _published_article, default=())
    failed: tuple[str, ...] = texts("PublishEventInfo/fail_idx", default=())

    @property
    def identity(self) -> str:
        """The publication's id."""
        return self.publish_id


class _Notices(Event):
    __slots__ = ()

    items: Any

    @property
    def identity(self) -> str:
        """Which templates, and which messages of them."""
        return "|".join(f"{item.template_id}:{item.msg_id}" for item in self.items)


@event("subscribe_msg_popup_event")
class NoticeAsked(_Notices):
    """The fan accepted or refused subscription notices."""

    items: tuple[NoticeItem, ...] = records("SubscribeMsgPopupEvent/List", _notice, default=())


@event("subscribe_msg_change_event")
class NoticeRefused(_Notices):
    """The fan switched notices off. WeChat was seen to wrap this in the other event's element: both are read."""

    items: tuple[NoticeItem, ...] = records(
        "SubscribeMsgChangeEvent/List|SubscribeMsgPopupEvent/List", _notice, default=()
    )


@event("subscribe_msg_sent_event")
class NoticeSent(_Notices):
    """A subscription notice arrived, or says why not."""

    items: tuple[NoticeItem, ...] = records("SubscribeMsgSentEvent/List", _notice, default=())


@event("kf_create_session", "kf_close_session")
class AgentSession(Event):
    """An agent of Tencent's own desk took or left a conversation."""

    agent: str = text("KfAccount", default="")
    close_type: str = text("CloseType", default="")


@event("kf_switch_session")
class AgentSwitched(Event):
    """A conversation went from one agent of Tencent's desk to another."""

    from_agent: str = text("FromKfAccount", default="")
    to_agent: str = text("ToKfAccount", default="")


@event("qualification_verify_success", "naming_verify_success", "annual_renew", "verify_expired")
class VerificationNotice(Event):
    """The account's verification was granted, is due, or ended."""

    expired_time: int | None = integer("ExpiredTime", default=None)


@event("qualification_verify_fail", "naming_verify_fail")
class VerificationFailed(Event):
    """The account's verification was refused."""

    fail_time: int | None = integer("FailTime", default=None)
    fail_reason: str = text("FailReason", default="")


@event("user_info_modified", "user_authorization_revoke")
class PersonalDataNotice(Event):
    """A person changed or withdrew what the account may know: a duty to erase."""

    person_openid: str = name("OpenID")
    app_id: str = text("AppID", default="")
    revoke_info: str = text("RevokeInfo", default="")
