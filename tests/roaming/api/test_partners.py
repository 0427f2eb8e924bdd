import pytest

from roaming.models import Partner
from tests import factories
from tests.callers import caller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def operator():
    return factories.operator(is_default=True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "P", "protocol": "oicp"}, "protocol"),
        ({"name": "P", "protocol": "soap"}, "protocol"),
        ({"name": "P", "versions_url": "https://example.com/versions"}, "token_a"),
        ({"name": "P", "versions_url": "no url", "token_a": "t"}, "versions_url"),
    ],
)
def test_a_bad_partner_is_refused_by_field(body, field):
    answer = caller().post("partners/", body)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]


def test_without_a_url_a_partner_is_invited_to_ours():
    program = caller()
    answer = program.post("partners/", {"name": "Roamer"})
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["versions_url"].endswith("/ocpi/versions")
    assert body["token_a"]
    shown = program.get(f"partners/{body['id']}/").json()
    assert shown["state"] == "pending"
    assert body["token_a"] not in str(shown)


def test_a_handshake_that_fails_is_a_bad_gateway_and_may_be_repeated():
    program = caller()
    body = {"name": "Roamer", "versions_url": "http://127.0.0.1:1/versions", "token_a": "t"}
    answers = [program.post("partners/", body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [502, 502]
    assert "pending" in answers[0].json()["detail"]
    assert Partner.objects.get().last_error
