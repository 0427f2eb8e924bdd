"""Reads the answers of OCPP 1.6 stations that consist of a status."""

from stations.domain.command_order import CommandAnswer
from stations.ocpp.command_translation import status_answer
from stations.ocpp.frames import Payload
from stations.ocpp.v16.translate import COMMAND_STATES


def read_status(answer: Payload) -> CommandAnswer:
    """Return what the answer's status means."""
    return status_answer(COMMAND_STATES, answer.get("status"))
