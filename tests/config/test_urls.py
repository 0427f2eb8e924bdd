"""The address without a path leads somewhere."""


def test_bare_address_leads_to_the_back_office(client):
    assert client.get("/").headers["Location"] == "/admin/"
