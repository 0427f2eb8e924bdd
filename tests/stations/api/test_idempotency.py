from datetime import timedelta

import pytest
from django.utils import timezone

from stations.models import IdempotencyKey, Location
from tests import factories
from tests.callers import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return factories.operator(is_default=True)


def _post(program, body, key="k1", path="locations/"):
    return program.post(path, body, headers={"Idempotency-Key": key})


def test_a_repeat_gets_the_first_answer_and_does_nothing(operator):
    program = caller()
    first, again = (_post(program, {"name": "Depot"}) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Location.objects.count() == 1


def test_another_body_or_address_with_the_key_is_refused(operator):
    program = caller()
    _post(program, {"name": "Depot"})
    assert _post(program, {"name": "Other"}).status_code == 422
    assert _post(program, {"name": "Depot"}, path="accounts/").status_code == 422


def test_keys_of_users_are_their_own(operator):
    bodies = [_post(caller(), {"name": "Depot"}).json() for _ in range(2)]
    assert bodies[0]["id"] != bodies[1]["id"]


def test_an_error_is_an_answer_too(operator):
    program = caller()
    first, again = (_post(program, {"nam": "Depot"}) for _ in range(2))
    assert first.status_code == again.status_code == 400
    assert first.json() == again.json()
    assert again["Content-Type"] == "application/problem+json"


def test_without_the_key_each_post_counts(operator):
    program = caller()
    assert [program.post("locations/", {"name": "Depot"}).json()["slug"] for _ in range(2)] == [
        "depot",
        "depot-2",
    ]


def test_a_request_that_has_not_ended_is_a_conflict(operator):
    program = caller()
    _post(program, {"name": "Depot"})
    IdempotencyKey.objects.update(status_code=None)
    answer = _post(program, {"name": "Depot"})
    assert answer.status_code == 409
    assert "has not ended" in answer.json()["detail"]


def test_a_key_is_forgotten_after_a_day(operator):
    program = caller()
    _post(program, {"name": "Depot"})
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert _post(program, {"name": "Other"}).status_code == 201


def test_a_failure_of_the_server_frees_the_key(operator, monkeypatch):
    program = caller()
    program.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("stations.api.locations.free_slug", lambda name: 1 / 0)
        assert _post(program, {"name": "Depot"}).status_code == 500
    assert _post(program, {"name": "Depot"}).status_code == 201


def test_the_stored_answer_cannot_be_read_in_the_database(operator):
    _post(caller(), {"name": "Depot"})
    assert "Depot" not in IdempotencyKey.objects.get().answer


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
def test_a_key_that_is_no_key_is_refused(operator, key):
    assert _post(caller(), {"name": "Depot"}, key=key).status_code == 400
