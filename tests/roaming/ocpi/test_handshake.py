import pytest

from roaming.domain.words import PartnerState
from roaming.models import Partner
from roaming.ocpi.handshake import HandshakeError, register_with, unregister_from
from roaming.services.registration import invite_partner
from roaming.services.tokens import outbound_token
from tests import factories
from tests.roaming.scenes import place, point

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _public_url(settings, live_server):
    settings.PUBLIC_URL = live_server.url


def invited(ocpi_partner, live_server):
    """Return our side of an invitation and what came of the partner's registration."""
    invitation = invite_partner("Partner mobility", factories.operator())
    versions_url = f"{live_server.url}/ocpi/versions"
    return invitation, ocpi_partner.register_at(versions_url, invitation.token)


def test_we_register_with_a_partner(ocpi_partner):
    operator = factories.operator()
    partner = register_with("Mobility", ocpi_partner.versions_url, ocpi_partner.token_a, operator)
    partner.refresh_from_db()
    assert (partner.state, partner.version) == (PartnerState.REGISTERED, "2.2.1")
    assert (partner.country_code, partner.party_id) == ("DE", "EMP")
    assert {outbound_token(partner)} == ocpi_partner.tokens
    assert ocpi_partner.token_a not in partner.outbound_secret


def test_a_partner_that_we_registered_with_can_pull(ocpi_partner):
    operator = factories.operator()
    point(place(name="Square", operator=operator))
    register_with("Mobility", ocpi_partner.versions_url, ocpi_partner.token_a, operator)
    reply = ocpi_partner.ask("GET", ocpi_partner.our_endpoint("locations"))
    assert [row["name"] for row in reply.data] == ["Square"]


def test_a_partner_registers_with_us(ocpi_partner, live_server):
    invitation, reply = invited(ocpi_partner, live_server)
    assert (reply.status, reply.code) == (200, 1000)
    partner = Partner.objects.get(pk=invitation.partner.pk)
    assert partner.state == PartnerState.REGISTERED
    assert {outbound_token(partner)} == ocpi_partner.tokens
    assert [each["identifier"] for each in partner.endpoints] == [
        "credentials",
        "locations",
        "tokens",
    ]


def test_the_registration_token_dies_with_the_registration(ocpi_partner, live_server):
    invitation, _ = invited(ocpi_partner, live_server)
    versions_url = f"{live_server.url}/ocpi/versions"
    assert ocpi_partner.ask("GET", versions_url, token=invitation.token).status == 401
    assert ocpi_partner.ask("GET", versions_url).status == 200


def test_a_second_registration_is_not_allowed(ocpi_partner, live_server):
    invited(ocpi_partner, live_server)
    url = ocpi_partner.our_endpoint("credentials")
    assert ocpi_partner.ask("POST", url, ocpi_partner.credentials("token-b")).status == 405


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_who_is_not_registered_can_neither_renew_nor_leave(ocpi_partner, live_server, method):
    token = invite_partner("Partner", factories.operator()).token
    url = f"{live_server.url}/ocpi/2.2.1/credentials"
    body = ocpi_partner.credentials("token-b")
    assert ocpi_partner.ask(method, url, body, token=token).status == 405


@pytest.mark.parametrize(
    ("behaviour", "value", "code"),
    [
        ("fails_with", 500, 3001),
        ("says_html", True, 3001),
        ("redirects_to", "http://elsewhere.example/", 3001),
        ("versions", ["2.1.1"], 3002),
        ("modules", [("credentials", "SENDER")], 3003),
    ],
)
def test_what_is_wrong_with_a_partner_is_told_and_it_may_try_again(
    ocpi_partner, live_server, behaviour, value, code
):
    good = getattr(ocpi_partner.behaviour, behaviour)
    setattr(ocpi_partner.behaviour, behaviour, value)
    invitation, reply = invited(ocpi_partner, live_server)
    assert (reply.status, reply.code) == (200, code)
    partner = Partner.objects.get(pk=invitation.partner.pk)
    assert partner.state == PartnerState.PENDING
    assert partner.last_error
    setattr(ocpi_partner.behaviour, behaviour, good)
    assert (
        ocpi_partner.register_at(f"{live_server.url}/ocpi/versions", invitation.token).code == 1000
    )


@pytest.mark.parametrize(
    "change", [{"token": ""}, {"token": "with space"}, {"url": "ftp://x"}, {"roles": []}]
)
def test_malformed_credentials_are_refused(ocpi_partner, live_server, change):
    token = invite_partner("Partner", factories.operator()).token
    url = f"{live_server.url}/ocpi/2.2.1/credentials"
    body = ocpi_partner.credentials("token-b") | change
    reply = ocpi_partner.ask("POST", url, body, token=token)
    assert (reply.status, reply.code) == (200, 2001)


