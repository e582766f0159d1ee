"""One account's effects, sent."""

from __future__ import annotations


def test_a_text_goes_out_once(sender, tenant, credentials, phone, fans, planned, states):
    phone.write(fans[0])
    planned(fans[0], "您好，我们九点开门")
    assert states() == ["planned"]
    assert sender.drain(tenant, credentials.account_id) == 1
    assert states() == ["done"]
    assert sender.drain(tenant, credentials.account_id) == 0
    assert [line["content"] for line in phone.got(fans[0])] == ["您好，我们九点开门"]
