from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stations.models import Membership, User
from tests import factories
from tests.callers import Caller

pytestmark = pytest.mark.django_db


def _token(*arguments):
    out, err = StringIO(), StringIO()
    call_command("create_api_token", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_prints_a_token_that_opens_the_api_and_nothing_else():
    out, err = _token("sensor")
    assert len(out.split()) == 1
    assert err == ""
    assert Caller(out.strip()).get("stations/").status_code == 200
    user = User.objects.get(username="sensor")
    assert user.sees_all_operators
    assert not user.has_usable_password()


def test_operators_limit_a_token():
    operator = factories.operator(country_code="BE", party_id="ABC")
    factories.operator()
    out, _ = _token("erp", "--operator", "BE*ABC")
    assert [row["id"] for row in Caller(out.strip()).get("operators/").json()["results"]] == [
        operator.pk
    ]


def test_a_limited_group_without_operators_is_warned_about():
    _, err = _token("sensor", "--group", "Parking sensor")
    assert "--operator" in err


def test_an_integrator_gets_another_token_only_with_the_same_rights():
    operator = factories.operator(country_code="BE", party_id="ABC")
    tokens = {_token("erp", "--operator", "BEABC")[0] for _ in range(2)}
    assert len(tokens) == 2
    assert Membership.objects.get().operator == operator
    with pytest.raises(CommandError, match="other rights"):
        _token("erp")


def test_people_are_no_programs():
    User.objects.create_user("ann", password="a long password")
    with pytest.raises(CommandError, match="Choose another name"):
        _token("ann")


@pytest.mark.parametrize(
    "arguments", [("erp", "--operator", "XX*XXX"), ("erp", "--operator", ""), ("e", "--group", "x")]
)
def test_what_is_not_there_is_said(arguments):
    with pytest.raises(CommandError):
        _token(*arguments)
