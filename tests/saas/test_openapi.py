"""The API's description, tried: no fault, every error is problem+json, every answer as described."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, Case, CheckContext, Response
from schemathesis.checks import content_type_conformance, not_a_server_error, response_schema_conformance

from tests.factories.people import Member
from tests.isolation.world import Place, World, make_world

PROBLEM = "application/problem+json"
# WeChat itself is asked there: tried in tests/saas/wechat and tests/tenants/accounts, not with random input.
OUTWARD = "/check"


def every_error_is_a_problem(ctx: CheckContext, response: Response, case: Case) -> None:
    kind = response.headers["content-type"][0]
    assert response.status_code < 400 or kind == PROBLEM, f"{response.status_code} as {kind}"


CHECKS = [not_a_server_error, every_error_is_a_problem, response_schema_conformance, content_type_conformance]


@pytest.fixture(scope="module")
def world(whole_app: Flask) -> Iterator[World]:
    with whole_app.app_context():
        yield make_world()


@pytest.fixture
def headquarters(world: World) -> Member:
    return next(actor.member for actor in world.actors if actor.name == "headquarters" and actor.member)


@pytest.mark.timeout(400)
def test_the_api_keeps_its_word(whole_app: Flask, world: World, headquarters: Member) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", whole_app)
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        if not operation.path.endswith(OUTWARD):
            tried(operation, world.places["own store"], headquarters)


def tried(operation: APIOperation, place: Place, member: Member) -> None:
    ids = {"tenant_id": place.tenant_id, "account_id": place.account_id, **place.ids}

    @given(case=operation.as_strategy())
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    def answer_holds(case: Case) -> None:
        for name in case.path_parameters or {}:
            case.path_parameters[name] = str(ids[name])
        case.validate_response(case.call(headers=member.bearer), checks=CHECKS)

    answer_holds()


def test_without_a_token_the_answer_is_a_problem_too(app: Flask) -> None:
    paths = app.extensions["openapi"].to_dict()["paths"]
    client = app.test_client()
    for path in paths:
        answer = client.get(path.replace("{", "").replace("}", ""))
        assert answer.status_code in (401, 404, 405)
        assert answer.content_type == PROBLEM
