"""The JSON API held against its own OpenAPI description, by Schemathesis.

Whatever is asked, in the form described or not, the answer is none of the server's own failures,
and has a status, a type and a form that the description names.
"""

from __future__ import annotations

import warnings
from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, seed, settings

from domain.users import Scope
from storage.search import index_pending
from tests.stored_press import DAY, NOW, as_one_story, put
from tests.web_house import REGISTER, SECRET, add_program, web_house, with_clock
from web.app import create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

KEY = "db_khoa-thu"
PATHS = (
    "/articles",
    "/articles/count",
    "/articles/{number}",
    "/export/articles.ndjson",
    "/stories/{number}",
    "/measure",
    "/agencies",
    "/outlets",
)
#: That a question in the form described may still be refused (no such agency) is no failure.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
_EXAMPLES = 40


@pytest.fixture(scope="module")
def description(tmp_path_factory):
    house = web_house(tmp_path_factory.mktemp("contract"))
    add_program(house, KEY, *Scope)
    numbers = [put(house, n, at=DAY + timedelta(minutes=n)) for n in range(5)]
    as_one_story(house, *numbers[:2])
    with house.engine.begin() as connection:
        index_pending(connection, limit=1_000)
    minutes = count()  # every question a minute later: none is asked too often
    house = with_clock(house, lambda: NOW + timedelta(minutes=next(minutes)))
    app = create_app(house, REGISTER, SECRET)
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


def test_every_question_of_the_description_is_tried_here(description):
    told = {operation.ok().path for operation in description.get_all_operations()}
    assert told == {f"/api/v1{path}" for path in PATHS}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", PATHS)
def test_answers_are_as_described(description, path, mode):
    answered: Counter[int] = Counter()
    operation = description[f"/api/v1{path}"]["get"]

    @seed(2026)
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        answer = case.call(headers={"Authorization": f"Bearer {KEY}"})
        case.validate_response(answer, checks=CHECKS)
        answered[answer.status_code] += 1

    ask()
    assert answered and 429 not in answered
