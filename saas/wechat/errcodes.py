"""What WeChat's error codes mean, and what to do about each (docs/protocol.md, 9)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reaction(StrEnum):
    """What the caller should do."""

    RETRY = "retry"
    """The same call may work in a moment."""
    TOKEN = "token"  # noqa: S105  # a word, no secret
    """The access token is no longer good: the client has fetched another once and failed again."""
    GIVE_UP = "give_up"
    """This item will never work; go on with the next."""
    TELL = "tell"
    """A person of the brand must do something."""
    WAIT = "wait"
    """Works again after a time, or after the fan's next act."""
    REPAIR = "repair"
    """Our call was wrong."""
    DONE = "done"
    """What was wanted is so already."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One code in words, in both languages."""

    reaction: Reaction
    zh: str
    en: str


R = Reaction
MEANINGS: dict[int, Meaning] = {
    -1: Meaning(R.RETRY, "微信系统繁忙，请稍后再试。", "WeChat is busy; try again in a moment."),
    40001: Meaning(
        R.TOKEN, "AppSecret 不正确，或访问凭证已失效。", "The AppSecret is wrong, or the access token has ended."
    ),
    40002: Meaning(R.REPAIR, "请求的凭证类型不正确。", "The kind of token asked for is wrong."),
    40003: Meaning(R.GIVE_UP, "该粉丝不属于此公众号。", "This follower belongs to another account."),
    40004: Meaning(R.TELL, "素材类型不支持。", "WeChat does not take this kind of file."),
    40005: Meaning(R.TELL, "文件类型不支持。", "WeChat does not take this file type."),
    40006: Meaning(R.TELL, "文件大小不符合微信的要求。", "The file is too small or too large for WeChat."),
    40007: Meaning(
        R.RETRY, "素材不存在或已过期，需要重新上传。", "The media file is unknown or has expired; upload it again."
    ),
    40008: Meaning(R.REPAIR, "消息类型不正确。", "The type of message is wrong."),
    40009: Meaning(R.TELL, "图片大小超出限制。", "The picture is too large."),
    40010: Meaning(R.TELL, "语音大小超出限制。", "The voice file is too large."),
    40011: Meaning(R.TELL, "视频大小超出限制。", "The video is too large."),
    40012: Meaning(R.TELL, "缩略图大小超出限制。", "The thumbnail is too large."),
    40013: Meaning(R.TELL, "AppID 不正确。", "The AppID is wrong."),
    40014: Meaning(R.TOKEN, "访问凭证无效。", "The access token is not valid."),
    40029: Meaning(R.TELL, "网页授权码无效，请重新打开页面。", "The sign-in code is not valid; open the page again."),
    40030: Meaning(R.TELL, "授权已失效，请重新授权。", "The authorisation has ended; authorise again."),
    40032: Meaning(R.REPAIR, "一次处理的粉丝数量不正确。", "Too few or too many followers in one call."),
    40033: Meaning(R.REPAIR, "内容编码不正确。", "The content is encoded wrongly."),
    40035: Meaning(R.REPAIR, "参数不正确。", "A parameter is wrong."),
    40037: Meaning(R.TELL, "模板不存在，请同步模板。", "The template does not exist; read the templates again."),
    40039: Meaning(R.TELL, "链接过长。", "The address is too long."),
    40054: Meaning(R.TELL, "子菜单按钮的链接不正确。", "The address of a menu button is wrong."),
    40055: Meaning(R.TELL, "菜单按钮的链接域名不被允许。", "The domain of a menu button's address is not allowed."),
    40066: Meaning(R.TELL, "链接不合法。", "The address is not valid."),
    40125: Meaning(
        R.TELL,
        "AppSecret 不正确，请在公众平台重置后重新填写。",
        "The AppSecret is wrong; reset it at WeChat and enter it again.",
    ),
    40130: Meaning(R.REPAIR, "群发至少需要两位粉丝。", "A mass send needs at least two followers."),
    40152: Meaning(R.RETRY, "标签不存在，请同步标签。", "The tag does not exist; read the tags again."),
    40163: Meaning(R.DONE, "网页授权码已被使用。", "The sign-in code was used already."),
    40164: Meaning(
        R.TELL,
        "服务器 IP 不在公众平台的白名单中，请在“基本配置”里添加。",
        "This server's IP is not on the account's white list; add it under Basic Configuration at WeChat.",
    ),
    42001: Meaning(R.TOKEN, "访问凭证已过期。", "The access token has expired."),
    42002: Meaning(R.TELL, "授权已过期，请重新授权。", "The authorisation has expired; authorise again."),
    42003: Meaning(R.TELL, "网页授权码已过期，请重新打开页面。", "The sign-in code has expired; open the page again."),
    42007: Meaning(
        R.TELL, "管理员修改了密码，请重新授权。", "The account's owner changed the password; authorise again."
    ),
    43002: Meaning(R.REPAIR, "请求方式不正确。", "The call must be made differently."),
    43004: Meaning(R.GIVE_UP, "对方没有关注公众号。", "The receiver does not follow the account."),
    43019: Meaning(R.GIVE_UP, "对方在黑名单中。", "The receiver is on the black list."),
    43101: Meaning(R.GIVE_UP, "对方拒绝了订阅通知。", "The receiver refused subscription notices."),
    44002: Meaning(R.REPAIR, "发送的内容为空。", "There is nothing to send."),
    44003: Meaning(R.REPAIR, "图文内容为空。", "The article is empty."),
    44004: Meaning(R.REPAIR, "文字内容为空。", "The text is empty."),
    45009: Meaning(
        R.WAIT,
        "今日接口调用次数已用完，北京时间零点后恢复。",
        "Today's calls are used up; they return at midnight, Beijing time.",
    ),
    45011: Meaning(R.RETRY, "调用过于频繁，请一分钟后再试。", "Too many calls at once; try again in a minute."),
    45015: Meaning(
        R.GIVE_UP,
        "已超过可以回复的时间，或对方已取消关注。",
        "The time to write to this follower is over, or the follow was ended.",
    ),
    45028: Meaning(R.TELL, "群发次数已用完。", "No mass send is left."),
    45047: Meaning(
        R.WAIT,
        "可主动发送的客服消息已用完，需等粉丝再次互动。",
        "No more messages may go to this follower until the next act of theirs.",
    ),
    45056: Meaning(R.TELL, "标签数量已达上限。", "The account has as many tags as WeChat allows."),
    45057: Meaning(R.TELL, "标签下粉丝过多，需先移除。", "The tag has too many followers to be deleted."),
    45058: Meaning(R.TELL, "不能修改微信保留的标签。", "This tag belongs to WeChat and can't be changed."),
    45059: Meaning(R.TELL, "该粉丝的标签已达上限。", "This follower has as many tags as WeChat allows."),
    45065: Meaning(R.DONE, "这次群发已经提交过。", "This mass send was handed in before."),
    45066: Meaning(R.WAIT, "提交过于频繁，请一分钟后再试。", "Handed in again too soon; wait a minute."),
    45067: Meaning(R.REPAIR, "群发编号过长。", "The key of the mass send is too long."),
    45157: Meaning(R.TELL, "标签名重复或不合法。", "The tag's name is taken or not allowed."),
    45158: Meaning(R.TELL, "标签名过长。", "The tag's name is too long."),
    45159: Meaning(R.RETRY, "标签不存在，请同步标签。", "The tag does not exist; read the tags again."),
    46003: Meaning(R.DONE, "公众号还没有菜单。", "The account has no menu."),
    46004: Meaning(R.GIVE_UP, "该粉丝不存在。", "There is no such follower."),
    47001: Meaning(R.REPAIR, "请求内容的格式不正确。", "The body of the call is malformed."),
    47003: Meaning(R.TELL, "模板内容与规则不符。", "What was filled in does not fit the template."),
    48001: Meaning(R.TELL, "该公众号没有此接口的权限。", "This account may not use this function."),
    48002: Meaning(R.GIVE_UP, "对方关闭了接收消息。", "The receiver has switched messages off."),
    48004: Meaning(R.TELL, "此接口已被微信封禁。", "WeChat has banned the account from this function."),
    48005: Meaning(R.TELL, "素材正被自动回复或菜单使用。", "The material is in use by a reply or the menu."),
    48006: Meaning(R.WAIT, "本月清零次数已用完。", "The monthly resets of the call counter are used up."),
    50001: Meaning(R.GIVE_UP, "用户未授权。", "The person has not agreed."),
    50002: Meaning(R.GIVE_UP, "用户受限。", "The person's use is limited by WeChat."),
    50005: Meaning(R.GIVE_UP, "对方没有关注公众号。", "The receiver does not follow the account."),
    61003: Meaning(
        R.TELL,
        "公众号没有授权给本平台，或已取消授权，请重新扫码授权。",
        "The account has not authorised this platform, or no longer does; authorise again by scanning.",
    ),
    61004: Meaning(R.TELL, "服务器 IP 未在开放平台登记。", "This server's IP is not registered at the Open Platform."),
    61005: Meaning(
        R.WAIT, "开放平台票据已过期，等待微信推送。", "The platform's ticket has expired; WeChat will send another."
    ),
    61006: Meaning(
        R.WAIT, "开放平台票据无效，等待微信推送。", "The platform's ticket is not valid; WeChat will send another."
    ),
    61007: Meaning(
        R.TELL,
        "公众号没有把此权限集授权给本平台，请重新授权并勾选。",
        "The account has not given this platform the permission set; authorise again and tick it.",
    ),
    61009: Meaning(R.TELL, "授权码无效，请重新扫码授权。", "The authorisation code is not valid; scan again."),
    61010: Meaning(
        R.TELL, "授权码已使用或已过期，请重新扫码授权。", "The authorisation code was used or has expired; scan again."
    ),
    61011: Meaning(R.TELL, "第三方平台不正确。", "The third-party platform is wrong."),
    61023: Meaning(
        R.TELL,
        "授权的刷新凭证已失效，请重新扫码授权。",
        "The authorisation can no longer be renewed; authorise again by scanning.",
    ),
    65303: Meaning(R.TELL, "需要先创建默认菜单。", "Make a default menu first."),
    65316: Meaning(R.TELL, "菜单中的外部域名过多。", "The menu links to too many other domains."),
    88000: Meaning(R.TELL, "没有留言权限。", "The account may not use comments."),
    89503: Meaning(R.WAIT, "等待管理员确认。", "Waits for the administrator's confirmation."),
}

