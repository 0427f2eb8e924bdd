"""The words of OCPP 1.6 about tokens, and ours."""

from sessions.domain.authorization import Decision


def token_info(decision: Decision) -> dict[str, str]:
    """Return idTagInfo; both versions share our words for the status."""
    return {"status": decision.status}