def test_a_body_that_is_no_json_is_a_bad_request(client):
    token = invite_partner("Partner", factories.operator()).token
    answer = client.post(
        "/ocpi/2.2.1/credentials",
        b"{",
        content_type="application/json",
        headers={"Authorization": f"Token {token}"},
    )
    assert (answer.status_code, answer.json()["status_code"]) == (400, 2000)


def test_a_renewal_changes_both_tokens(ocpi_partner, live_server):
    invitation, _ = invited(ocpi_partner, live_server)
    old = ocpi_partner.our_token
    assert ocpi_partner.renew().code == 1000
    partner = Partner.objects.get(pk=invitation.partner.pk)
    assert {outbound_token(partner)} == ocpi_partner.tokens
    assert ocpi_partner.our_token != old


def test_the_old_token_lives_until_the_new_one_is_used(ocpi_partner, live_server):
    invited(ocpi_partner, live_server)
    url, old = ocpi_partner.our_endpoint("locations"), ocpi_partner.our_token
    ocpi_partner.renew()
    assert ocpi_partner.ask("GET", url, token=old).status == 200
    assert ocpi_partner.ask("GET", url).status == 200
    assert ocpi_partner.ask("GET", url, token=old).status == 401


def test_a_renewal_that_fails_leaves_everything_as_it_was(ocpi_partner, live_server):
    invitation, _ = invited(ocpi_partner, live_server)
    before = Partner.objects.get(pk=invitation.partner.pk)
    ocpi_partner.behaviour.fails_with = 500
    assert ocpi_partner.renew().code == 3001
    after = Partner.objects.get(pk=invitation.partner.pk)
    assert (after.inbound_digest, after.outbound_secret) == (
        before.inbound_digest,
        before.outbound_secret,
    )


def test_both_tokens_die_when_a_partner_leaves(ocpi_partner, live_server):
    invitation, _ = invited(ocpi_partner, live_server)
    url = ocpi_partner.our_endpoint("credentials")
    assert ocpi_partner.ask("DELETE", url).code == 1000
    assert ocpi_partner.ask("GET", url).status == 401
    partner = Partner.objects.get(pk=invitation.partner.pk)
    assert (partner.state, partner.outbound_secret) == (PartnerState.PENDING, "")


def test_we_leave_a_partner(ocpi_partner):
    operator = factories.operator()
    partner = register_with("Mobility", ocpi_partner.versions_url, ocpi_partner.token_a, operator)
    assert unregister_from(partner) == ""
    assert ocpi_partner.tokens == set()
    assert Partner.objects.get().state == PartnerState.PENDING


def test_credentials_can_be_read_again(ocpi_partner, live_server):
    invited(ocpi_partner, live_server)
    reply = ocpi_partner.ask("GET", ocpi_partner.our_endpoint("credentials"))
    assert reply.data["token"] == ocpi_partner.our_token
    assert reply.data["url"] == f"{live_server.url}/ocpi/versions"


@pytest.mark.parametrize(
    ("behaviour", "value", "said"),
    [
        ("fails_with", 500, "HTTP 500"),
        ("says_html", True, "without an OCPI envelope"),
        ("versions", ["2.1.1"], "2.1.1"),
        ("modules", [("credentials", "SENDER")], "no module"),
        ("modules", [("locations", "RECEIVER")], "no credentials endpoint"),
    ],
)
def test_a_registration_of_ours_that_fails_says_why_and_may_be_repeated(
    ocpi_partner, behaviour, value, said
):
    operator = factories.operator()
    arguments = ("Mobility", ocpi_partner.versions_url, ocpi_partner.token_a, operator)
    good = getattr(ocpi_partner.behaviour, behaviour)
    setattr(ocpi_partner.behaviour, behaviour, value)
    with pytest.raises(HandshakeError, match=said):
        register_with(*arguments)
    assert said in Partner.objects.get().last_error
    setattr(ocpi_partner.behaviour, behaviour, good)
    register_with(*arguments)
    assert Partner.objects.get().state == PartnerState.REGISTERED


def test_a_private_address_is_refused(ocpi_partner, settings):
    settings.ALLOW_PRIVATE_ADDRESSES = False
    with pytest.raises(HandshakeError, match=r"private address 127\.0\.0\.1"):
        register_with("Mobility", ocpi_partner.versions_url, "token", factories.operator())
    assert ocpi_partner.requests == 0
