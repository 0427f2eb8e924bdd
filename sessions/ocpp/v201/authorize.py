"""Authorize of OCPP 2.0.1, use case C01: may this token charge?"""

from collections.abc import Sequence

from sessions.ocpp.v201.words import token_info
from sessions.services.authorizing import decide, need_tokens
from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work


def needs(calls: Sequence[StationCall], work: Work) -> None:
    need_tokens(work, (call.payload["idToken"]["idToken"] for call in calls))


def handle(call: StationCall, work: Work) -> Answer:
    uid = call.payload["idToken"]["idToken"]
    return {"idTokenInfo": token_info(decide(work, call.station, uid).status)}
