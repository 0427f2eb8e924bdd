from io import StringIO

import pytest
from django.core.management import call_command

from tests.callers import Caller

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_made_without_warnings():
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "openapi: 3.1.0" in out.getvalue()
    assert "/api/v1/stations/{identity}/commands/" in out.getvalue()
    assert "application/problem+json" in out.getvalue()


def test_schema_and_docs_are_served_to_anybody():
    assert Caller().get("/api/schema/").status_code == 200
    docs = Caller().get("/api/docs/")
    assert docs.status_code == 200
    assert b"swagger" in docs.content


def test_an_unknown_address_is_a_problem_with_a_hint():
    answer = Caller().get("/api/v1/stations")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert "slash" in answer.json()["detail"]
