"""Each kind of message: kept, read again, sent to the simulator, shown on the phone."""

from __future__ import annotations

import pytest

from saas.errors import NotFound
from saas.wechat.errors import WeChatError
from saas.wechat.outbox.effects import (
    KINDS,
    Choice,
    CustomMessage,
    MenuReply,
    TemplateMessage,
    effect_from,
    own_media,
)
from saas.wechat.replies import ImageReply, MusicReply, NewsReply, TextReply, TransferReply, VideoReply, VoiceReply
from tests.saas.wechat.outbox.conftest import PNG

MENU = MenuReply("喜欢吗？", (Choice("101", "喜欢"), Choice("102", "一般")), "谢谢")


def messages(media_id):
    return [
        TextReply("您好 <a href='https://example.test'>菜单</a> ]]>"),
        ImageReply(media_id),
        VoiceReply(media_id),
        VideoReply(media_id, "标题", "说明"),
        MusicReply(media_id, "夜曲", "钢琴", "https://example.test/a.mp3", "https://example.test/b.mp3"),
        NewsReply("新品", "拿铁", "https://example.test/p.png", "https://example.test/"),
        MENU,
    ]


def test_every_kind_is_read_as_it_was_kept(fans):
    for message in messages("media-1"):
        effect = CustomMessage(openid="o1", message=message, kf_account="lily@demo")
        assert effect_from(effect.kind, "o1", effect.payload()) == effect
    notice = TemplateMessage(openid="o1", template_id="t", data={"a": "b"}, url="u", mini_program={"appid": "wx1"})
    assert effect_from(notice.kind, "o1", notice.payload()) == notice
    assert set(KINDS) == {"custom", "template"}


def test_every_kind_reaches_the_phone(drain, phone, fans, planned, states, client_out):
    media_id = client_out.upload_media("image", "a.png", PNG).media_id
    wanted = messages(media_id)
    for number, message in enumerate(wanted):
        phone.write(fans[number % 3])
        planned(fans[number % 3], message)
    drain()
    assert states() == ["done"] * 7
    got = [shown for openid in fans for shown in phone.got(openid)]
    assert sorted(shown["type"] for shown in got) == sorted(message.msg_type for message in wanted)
    menu = next(shown for shown in got if shown["type"] == "msgmenu")
    assert (menu["head"], [choice["id"] for choice in menu["choices"]]) == ("喜欢吗？", ["101", "102"])
    music = next(shown for shown in got if shown["type"] == "music")
    assert (music["url"], music["hq_url"]) == ("https://example.test/a.mp3", "https://example.test/b.mp3")
    assert next(shown for shown in got if shown["type"] == "news")["picture_url"] == "https://example.test/p.png"


def test_words_go_out_as_they_are_but_for_what_no_text_can_hold(phone, fans, planned, drain):
    phone.write(fans[0])
    planned(fans[0], "😀 中文\n\x00\x07第二行")
    drain()
    assert phone.got(fans[0])[0]["content"] == "😀 中文\n第二行"


def test_an_agent_may_sign(planned, phone, fans, calls, drain):
    phone.write(fans[0])
    planned(fans[0], CustomMessage(openid=fans[0], message=TextReply("您好"), kf_account="lily@demo"))
    drain()
    assert calls[0][1]["customservice"] == {"kf_account": "lily@demo"}


def test_nothing_that_stands_in_a_message_is_shown_by_its_repr():
    effect = CustomMessage(openid="openid-canary", message=MENU)
    assert "canary" not in repr(effect)
    assert "喜欢" not in repr(effect)
    assert "canary" not in repr(TemplateMessage(openid="openid-canary", template_id="t", data={"a": "canary"}))


def test_a_hand_over_is_no_message():
    with pytest.raises(ValueError, match="transfer"):
        CustomMessage(openid="o1", message=TransferReply())


class Copies:
    """Copies of the library's files: a new id whenever WeChat refused the last."""

    def __init__(self, client, given):
        self.client, self.given, self.asked = client, list(given), []

    def __call__(self, media_id, account_id, *, refused=""):
        self.asked.append(refused)
        if refused or not self.given:
            self.given = [self.client.upload_media("image", "a.png", PNG).media_id]
        return self.given[0]


@pytest.fixture
def with_copies(sender, client_out, tenant, credentials, copying):
    """Drains with copies of which WeChat knows those given."""

    def run(*given):
        copies = Copies(client_out, given)
        copying(copies).drain(tenant, credentials.account_id)
        return copies.asked

    return run


def test_a_file_of_the_library_is_looked_up_just_before(with_copies, phone, fans, planned, states, new_media):
    phone.write(fans[0])
    planned(fans[0], ImageReply(own_media(new_media)))
    assert (with_copies(), states()) == ([""], ["done"])
    assert phone.got(fans[0])[0]["type"] == "image"


def test_a_copy_that_has_ended_is_replaced_once(with_copies, phone, fans, planned, states, effects, new_media):
    phone.write(fans[0])
    planned(fans[0], MusicReply(own_media(new_media)))
    assert with_copies("ended") == ["", "ended"]
    assert states() == ["done"]
    assert effects()[0].payload["message"]["thumb_media_id"] == own_media(new_media)


def test_a_file_that_went_between_two_tries_is_no_fault(
    copying, phone, fans, planned, effects, tenant, credentials, new_media
):
    phone.write(fans[0])
    planned(fans[0], ImageReply(own_media(new_media)))

    looked = iter(["ended"])

    def gone(media_id, account_id, *, refused=""):
        for copy in looked:
            return copy
        raise NotFound

    copying(gone).drain(tenant, credentials.account_id)
    assert (effects()[0].state, effects()[0].reason) == ("refused", "unsendable")


def test_a_wechat_too_busy_for_a_file_leaves_the_message_for_later(
    copying, phone, fans, planned, effects, tenant, credentials, new_media
):
    phone.write(fans[0])
    planned(fans[0], ImageReply(own_media(new_media)))

    def busy(media_id, account_id, *, refused=""):
        raise WeChatError(-1)

    copying(busy).drain(tenant, credentials.account_id)
    (row,) = effects()
    assert (row.state, row.errcode, row.unclear_since, row.spent) == ("planned", -1, None, None)


def test_wechats_own_ids_are_not_looked_up(with_copies, phone, fans, planned, effects):
    phone.write(fans[0])
    planned(fans[0], ImageReply("not-known"))
    assert with_copies() == []
    assert (effects()[0].state, effects()[0].errcode) == ("refused", 40007)
