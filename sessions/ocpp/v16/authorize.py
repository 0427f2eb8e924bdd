"""Authorize of OCPP 1.6, section 4.1: may this token charge?"""

from collections.abc import Sequence

from sessions.ocpp.v16.words import token_info
from sessions.services.authorizing import decide, need_tokens
from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work


def needs(calls: Sequence[StationCall], work: Work) -> None:
    need_tokens(work, (call.payload["idTag"] for call in calls))


def handle(call: StationCall, work: Work) -> Answer:
    return {"idTagInfo": token_info(decide(work, call.station, call.payload["idTag"]).status)}
