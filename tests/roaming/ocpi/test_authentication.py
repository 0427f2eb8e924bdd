import base64

import pytest

from roaming.domain.words import PartnerState, TokenEncoding
from roaming.ocpi.authentication import authenticate, presented_tokens
from roaming.ocpi.envelope import Refusal
from tests import factories
from tests.roaming.scenes import TOKEN, registered


def coded(token: str) -> str:
    return f"Token {base64.b64encode(token.encode()).decode()}"


RAW = f"Token {TOKEN}"
CODED = coded(TOKEN)
WITH_NEWLINE = coded(f"{TOKEN}\n")


@pytest.mark.django_db
@pytest.mark.parametrize("header", [RAW, CODED, WITH_NEWLINE, f"token  {TOKEN} "])
def test_auto_takes_the_token_raw_and_in_base64(header):
    partner = registered(factories.operator())
    assert authenticate(header).partner == partner


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("encoding", "good", "bad"),
    [(TokenEncoding.BASE64, CODED, RAW), (TokenEncoding.RAW, RAW, CODED)],
)
def test_a_fixed_encoding_takes_no_other(encoding, good, bad):
    partner = registered(factories.operator(), token_encoding=encoding)
    assert authenticate(good).partner == partner
    with pytest.raises(Refusal):
        authenticate(bad)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["", "Token", "Token ", "Bearer x", "Token nobody", f"Token {'x' * 500}", "Token é"]
)
def test_other_tokens_are_refused(header):
    registered(factories.operator())
    with pytest.raises(Refusal) as refused:
        authenticate(header)
    assert refused.value.http_status == 401


@pytest.mark.django_db
def test_a_suspended_partner_is_refused():
    registered(factories.operator(), state=PartnerState.SUSPENDED)
    with pytest.raises(Refusal):
        authenticate(RAW)


def test_a_header_means_at_most_two_texts():
    assert set(presented_tokens(CODED)) == {CODED.removeprefix("Token "), TOKEN}
