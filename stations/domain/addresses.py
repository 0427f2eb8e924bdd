"""Whose request it is: the address of the caller, also behind a proxy of ours."""

from ipaddress import ip_address


def client_address(remote: str, forwarded_for: str, *, is_proxied: bool) -> str:
    """Return the caller's address: behind our proxy the last one that the proxy added.

    What stands before it in `X-Forwarded-For` was written by the caller, who may lie.
    """
    last = forwarded_for.rpartition(",")[2].strip()
    return last if is_proxied and _is_address(last) else remote


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
