"""RequestStartTransaction (OCPP 2.0.1 F01, F02)."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.domain.command_words import TokenForm
from stations.ocpp.frames import Payload
from stations.ocpp.v201.answers import read_status
from stations.ocpp.v201.translate import TOKEN_FORM_WORDS


def request(order: CommandOrder) -> tuple[str, Payload]:
    """The remoteStartId is the command's id, so that the session finds its command."""
    form = TOKEN_FORM_WORDS[order.params.get("token_type", TokenForm.CENTRAL)]
    payload: Payload = {
        "remoteStartId": order.command_id,
        "idToken": {"idToken": order.params["token"], "type": form},
    }
    if order.address:
        payload["evseId"] = order.address.evse
    return "RequestStartTransaction", payload


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
