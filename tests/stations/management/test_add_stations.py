from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stations.models import Station
from stations.services.credentials import is_password
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def operator():
    return factories.operator(country_code="BE", party_id="ABC", is_default=True)


@pytest.fixture
def add(tmp_path):
    def run(text, **options):
        path = tmp_path / "stations.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        out = StringIO()
        call_command("add_stations", str(path), stdout=out)
        return out.getvalue()

    return run


def test_identities_alone_are_enough(operator, add):
    assert "2 stations" in add("identity\nCS1\nCS2\n")
    station = Station.objects.get(identity="CS2")
    assert (station.operator, station.registration, station.setup_state) == (
        operator,
        "Accepted",
        "SETUP",
    )


def test_all_columns_in_any_order(operator, add):
    other = factories.operator(country_code="DE", party_id="XYZ")
    location = factories.location(operator=other, name="Depot North", slug="north")
    add(
        "\ufeffModel,vendor,location,operator,serial_number,identity,password,setup_state\r\n"
        f"M,V,Depot North,DE*XYZ,S1,CS1,{PASSWORD},ACTIVE\r\n"
        '"M, big",V,north,dexyz,S2,CS2,,\r\n'
    )
    first, second = Station.objects.order_by("identity")
    assert first.location == second.location == location
    assert (second.operator, second.model, second.has_password) == (other, "M, big", False)
    assert is_password(bytes.fromhex(PASSWORD), first.password_digest)
    assert first.setup_state == "ACTIVE"
    assert first.history.count() == 1


def test_bad_rows_are_reported_by_line_and_nothing_is_done(operator, add):
    factories.station(identity="OLD", operator=operator)
    factories.location(operator=operator, name="Twin", slug="a")
    factories.location(operator=operator, name="Twin", slug="b")
    rows = [
        "identity,operator,location,password,setup_state,vendor",
        "GOOD,,,,,",
        "OLD,,,,,",
        "no good,,,,,",
        "GOOD,,,,,",
        "A,XX*XXX,,,,",
        "B,,Nowhere,,,",
        "C,,Twin,,,",
        "D,,,short,,",
        "E,,,,DONE,",
        f"F,,,,,{'v' * 256}",
    ]
    with pytest.raises(CommandError) as refused:
        add("\n".join(rows))
    lines = str(refused.value).splitlines()
    assert lines[0] == "No station was added."
    assert [line.split(":")[0] for line in lines[1:]] == [f"line {n}" for n in range(3, 12)]
    assert Station.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "serial_number\nS1\n",
        "identity,colour\nCS1,red\n",
        "identity,identity\nCS1,CS1\n",
        "identity\nCS1,too much\n",
        b"identity\n\xff\n",
    ],
)
def test_a_file_that_cannot_be_read_adds_nothing(operator, add, text):
    with pytest.raises(CommandError):
        add(text)
    assert not Station.objects.exists()


def test_a_file_that_is_not_there_is_said():
    with pytest.raises(CommandError, match="No such file"):
        call_command("add_stations", "/nowhere.csv")


def test_standard_input_is_a_file_too(operator, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("identity\nCS1\n"))
    call_command("add_stations", "-", stdout=StringIO())
    assert Station.objects.get().identity == "CS1"


def test_a_long_file_takes_few_queries(operator, add, django_assert_max_num_queries):
    with django_assert_max_num_queries(150):
        add("identity\n" + "\n".join(f"CS{number}" for number in range(2000)))
    assert Station.objects.count() == 2000