# Whole families that share a meaning.
FAMILIES: tuple[tuple[range, Meaning], ...] = (
    (
        range(40015, 40028),
        Meaning(
            R.TELL,
            "菜单按钮的数量、名称、类型或链接不正确。",
            "A menu button's number, name, type or address is wrong.",
        ),
    ),
    (range(41001, 41010), Meaning(R.REPAIR, "缺少参数。", "A parameter is missing.")),
    (range(45001, 45009), Meaning(R.TELL, "内容的长度或数量超出限制。", "The content is too long or too much.")),
    (range(61450, 61458), Meaning(R.TELL, "客服账号的设置不正确。", "The customer-service account is set up wrongly.")),
    (range(65301, 65318), Meaning(R.TELL, "个性化菜单的设置不正确。", "The personalised menu is set up wrongly.")),
    (range(89504, 89506), Meaning(R.WAIT, "等待管理员确认。", "Waits for the administrator's confirmation.")),
)
UNKNOWN = Meaning(R.TELL, "微信返回了错误。", "WeChat answered with an error.")
UNREACHED = Meaning(R.RETRY, "暂时无法连接微信。", "WeChat could not be reached.")


def meaning_of(errcode: int | None) -> Meaning:
    """The meaning of a code; None stands for a call that got no answer."""
    if errcode is None:
        return UNREACHED
    known = MEANINGS.get(errcode)
    families = (meaning for codes, meaning in FAMILIES if errcode in codes)
    return known or next(families, UNKNOWN)
