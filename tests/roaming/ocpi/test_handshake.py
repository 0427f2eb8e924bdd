import pytest

from roaming.domain.words import PartnerState
from roaming.models import Partner
from roaming.ocpi.handshake import HandshakeError, dismiss, register_with
from roaming.services.registration import invite_partner
from roaming.services.tokens import outbound_token
from tests import factories
from tests.callers import caller
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


def ours(ocpi_partner):
    """Return a partner that we have registered with."""
    arguments = (ocpi_partner.versions_url, ocpi_partner.token_a)
    return register_with("Mobility", *arguments, factories.operator(is_default=True))


def test_a_partner_that_is_dismissed_is_told(ocpi_partner):
    dismiss(ours(ocpi_partner))
    assert ocpi_partner.tokens == set()
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("outbound_secret", "sealed with a lost key"), ("endpoints", []), ("state", "suspended")],
)
def test_a_partner_is_removed_even_if_it_cannot_be_told(ocpi_partner, field, value):
    partner = ours(ocpi_partner)
    setattr(partner, field, value)
    partner.save()
    answer = caller().delete(f"partners/{partner.pk}/")
    assert answer.status_code == 204, answer.content
    assert not Partner.objects.exists()


@pytest.mark.parametrize("behaviour", [{"fails_with": 500}, {"says_html": True}])
def test_a_partner_is_removed_whatever_it_says(ocpi_partner, behaviour):
    partner = ours(ocpi_partner)
    vars(ocpi_partner.behaviour).update(behaviour)
    assert caller().delete(f"partners/{partner.pk}/").status_code == 204
    assert not Partner.objects.exists()


@pytest.mark.parametrize("is_action", [True, False])
def test_a_partner_that_is_deleted_in_the_back_office_is_told(
    ocpi_partner, admin_client, is_action
):
    partner = ours(ocpi_partner)
    url, form = f"/admin/roaming/partner/{partner.pk}/delete/", {"post": "yes"}
    if is_action:
        url = "/admin/roaming/partner/"
        form |= {"action": "delete_selected", "_selected_action": str(partner.pk)}
    assert admin_client.post(url, form).status_code == 302
    assert ocpi_partner.tokens == set()
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Partner.objects.update(registration_digest="other"),
        lambda: Partner.objects.all().delete(),
    ],
)
def test_a_registration_that_is_overtaken_is_a_handshake_that_failed(ocpi_partner, change):
    ocpi_partner.on_credentials = change
    with pytest.raises(HandshakeError, match="meanwhile"):
        ours(ocpi_partner)


@pytest.mark.parametrize("text", ["\0", "\ud800"])
@pytest.mark.parametrize("place", ["business_details", "party_id", "url"])
def test_text_that_cannot_be_kept_is_a_bad_parameter(ocpi_partner, live_server, text, place):
    token = invite_partner("Partner", factories.operator()).token
    body = ocpi_partner.credentials("token-b")
    part = body if place == "url" else body["roles"][0]
    part[place] = {"name": text} if place == "business_details" else f"{text}{part[place]}"[:3]
    url = f"{live_server.url}/ocpi/2.2.1/credentials"
    reply = ocpi_partner.ask("POST", url, body, token=token)
    assert (reply.status, reply.code) == (200, 2001)


def test_roles_with_decimals_are_kept(ocpi_partner, live_server):
    token = invite_partner("Partner", factories.operator()).token
    body = ocpi_partner.credentials(ocpi_partner.token_a)
    body["roles"][0]["version"] = 1.5
    url = f"{live_server.url}/ocpi/2.2.1/credentials"
    assert ocpi_partner.ask("POST", url, body, token=token).code == 1000


def test_a_partner_that_answers_with_a_nul_is_a_handshake_that_failed(ocpi_partner):
    ocpi_partner.behaviour.versions = ["2.2.1\0"]
    with pytest.raises(HandshakeError, match="without an OCPI envelope"):
        ours(ocpi_partner)


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
