"""The page's words in both languages; Chinese unless English is asked for."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "lang": "zh-CN",
        "other": "en",
        "other_name": "English",
        "title": "大活动重演",
        "lead": "有奖竞猜：答题一波接一波，粉丝越聚越多。消息带真实签名，发往真实的回调地址。",
        "running": "进行中",
        "done": "已结束",
        "gone": "播放程序已停止",
        "per_second": "每秒已回复",
        "p50": "回复用时 p50（近 10 秒）",
        "p99": "回复用时 p99（近 10 秒）",
        "backlog": "待消费消息",
        "oldest": "最早一条已等",
        "not_ok": "非 200 应答",
        "chart_speed": "每秒消息数",
        "chart_p99": "p99（毫秒）",
        "chart_backlog": "积压条数",
        "account": "推送对账",
        "sent": "已发送",
        "doubles": "其中重复推送",
        "answered": "已回复",
        "under_way": "在途",
        "again": "按微信规则重发",
        "lost": "三次均失败（丢失）",
        "refused": "未获 200 的次数",
        "fans": "参与粉丝",
        "question": "当前题目",
        "elapsed": "已进行",
        "seconds": "秒",
        "none": "无",
        "no answer": "无应答",
    },
    "en": {
        "lang": "en",
        "other": "zh",
        "other_name": "中文",
        "title": "The hot event, replayed",
        "lead": "A prize quiz: burst after burst of answers from a growing crowd, truly signed, to the real callbacks.",
        "running": "running",
        "done": "finished",
        "gone": "the player has stopped",
        "per_second": "answered a second",
        "p50": "answer time p50 (last 10 s)",
        "p99": "answer time p99 (last 10 s)",
        "backlog": "waiting to be consumed",
        "oldest": "the oldest waits",
        "not_ok": "answers other than 200",
        "chart_speed": "messages a second",
        "chart_p99": "p99 (ms)",
        "chart_backlog": "backlog (rows)",
        "account": "The account",
        "sent": "sent",
        "doubles": "of them sent twice",
        "answered": "answered",
        "under_way": "under way",
        "again": "sent again as WeChat would",
        "lost": "lost after three tries",
        "refused": "tries without 200",
        "fans": "fans taking part",
        "question": "question",
        "elapsed": "elapsed",
        "seconds": "s",
        "none": "none",
        "no answer": "no answer",
    },
}


def words_of(query: str) -> Mapping[str, str]:
    """The language that a query string asks for."""
    return WORDS["en" if "lang=en" in query.split("&") else "zh"]
