"""A sample of every message and event of docs/protocol.md, 4: kind, fields, the record's class, what it must hold."""

from __future__ import annotations

from saas.wechat import messages as m

MESSAGES = [
    ("text", "<Content><![CDATA[优惠]]></Content>", m.Text, {"content": "优惠", "bizmsgmenuid": ""}),
    ("text", "<Content>是</Content><bizmsgmenuid>101</bizmsgmenuid>", m.Text, {"content": "是", "bizmsgmenuid": "101"}),
    ("text", "<Content></Content>", m.Text, {"content": ""}),
    (
        "text",
        "<Content>a</Content><MsgDataId>2247</MsgDataId><Idx>1</Idx>",
        m.Text,
        {"msg_data_id": "2247", "idx": 1},
    ),
    (
        "image",
        "<PicUrl><![CDATA[http://mmbiz.qpic.cn/mmbiz_jpg/demo/0]]></PicUrl><MediaId><![CDATA[img-7tQ0aZ]]></MediaId>",
        m.Image,
        {"pic_url": "http://mmbiz.qpic.cn/mmbiz_jpg/demo/0", "media_id": "img-7tQ0aZ"},
    ),
    (
        "voice",
        "<MediaId>voc-Kd93xx</MediaId><Format>amr</Format><MediaId16K>v16</MediaId16K><Recognition>几点开门</Recognition>",
        m.Voice,
        {"media_id": "voc-Kd93xx", "format": "amr", "media_id_16k": "v16", "recognition": "几点开门"},
    ),
    ("voice", "<MediaId>v</MediaId>", m.Voice, {"media_id": "v", "recognition": ""}),
    (
        "video",
        "<MediaId>vid-1</MediaId><ThumbMediaId>thb-1</ThumbMediaId>",
        m.Video,
        {"media_id": "vid-1", "thumb_media_id": "thb-1"},
    ),
    ("shortvideo", "<MediaId>vid-1</MediaId><ThumbMediaId>thb-1</ThumbMediaId>", m.ShortVideo, {"media_id": "vid-1"}),
    (
        "location",
        "<Location_X>31.230416</Location_X><Location_Y>121.473701</Location_Y><Scale>16</Scale>"
        "<Label><![CDATA[上海市黄浦区人民广场]]></Label>",
        m.Location,
        {"latitude": 31.230416, "longitude": 121.473701, "scale": 16, "label": "上海市黄浦区人民广场"},
    ),
    (
        "link",
        "<Title>周末菜单</Title><Description>新菜上市</Description><Url>https://example.test/menu</Url>",
        m.Link,
        {"title": "周末菜单", "description": "新菜上市", "url": "https://example.test/menu"},
    ),
]

QRSCENE = "<EventKey><![CDATA[qrscene_shop-0042]]></EventKey><Ticket>gQH88</Ticket>"
PICTURES = (
    "<EventKey>pic1</EventKey><SendPicsInfo><Count>{}</Count><PicList>{}</PicList></SendPicsInfo>",
    "<item><PicMd5Sum><![CDATA[{}]]></PicMd5Sum></item>",
)
CARD = "<CardId>pFS7</CardId><UserCardCode>2260</UserCardCode>"
MASS = (
    "<MsgID>1000000338</MsgID><Status>send success</Status><TotalCount>296</TotalCount><FilterCount>295</FilterCount>"
    "<SentCount>294</SentCount><ErrorCount>1</ErrorCount>"
)
COPYRIGHT = (
    "<CopyrightCheckResult><Count>0</Count><ResultList></ResultList><CheckState>0</CheckState></CopyrightCheckResult>"
)
ARTICLES = (
    "<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>"
    "<ArticleUrl>http://mp.weixin.qq.com/s/demo1</ArticleUrl></item></ResultList></ArticleUrlResult>"
)
PUBLISHED = (
    "<PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status><article_id>b5O2</article_id>"
    "<article_detail><count>1</count><item><idx>1</idx><article_url>http://mp.weixin.qq.com/s/demo2</article_url></item>"
    "</article_detail></PublishEventInfo>"
)
FAILED = (
    "<PublishEventInfo><publish_id>1</publish_id><publish_status>2</publish_status><article_id/>"
    "<fail_idx>1</fail_idx><fail_idx>2</fail_idx></PublishEventInfo>"
)
ASKED = "<List><TemplateId>tpl-A</TemplateId><SubscribeStatusString>{}</SubscribeStatusString><PopupScene>1</PopupScene></List>"
NOTICE_SENT = (
    "<SubscribeMsgSentEvent><List><TemplateId>tpl-A</TemplateId><MsgID>17008</MsgID><ErrorCode>0</ErrorCode>"
    "<ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>"
)
PLACE = (
    "<EventKey>loc1</EventKey><SendLocationInfo><Location_X>31.23</Location_X><Location_Y>121.47</Location_Y>"
    "<Scale>15</Scale><Label>南京东路</Label><Poiname></Poiname></SendLocationInfo>"
)

