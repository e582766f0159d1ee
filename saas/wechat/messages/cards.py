"""Cards and coupons of WeChat itself (docs/protocol.md, 4.4)."""

from __future__ import annotations

from saas.wechat.messages.acts import Event
from saas.wechat.messages.base import event, integer, text


@event("user_view_card", "user_enter_session_from_card", "submit_membercard_user_info", "user_del_card")
class CardEvent(Event):
    """Something happened to a fan's card."""

    card_id: str = text("CardId", default="")
    card_code: str = text("UserCardCode", default="")
    outer_str: str = text("OuterStr", default="")

    @property
    def identity(self) -> str:
        """The card and its code: two cards may move in one second."""
        return f"{self.card_id}:{self.card_code}" if self.card_id else ""


@event("user_get_card")
class CardTaken(CardEvent):
    """A card was taken, bought or received from a friend."""

    is_given_by_friend: int | None = integer("IsGiveByFriend", default=None)
    friend: str = text("FriendUserName", default="")
    old_card_code: str = text("OldUserCardCode", default="")
    outer_id: str = text("OuterId", default="")
    is_restored: int | None = integer("IsRestoreMemberCard", default=None)
    is_recommended: int | None = integer("IsRecommendByFriend", default=None)
    union_id: str = text("UnionId", default="")


@event("user_gifting_card")
class CardGiven(CardEvent):
    """A card was given away."""

    friend: str = text("FriendUserName", default="")
    is_returned: int | None = integer("IsReturnBack", default=None)
    is_chat_room: int | None = integer("IsChatRoom", default=None)


@event("user_consume_card")
class CardRedeemed(CardEvent):
    """A card was redeemed."""

    source: str = text("ConsumeSource", default="")
    place: str = text("LocationName", default="")
    staff_openid: str = text("StaffOpenId", default="")
    verify_code: str = text("VerifyCode", default="")
    remark_amount: str = text("RemarkAmount", default="")


@event("user_pay_from_pay_cell")
class CardPaid(CardEvent):
    """A bill was paid with a card."""

    transaction_id: str = text("TransId", default="")
    location_id: str = text("LocationId", default="")
    fee: int | None = integer("Fee", default=None)
    original_fee: int | None = integer("OriginalFee", default=None)


@event("update_member_card")
class MemberCardChanged(CardEvent):
    """Points or balance of a member card changed."""

    modify_bonus: int | None = integer("ModifyBonus", default=None)
    modify_balance: int | None = integer("ModifyBalance", default=None)


@event("card_pass_check", "card_not_pass_check", "card_sku_remind")
class CardNotice(CardEvent):
    """A card was approved, refused, or runs out of stock."""

    refuse_reason: str = text("RefuseReason", default="")
    detail: str = text("Detail", default="")


@event("card_pay_order")
class CardOrder(Event):
    """The account bought or spent card points."""

    order_id: str = text("OrderId", default="")
    status: str = text("Status", default="")
    created_order_time: int | None = integer("CreateOrderTime", default=None)
    paid_time: int | None = integer("PayFinishTime", default=None)
    description: str = text("Desc", default="")
    free_coins: int | None = integer("FreeCoinCount", default=None)
    paid_coins: int | None = integer("PayCoinCount", default=None)
    refunded_free_coins: int | None = integer("RefundFreeCoinCount", default=None)
    refunded_paid_coins: int | None = integer("RefundPayCoinCount", default=None)
    order_type: str = text("OrderType", default="")
    memo: str = text("Memo", default="")
    receipt_info: str = text("ReceiptInfo", default="")

    @property
    def identity(self) -> str:
        """The order and its state."""
        return f"{self.order_id}:{self.status}"
