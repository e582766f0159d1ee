"""Signed links: for one purpose, for a time, and for nobody who changes a letter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from saas.errors import NotFound
from saas.security.links import LinkExpired, open_link, sign_link

WEEK = timedelta(days=7)


def test_what_was_signed_is_read(app: Flask) -> None:
    assert open_link("a", sign_link("a", "one", "", "t-w_o"), lasts=WEEK) == ("one", "", "t-w_o")
    with pytest.raises(ValueError, match="letters"):
        sign_link("a", "one.two")


def test_another_purpose_or_a_changed_letter_is_nobodys(app: Flask) -> None:
    token = sign_link("a", "one")
    for purpose, changed in (("b", token), ("a", "x" + token), ("a", token[:-2]), ("a", ""), ("a", "é\0")):
        with pytest.raises(NotFound):
            open_link(purpose, changed, lasts=WEEK)


def test_its_time_ends(app: Flask) -> None:
    with pytest.raises(LinkExpired):
        open_link("a", sign_link("a", "one"), lasts=timedelta(seconds=-1))