EVENTS = [
    ("subscribe", "<EventKey></EventKey>", m.Subscribe, {"scene": None, "last_trade_no": None, "ticket": ""}),
    ("subscribe", QRSCENE, m.Subscribe, {"scene": "shop-0042", "ticket": "gQH88"}),
    ("subscribe", "<EventKey>last_trade_no_42</EventKey>", m.Subscribe, {"scene": None, "last_trade_no": "42"}),
    ("unsubscribe", "<EventKey></EventKey>", m.Unsubscribe, {"event_key": ""}),
    ("unsubscribe", "", m.Unsubscribe, {"event_key": ""}),
    ("SCAN", "<EventKey>shop-0042</EventKey><Ticket>gQH88</Ticket>", m.Scan, {"scene": "shop-0042", "ticket": "gQH88"}),
    (
        "LOCATION",
        "<Latitude>31.230416</Latitude><Longitude>121.473701</Longitude><Precision>65.0</Precision>",
        m.LocationReport,
        {"latitude": 31.230416, "longitude": 121.473701, "precision": 65.0},
    ),
    ("CLICK", "<EventKey>MENU_TODAY</EventKey>", m.Click, {"event_key": "MENU_TODAY"}),
    (
        "VIEW",
        "<EventKey>https://example.test/a</EventKey><MenuId>451234567</MenuId>",
        m.View,
        {"event_key": "https://example.test/a", "menu_id": "451234567"},
    ),
    (
        "view_miniprogram",
        "<EventKey>pages/index</EventKey><MenuId>9</MenuId>",
        m.ViewMiniProgram,
        {"event_key": "pages/index", "menu_id": "9"},
    ),
    *(
        (
            name,
            "<EventKey>s</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>SN-1</ScanResult></ScanCodeInfo>",
            m.ScanCode,
            {"scan_type": "qrcode", "scan_result": "SN-1"},
        )
        for name in ("scancode_push", "scancode_waitmsg")
    ),
    *(
        (
            name,
            PICTURES[0].format(2, PICTURES[1].format("0cc1") + PICTURES[1].format("92eb")),
            m.PicturesPicked,
            {"count": 2, "checksums": ("0cc1", "92eb")},
        )
        for name in ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
    ),
    (
        "pic_weixin",
        PICTURES[0].format(1, PICTURES[1].format("0cc1")),
        m.PicturesPicked,
        {"count": 1, "checksums": ("0cc1",)},
    ),
    ("pic_weixin", PICTURES[0].format(0, ""), m.PicturesPicked, {"count": 0, "checksums": ()}),
    (
        "location_select",
        PLACE,
        m.LocationPicked,
        {"latitude": 31.23, "longitude": 121.47, "scale": 15, "label": "南京东路", "poi_name": ""},
    ),
    (
        "TEMPLATESENDJOBFINISH",
        "<MsgID>3557254367693750277</MsgID><Status>failed:user block</Status>",
        m.TemplateSent,
        {"job_id": "3557254367693750277", "status": "failed:user block"},
    ),
    (
        "MASSSENDJOBFINISH",
        MASS + COPYRIGHT + ARTICLES,
        m.MassSent,
        {
            "job_id": "1000000338",
            "total_count": 296,
            "filter_count": 295,
            "sent_count": 294,
            "error_count": 1,
            "copyright_check_state": "0",
            "articles": (m.Article("1", "http://mp.weixin.qq.com/s/demo1"),),
        },
    ),
    (
        "MASSSENDJOBFINISH",
        MASS + "<CopyrightCheckResult>\n</CopyrightCheckResult><ArticleUrlResult> </ArticleUrlResult>",
        m.MassSent,
        {"articles": (), "copyright_check_state": ""},
    ),
    (
        "PUBLISHJOBFINISH",
        PUBLISHED,
        m.Published,
        {
            "publish_id": "2247503051",
            "publish_status": "0",
            "article_id": "b5O2",
            "articles": (m.Article("1", "http://mp.weixin.qq.com/s/demo2"),),
        },
    ),
    ("PUBLISHJOBFINISH", FAILED, m.Published, {"publish_status": "2", "articles": (), "failed": ("1", "2")}),
    (
        "subscribe_msg_popup_event",
        f"<SubscribeMsgPopupEvent>{ASKED.format('accept')}</SubscribeMsgPopupEvent>",
        m.NoticeAsked,
        {"items": (m.NoticeItem("tpl-A", status="accept", scene="1"),)},
    ),
    *(
        (
            "subscribe_msg_change_event",
            f"<{wrapper}>{ASKED.format('reject')}</{wrapper}>",
            m.NoticeRefused,
            {"items": (m.NoticeItem("tpl-A", status="reject", scene="1"),)},
        )
        for wrapper in ("SubscribeMsgChangeEvent", "SubscribeMsgPopupEvent")
    ),
    (
        "subscribe_msg_sent_event",
        NOTICE_SENT,
        m.NoticeSent,
        {"items": (m.NoticeItem("tpl-A", status="success", msg_id="17008", error_code="0"),)},
    ),
    *(
        (name, "<KfAccount>lily@demo</KfAccount>", m.AgentSession, {"agent": "lily@demo"})
        for name in ("kf_create_session", "kf_close_session")
    ),
    (
        "kf_switch_session",
        "<FromKfAccount>lily@demo</FromKfAccount><ToKfAccount>tom@demo</ToKfAccount>",
        m.AgentSwitched,
        {"from_agent": "lily@demo", "to_agent": "tom@demo"},
    ),
    (
        "user_get_card",
        CARD + "<IsGiveByFriend>0</IsGiveByFriend><OuterId>0</OuterId><OuterStr>spring</OuterStr><UnionId></UnionId>",
        m.CardTaken,
        {"card_id": "pFS7", "card_code": "2260", "is_given_by_friend": 0, "outer_str": "spring"},
    ),
    ("user_gifting_card", CARD + "<FriendUserName>o2</FriendUserName>", m.CardGiven, {"friend": "o2"}),
    ("user_consume_card", CARD + "<ConsumeSource>FROM_API</ConsumeSource>", m.CardRedeemed, {"source": "FROM_API"}),
    ("user_pay_from_pay_cell", CARD + "<Fee>990</Fee>", m.CardPaid, {"fee": 990}),
    ("update_member_card", CARD + "<ModifyBonus>-5</ModifyBonus>", m.MemberCardChanged, {"modify_bonus": -5}),
    ("card_sku_remind", "<CardId>c</CardId><Detail>low</Detail>", m.CardNotice, {"detail": "low"}),
    ("card_pay_order", "<OrderId>1</OrderId><PayCoinCount>3</PayCoinCount>", m.CardOrder, {"paid_coins": 3}),
    *(
        (name, CARD, m.CardEvent, {"card_id": "pFS7", "card_code": "2260"})
        for name in ("user_del_card", "user_view_card", "user_enter_session_from_card", "submit_membercard_user_info")
    ),
    ("card_pass_check", "<CardId>c</CardId>", m.CardNotice, {"refuse_reason": ""}),
    ("card_not_pass_check", "<CardId>c</CardId><RefuseReason>x</RefuseReason>", m.CardNotice, {"refuse_reason": "x"}),
    *(
        (name, "<ExpiredTime>1792000000</ExpiredTime>", m.VerificationNotice, {"expired_time": 1792000000})
        for name in ("qualification_verify_success", "naming_verify_success", "annual_renew", "verify_expired")
    ),
    *(
        (
            name,
            "<FailTime>1760000000</FailTime><FailReason>by time</FailReason>",
            m.VerificationFailed,
            {"fail_time": 1760000000, "fail_reason": "by time"},
        )
        for name in ("qualification_verify_fail", "naming_verify_fail")
    ),
    *(
        (
            name,
            "<OpenID>oX</OpenID><AppID>wx1</AppID><RevokeInfo>1</RevokeInfo>",
            m.PersonalDataNotice,
            {"person_openid": "oX", "app_id": "wx1", "revoke_info": "1"},
        )
        for name in ("user_info_modified", "user_authorization_revoke")
    ),
]
