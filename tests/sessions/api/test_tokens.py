import pytest

from sessions.models import Token
from stations.domain.roles import IntegratorGroup
from tests import api_rows, factories
from tests.callers import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return factories.operator(is_default=True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "uid"),
        ({"uid": " : "}, "uid"),
        ({"uid": "known-1"}, "uid"),
        ({"uid": "x" * 37}, "uid"),
        ({"uid": "A", "type": "card"}, "type"),
        ({"uid": "A", "status": "lost"}, "status"),
        ({"uid": "A", "account": 999}, "account"),
        (
            {
                "uid": "A",
                "valid_from": "2026-02-01T00:00Z",
                "valid_to": "2026-01-01T00:00Z",
            },
            "valid_to",
        ),
    ],
)
def test_a_bad_token_is_refused_by_field(operator, body, field):
    api_rows.token(operator, "KNOWN1")
    answer = caller().post("tokens/", body)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]


def test_a_token_is_made_and_found_in_any_writing(operator):
    program = caller()
    answer = program.post("tokens/", {"uid": "04:a1:b2:c3"})
    assert answer.status_code == 201, answer.content
    assert (answer.json()["type"], answer.json()["status"]) == ("rfid", "valid")
    assert Token.objects.get().key == "04A1B2C3"
    assert len(program.get("tokens/?uid=04A1B2C3").json()["results"]) == 1


def test_a_token_is_blocked_and_given_another_uid(operator):
    token = api_rows.token(operator)
    body = caller().patch(f"tokens/{token.pk}/", {"status": "blocked", "uid": "aa11"}).json()
    token.refresh_from_db()
    assert (body["status"], token.key) == ("blocked", "AA11")


def test_who_only_reads_sees_no_token_in_full(operator):
    token = api_rows.token(operator, "04A1B2C3")
    assert caller().get(f"tokens/{token.pk}/").json()["uid"] == "04A1B2C3"
    reader = caller(IntegratorGroup.READ_ONLY, operator)
    assert reader.get(f"tokens/{token.pk}/").json()["uid"] == "••••B2C3"


def test_the_account_of_another_operator_does_not_fit(operator):
    account = factories.account(operator=factories.operator())
    body = {"uid": "A1", "operator": operator.pk, "account": account.pk}
    assert list(caller().post("tokens/", body).json()["errors"]) == ["account"]


def test_a_token_that_was_used_is_not_deleted(operator):
    token = api_rows.token(operator)
    factories.session(factories.station(operator=operator), token=token)
    assert caller().delete(f"tokens/{token.pk}/").status_code == 409
