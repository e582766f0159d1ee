"""One account's effects: sent, refused, cut in flight, and killed between any two steps."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from saas.tenancy.scope import enter, system_scope
from saas.wechat.errors import WeChatError
from saas.wechat.outbox import calling, claims, sending
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.ports import no_client
from saas.wechat.quota import fans as ledger
from saas.wechat.quota.accounts import BEIJING
from tests.factories.queries import count_queries


@pytest.fixture
def left(tenant, credentials):
    """How many more messages may go to a fan."""

    def read(openid):
        with enter(system_scope(tenant)):
            return ledger.of_fan(credentials.account_id, openid).left

    return read


def words_of(phone, openid):
    return [message["content"] for message in phone.got(openid)]


def test_a_text_goes_out_once(drain, phone, fans, planned, states, left):
    phone.write(fans[0])
    planned(fans[0], "您好，我们九点开门")
    assert states() == ["planned"]
    assert (drain(), states(), drain()) == (1, ["done"], 0)
    assert words_of(phone, fans[0]) == ["您好，我们九点开门"]
    assert left(fans[0]) == 4


def test_messages_of_one_fan_keep_their_order(drain, phone, fans, planned, change, states):
    phone.write(fans[0])
    planned(fans[0], "一")
    change("due_at = now() + interval '1 hour'")
    planned(fans[0], "二")
    assert (drain(), states()) == (0, ["planned", "planned"])
    change("due_at = now()")
    assert drain() == 2
    assert words_of(phone, fans[0]) == ["一", "二"]


def test_another_fan_is_not_held_up(drain, phone, fans, planned, change, states):
    for openid in fans[:2]:
        phone.write(openid)
    planned(fans[0], "一")
    change("due_at = now() + interval '1 hour'")
    planned(fans[1], "二")
    assert (drain(), states()) == (1, ["planned", "done"])


def test_what_the_ledger_no_longer_allows_is_not_sent(
    drain, phone, fans, planned, states, effects, tenant, credentials
):
    phone.write(fans[0])
    planned(fans[0])
    with enter(system_scope(tenant)):
        ledger.forget(credentials.account_id, fans[0])
        sending.db.session.commit()
    assert (drain(), states()) == (1, ["refused"])
    assert effects()[0].reason == "allowance"
    assert phone.got(fans[0]) == []


def test_wechats_no_ends_the_allowance(drain, phone, fans, planned, effects, left):
    phone.allow(fans[0])  # ours alone: WeChat knows of no act
    planned(fans[0])
    assert drain() == 1
    (row,) = effects()
    assert (row.state, row.reason, row.errcode, row.spent) == ("refused", "answer", 45015, None)
    assert left(fans[0]) == 0


def test_an_act_after_the_call_is_not_ended_by_it(drain, phone, fans, planned, left, sender, monkeypatch):
    phone.allow(fans[0])
    planned(fans[0])
    call = calling._call
    monkeypatch.setattr(calling, "_call", lambda *values: (call(*values), phone.allow(fans[0]))[0])
    drain()
    assert left(fans[0]) == 5


@pytest.mark.parametrize("errcode", [45011, 61005])
def test_a_no_for_the_moment_is_tried_again_later(drain, phone, fans, planned, fault, change, effects, left, errcode):
    phone.write(fans[0])
    planned(fans[0])
    fault(errcodes={"/cgi-bin/message/custom/send": errcode})
    assert drain() == 1
    (row,) = effects()
    assert (row.state, row.errcode, row.unclear_since, row.spent) == ("planned", errcode, None, None)
    assert left(fans[0]) == 4  # five again, of which one waits
    fault(errcodes={})
    change("due_at = now()")
    assert drain() == 1
    assert len(phone.got(fans[0])) == 1


def test_a_busy_wechat_is_not_asked_again_for_what_it_would_not_recognise(drain, phone, fans, planned, fault, effects):
    phone.write(fans[0])
    planned(fans[0])
    fault(errcodes={"/cgi-bin/message/custom/send": -1})
    assert drain() == 1
    assert (effects()[0].state, effects()[0].errcode, drain()) == ("unknown", -1, 0)


def test_a_wechat_too_busy_for_a_token_leaves_the_message_for_later(
    drain, phone, fans, planned, fault, change, effects, monkeypatch
):
    monkeypatch.setattr("saas.wechat.guard.time.sleep", lambda _: None)
    phone.write(fans[0])
    planned(fans[0])
    fault(errcodes={"/cgi-bin/stable_token": -1})
    assert drain() == 1
    (row,) = effects()
    assert (row.state, row.errcode, row.unclear_since, row.spent) == ("planned", -1, None, None)
    fault(errcodes={})
    change("due_at = now()")
    assert drain() == 1
    assert len(phone.got(fans[0])) == 1


def test_after_the_days_last_call_it_waits_for_the_next_day_of_beijing():
    claimed = datetime(2026, 8, 14, 15, 0, tzinfo=UTC)
    row = OutboxRow(created_at=claimed - timedelta(days=1), claimed_at=claimed)
    assert claims.until_tomorrow(row) == timedelta(hours=1) + claims.MARGIN


def test_a_day_that_is_over_leaves_the_message_for_the_next(drain, phone, fans, planned, fault, effects, left):
    phone.write(fans[0])
    planned(fans[0])
    fault(errcodes={"/cgi-bin/message/custom/send": 45009})
    assert drain() == 1
    (row,) = effects()
    assert (row.state, row.errcode, row.unclear_since, row.spent) == ("planned", 45009, None, None)
    there = row.due_at.astimezone(BEIJING)
    assert (there.date() - row.claimed_at.astimezone(BEIJING).date(), there.hour) == (timedelta(days=1), 0)
    assert left(fans[0]) == 4  # five again, of which one waits


def test_a_turn_ends_with_a_call_that_was_not_answered(drain, phone, fans, planned, fault, states, client_out, sender):
    phone.write(fans[0])
    phone.write(fans[1])
    for openid in fans[:2]:
        planned(openid)
    client_out._tokens.current(client_out._fetch)
    client_out._api.timeout = 0.3
    fault(answer_delay=1.0)
    assert (drain(), states()) == (1, ["unknown", "planned"])
    assert sender.unanswered == {client_out._credentials.account_id}
    fault(answer_delay=0)
    assert (drain(), states(), sender.unanswered) == (1, ["unknown", "done"], set())


def test_a_turn_ends_when_its_time_is_over_or_the_process_shall_stop(
    sender, tenant, credentials, phone, fans, planned, states, monkeypatch
):
    phone.write(fans[0])
    for words in ("一", "二"):
        planned(fans[0], words)
    over = threading.Event()
    over.set()
    assert sender.drain(tenant, credentials.account_id, stop=over) == 0
    moments = iter([0.0, 0.0, sending.TURN_SECONDS])
    with monkeypatch.context() as patch:
        patch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: next(moments, sending.TURN_SECONDS)))
        assert sender.drain(tenant, credentials.account_id) == 1
    assert states() == ["done", "planned"]


def test_a_call_cut_in_flight_is_unknown_and_stays_so(drain, phone, fans, planned, fault, states, left, client_out):
    list(client_out.iter_followers())  # has a token
    client_out._api.timeout = (5, 0.3)
    phone.write(fans[0])
    planned(fans[0])
    fault(answer_delay=5)
    assert (drain(), states()) == (1, ["unknown"])
    fault(answer_delay=0)
    assert (drain(), states()) == (0, ["unknown"])
    assert left(fans[0]) == 4


def test_a_call_that_never_left_is_made_later(drain, phone, fans, planned, client_out, effects, monkeypatch):
    phone.write(fans[0])
    planned(fans[0])

    def refuse(*_, **__):
        raise WeChatError(None, "ConnectTimeout")

    with monkeypatch.context() as patch:
        patch.setattr(client_out, "send", refuse)
        assert drain() == 1
    assert (effects()[0].state, effects()[0].unclear_since) == ("planned", None)


def test_two_senders_at_once_send_each_effect_once(app, sender, tenant, credentials, phone, fans, planned, states):
    for openid in fans:
        phone.write(openid)
    for number in range(4):
        for openid in fans:
            planned(openid, str(number))

    def work():
        with app.app_context():
            while sender.drain(tenant, credentials.account_id):
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states() == ["done"] * 12
    assert [words_of(phone, openid) for openid in fans] == [["0", "1", "2", "3"]] * 3


def test_another_brands_effects_stay_untouched(
    drain, sender, phone, fans, planned, states, make_other_tenant, credentials
):
    phone.write(fans[0])
    planned(fans[0])
    assert sender.drain(make_other_tenant(), credentials.account_id) == 0
    assert states() == ["planned"]


def test_too_old_to_be_of_use_is_refused(drain, phone, fans, planned, change, effects):
    phone.write(fans[0])
    planned(fans[0])
    change("created_at = now() - interval '3 days'")
    drain()
    assert (effects()[0].state, effects()[0].reason) == ("refused", "late")


def test_a_fault_of_ours_refuses_and_is_logged_without_words(drain, phone, fans, planned, change, effects, capsys):
    phone.write(fans[0])
    planned(fans[0], "秘密的话")
    change("payload = jsonb_set(payload, '{message,type}', '\"nonsense\"')")
    drain()
    assert (effects()[0].state, effects()[0].reason) == ("refused", "fault")
    assert "秘密" not in capsys.readouterr().out


def test_a_disconnected_account_can_send_nothing(drain, sender, tenant, credentials, phone, fans, planned, effects):

    phone.write(fans[0])
    planned(fans[0])
    replace(sender, caller=replace(sender.caller, client_of=no_client)).drain(tenant, credentials.account_id)
    assert (effects()[0].state, effects()[0].reason) == ("refused", "unsendable")


def test_the_statements_of_one_message_are_counted(drain, phone, fans, planned):
    phone.write(fans[0])
    for _ in range(2):  # the first also fetches the token
        planned(fans[0])
        with count_queries() as queries:
            drain()
    assert len(queries) <= 17
