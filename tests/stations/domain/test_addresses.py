import pytest

from stations.domain.addresses import client_address


@pytest.mark.parametrize(
    ("forwarded", "is_proxied", "found"),
    [
        ("198.51.100.7", False, "127.0.0.1"),
        ("198.51.100.7", True, "198.51.100.7"),
        ("10.0.0.1, 198.51.100.7", True, "198.51.100.7"),
        ("2001:db8::1", True, "2001:db8::1"),
        ("", True, "127.0.0.1"),
        ("nonsense", True, "127.0.0.1"),
    ],
)
def test_only_what_our_proxy_added_is_believed(forwarded, is_proxied, found):
    assert client_address("127.0.0.1", forwarded, is_proxied=is_proxied) == found
