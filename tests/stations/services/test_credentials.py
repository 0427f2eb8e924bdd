"""Passwords of stations: compared in every form, kept in none that can be read."""

import pytest

from stations.services.credentials import digest, is_password, new_password, set_password
from tests import factories

KEY = bytes(range(200, 220))


@pytest.mark.parametrize("form", [KEY, KEY.hex().encode(), KEY.hex().upper().encode()])
def test_key_is_the_same_raw_and_as_hex(form):
    assert is_password(form, digest(KEY))
    assert is_password(KEY, digest(form))


@pytest.mark.parametrize("other", [b"", KEY[:-1], KEY + b"0", b"x" * 20])
def test_other_key_is_another(other):
    assert not is_password(other, digest(KEY))


def test_no_digest_lets_nobody_in():
    assert not is_password(b"", "", "")


def test_next_password_counts_beside_the_present_one():
    assert is_password(b"next" * 5, digest(KEY), digest(b"next" * 5))


@pytest.mark.parametrize("text", ["ab" * 15, "ab" * 21, "g" * 40])
def test_text_that_is_no_key_stays_text(text):
    assert digest(text.encode()) != digest(text.upper().encode())


def test_digest_tells_nothing_of_the_password():
    assert KEY.hex() not in digest(KEY)
    assert len(digest(KEY)) == 64


def test_new_password_fits_both_versions():
    password = new_password()
    assert len(bytes.fromhex(password)) == 20
    assert password != new_password()


@pytest.mark.django_db
class TestSetPassword:
    def test_password_is_in_force(self):
        station = factories.station(next_password_digest="pending")
        set_password(station, "0123456789abcdefXYZ")
        station.refresh_from_db()
        assert is_password(b"0123456789abcdefXYZ", station.password_digest)
        assert (station.has_password, station.next_password_digest) == (True, "")

    def test_empty_one_takes_it_away(self):
        station = factories.station(password_digest="some")
        set_password(station, "")
        station.refresh_from_db()
        assert not station.has_password

    @pytest.mark.parametrize("length", [15, 65])
    def test_length_that_no_version_allows(self, length):
        with pytest.raises(ValueError, match=f"{length} characters, expected 16 to 64"):
            set_password(factories.station(), "x" * length)
