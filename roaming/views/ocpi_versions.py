"""OCPI: which versions we speak, and where."""

from django.http import HttpRequest

from roaming.ocpi.addresses import public_url
from roaming.ocpi.authentication import Caller
from roaming.ocpi.envelope import Answer, Refusal, StatusCode
from roaming.ocpi.v221.credentials import VERSION, offered_endpoints
from roaming.views.ocpi_door import ocpi_door


@ocpi_door("GET", is_functional=False)
def versions(request: HttpRequest, caller: Caller) -> Answer:
    return Answer([{"version": VERSION, "url": public_url("ocpi-2.2.1")}])


@ocpi_door("GET", is_functional=False)
def details(request: HttpRequest, caller: Caller) -> Answer:
    return Answer({"version": VERSION, "endpoints": offered_endpoints()})


@ocpi_door("GET", "POST", "PUT", "PATCH", "DELETE", is_functional=True)
def unknown(request: HttpRequest, caller: Caller, path: str) -> Answer:
    raise Refusal(StatusCode.CLIENT_ERROR, "There is no such endpoint.", http_status=404)
