from io import StringIO

import pytest
from django.core.management import call_command

from stations.models import Account, Location, Operator, User

pytestmark = pytest.mark.django_db


def _start():
    out = StringIO()
    call_command("first_start", stdout=out)
    lines = out.getvalue().splitlines()
    return dict(line.split(maxsplit=1) for line in lines)


@pytest.fixture(autouse=True)
def _no_password(monkeypatch):
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)


def test_a_fresh_installation_gets_an_operator_and_an_administrator():
    said = _start()
    operator = Operator.objects.get()
    assert (operator.party, operator.is_default) == ("NLCHD", True)
    assert (operator.unknown_stations, operator.out_of_order_makes_unavailable) == ("hold", False)
    assert Account.objects.get().operator == operator
    assert Location.objects.get().is_published is False
    assert said["URL"].endswith("/admin/")
    assert User.objects.get(username=said["User"]).check_password(said["Password"])


def test_the_password_is_shown_once_and_nothing_is_made_twice():
    password = _start()["Password"]
    assert password not in str(_start())
    assert (Operator.objects.count(), Location.objects.count(), User.objects.count()) == (1, 1, 1)
    assert User.objects.get().check_password(password)


def test_a_password_of_the_environment_is_set_and_not_shown(monkeypatch):
    _start()
    monkeypatch.setenv("ADMIN_PASSWORD", "chosen by me")
    assert "chosen by me" not in str(_start())
    assert User.objects.get().check_password("chosen by me")


def test_another_administrator_is_left_alone():
    User.objects.create_superuser("ann", password="a long password")
    _start()
    assert User.objects.get().username == "ann"
