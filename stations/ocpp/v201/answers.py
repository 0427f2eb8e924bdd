"""Reads the answers of OCPP 2.0.1 stations that consist of a status."""

from collections.abc import Mapping
from typing import Any

from stations.domain.command_order import CommandAnswer
from stations.ocpp.command_translation import status_answer
from stations.ocpp.v201.translate import COMMAND_STATES


def read_status(answer: Mapping[str, Any]) -> CommandAnswer:
    """Return what the answer's status means."""
    return status_answer(COMMAND_STATES, answer.get("status"), answer.get("statusInfo"))


def read_attribute_status(result: Mapping[str, Any]) -> CommandAnswer:
    """Return what the status of one variable means."""
    return status_answer(
        COMMAND_STATES, result.get("attributeStatus"), result.get("attributeStatusInfo")
    )
