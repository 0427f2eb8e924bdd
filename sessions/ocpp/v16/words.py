"""The words of OCPP 1.6 about tokens, and ours."""

from sessions.domain.words import AuthorizationStatus


def token_info(status: AuthorizationStatus) -> dict[str, str]:
    """Return idTagInfo; both versions share our words for the status."""
    return {"status": status}
