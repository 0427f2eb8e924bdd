"""The words of the message log; the endpoint's own, so that both speak alike."""

from stations.domain.exchange import Direction, Outcome

__all__ = ["Direction", "Outcome"]
