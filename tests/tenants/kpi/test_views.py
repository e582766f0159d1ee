"""The pages of figures."""

from __future__ import annotations

import io

import openpyxl
import pytest

from saas.auth.roles import Role
from saas.db import db, new_id
from tenants.accounts.domain import Kind
from tests.factories.figures import followed, make_node, observe, said
from tests.factories.people import browser_of, make_member, make_tenant
from tests.tenants.kpi.conftest import Tree


@pytest.fixture
def busy(tree):
    """The brand with a few messages of March."""
    observe(
        [
            followed(tree.store, "a"),
            said(tree.store, "a"),
            followed(tree.store, "b", scene="corner"),
            said(tree.store, "b"),
        ]
    )
    db.session.commit()
    return tree


@pytest.fixture
def open_page(whole_app, tenant):
    """Opens a page of figures as somebody of the brand."""

    def get(account_id, path="", *, role=Role.BRAND_HQ, **query):
        browser = browser_of(whole_app, make_member(role, tenant=tenant))
        return browser.get(f"/t/{tenant.id}/a/{account_id}/figures{path}", query_string={"month": "2026-03", **query})

    return get


def test_the_month_shows_subtotals_coverage_and_the_finding(open_page, busy: Tree):
    page = open_page(busy.hq)
    assert page.status_code == 200, page.text
    assert "静安寺店" in page.text
    assert '<span class="coverage"' in page.text
    assert "is-subtotal" in page.text


def test_a_region_shows_what_is_below_it_alone(open_page, busy: Tree):
    page = open_page(busy.region)
    assert "静安寺店" in page.text
    assert f"/a/{busy.hq}/figures/days" not in page.text


@pytest.mark.parametrize(
    "query",
    [
        {"view": "flat"},
        {"sort": "-interactions"},
        {"cols": ["shares", "per_fan"]},
        {"month": "x"},
        {"metric": "followers_total"},
    ],
)
def test_every_form_of_the_address_is_a_page(open_page, busy: Tree, query):
    assert open_page(busy.hq, **query).status_code == 200


def test_sorting_keeps_groups_below_their_subtotal(open_page, busy: Tree):
    text = open_page(busy.region, sort="-followers_total").text
    assert text.index("新天地店") > text.index("大学路店")


def test_the_days_of_an_account(open_page, busy: Tree):
    page = open_page(busy.store, "/days")
    assert page.status_code == 200, page.text
    assert "2026-03-10" in page.text


@pytest.mark.parametrize("prefix", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"])
def test_names_that_look_like_formulas_are_exported_as_words(open_page, busy: Tree, prefix):
    make_node(f"{prefix} 店", Kind.STORE, busy.hq)
    db.session.commit()
    assert f"'{prefix} 店" in open_page(busy.hq, "/export.csv").get_data().decode("utf-8-sig").replace('"', "")
    sheet = openpyxl.load_workbook(io.BytesIO(open_page(busy.hq, "/export.xlsx").data)).active
    (cell,) = [
        row[0] for row in sheet.iter_rows() if str(row[0].value).endswith("店") and prefix.strip() in str(row[0].value)
    ]
    assert cell.data_type == "s"


def test_the_export_holds_the_figures(open_page, busy: Tree):
    text = open_page(busy.hq, "/export.csv", cols=["interactions"]).get_data().decode("utf-8-sig")
    assert "云岫咖啡,总部（含下级）,4/5,2" in text
    assert "静安寺店,门店,,1" in text


@pytest.mark.parametrize("path", ["", "/days", "/export.csv", "/export.xlsx"])
def test_refused_foreign_and_missing(open_page, busy: Tree, whole_app, tenant, path):
    assert open_page(busy.hq, path, role=Role.INBOX_AGENT).status_code == 404  # granted nothing: it isn't there
    assert open_page(new_id(), path).status_code == 404
    stranger = browser_of(whole_app, make_member(Role.BRAND_HQ, tenant=make_tenant()))
    assert stranger.get(f"/t/{tenant.id}/a/{busy.hq}/figures{path}").status_code == 404
