from datetime import timedelta

import pytest
from django.utils import timezone
from knox.models import AuthToken

from stations.models import User
from tests.callers import Caller, caller

pytestmark = pytest.mark.django_db


def _user_of(program):
    assert program.get("stations/").status_code == 200
    return User.objects.get()


@pytest.mark.parametrize("token", ["x", "é" * 20, "0" * 64, "'; drop table"])
def test_an_unknown_token_is_refused(token):
    answer = Caller(token).get("stations/")
    assert answer.status_code == 401
    assert answer.json()["title"] == "Unauthorized"


def test_a_token_dies_with_its_user():
    program = caller()
    user = _user_of(program)
    user.is_active = False
    user.save()
    assert program.get("stations/").status_code == 401


def test_a_token_ends_with_the_access_of_its_user():
    program = caller()
    user = _user_of(program)
    user.valid_until = timezone.now() - timedelta(seconds=1)
    user.save()
    assert program.get("stations/").status_code == 401


def test_a_token_may_have_an_end_of_its_own():
    program = caller()
    AuthToken.objects.update(expiry=timezone.now())
    assert program.get("stations/").status_code == 401


def test_people_of_the_back_office_may_use_the_api_too():
    user = User.objects.create_superuser("staff")
    program = Caller()
    program.force_login(user, backend="stations.permissions.LimitedTimeBackend")
    assert program.get("stations/").status_code == 200
