"""The models of the app, gathered for Django."""

from sessions.models.session import ChargingSession, HandledMessage, MeterValue
from sessions.models.terms import ChargingTerms
from sessions.models.token import Token

__all__ = ["ChargingSession", "ChargingTerms", "HandledMessage", "MeterValue", "Token"]
