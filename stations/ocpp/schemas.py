"""Validation of OCPP payloads against the published JSON schemas.

What stations send is checked against relaxed schemas (see `tolerance`); what we send, with
`strict=True`, against the schemas as published. Incoming integers are always whole JSON
numbers: draft 4, used for the relaxed schemas, refuses 1.0 where an integer is asked for.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import jsonschema_rs
import orjson

from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.errors import ErrorCode
from stations.ocpp.tolerance import Schema, relaxed

_FOLDERS = {OcppVersion.V16: "v16", OcppVersion.V201: "v201"}
# Stands for the station's value in a finding, which reaches logs: it may be a token.
_MASK = "the value"


class _Kind(StrEnum):
    REQUEST = "Request"
    RESPONSE = "Response"


_CODE_OF_KEYWORD = {
    "type": ErrorCode.TYPE_CONSTRAINT_VIOLATION,
    "minItems": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
    "maxItems": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
    "enum": ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
    "maxLength": ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
    "minimum": ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
    "maximum": ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
    "multipleOf": ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
}

# 1.6 defines ProtocolError as "incomplete", so there a missing field is one; 2.0.1 speaks of
# "not conform the PDU structure" and leaves missing fields to the occurrence of a field.
_CODE_OF_MISSING_FIELD = {
    OcppVersion.V16: ErrorCode.PROTOCOL_ERROR,
    OcppVersion.V201: ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
}


class SchemaViolation(Exception):  # noqa: N818 - named as the error codes that it carries are
    """A payload does not satisfy its schema; the code is what a CALLERROR would say."""

    def __init__(self, code: ErrorCode, description: str) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description


@cache
def known_actions(version: OcppVersion) -> frozenset[str]:
    """All actions of this version, in either direction."""
    names = (entry.name.removesuffix(".json") for entry in _folder(version).iterdir())
    if version is OcppVersion.V16:
        return frozenset(name for name in names if not name.endswith(_Kind.RESPONSE))
    return frozenset(
        name.removesuffix(_Kind.REQUEST) for name in names if name.endswith(_Kind.REQUEST)
    )


def validate_request(
    version: OcppVersion, action: str, payload: dict[str, Any], *, strict: bool = False
) -> None:
    """Check the payload of a CALL.

    Raises SchemaViolation; its code is NotImplemented when the version has no such action.
    """
    _validate(version, action, _Kind.REQUEST, payload, strict=strict)


def validate_response(
    version: OcppVersion, action: str, payload: dict[str, Any], *, strict: bool = False
) -> None:
    """Check the payload of the CALLRESULT that answers this action; raises SchemaViolation."""
    _validate(version, action, _Kind.RESPONSE, payload, strict=strict)


def compile_all(version: OcppVersion) -> None:
    """Compile every schema of the version now, so that no message has to wait for it."""
    for action in known_actions(version):
        for kind in _Kind:
            _validator(version, action, kind, strict=False)
            _validator(version, action, kind, strict=True)


def _validate(
    version: OcppVersion, action: str, kind: _Kind, payload: dict[str, Any], *, strict: bool
) -> None:
    validator = _validator(version, action, kind, strict=strict)
    try:
        validator.validate(payload)
    except jsonschema_rs.ValidationError as error:
        raise _violation(error, version) from error


def _violation(error: jsonschema_rs.ValidationError, version: OcppVersion) -> SchemaViolation:
    path = "/".join(str(step) for step in error.instance_path) or "payload"
    return SchemaViolation(_code(error.kind.name, version), f"{path}: {error.message}")


def _code(keyword: str, version: OcppVersion) -> ErrorCode:
    if keyword == "required":
        return _CODE_OF_MISSING_FIELD[version]
    return _CODE_OF_KEYWORD.get(keyword, ErrorCode.FORMAT_VIOLATION)


@cache
def _validator(
    version: OcppVersion, action: str, kind: _Kind, *, strict: bool
) -> jsonschema_rs.Validator:
    if action not in known_actions(version):
        # Not cached, since it raises: unknown names cost no memory.
        raise SchemaViolation(
            ErrorCode.NOT_IMPLEMENTED, f"action {action} is unknown in OCPP {version}"
        )
    schema = _published(version, action, kind)
    if strict:
        return jsonschema_rs.validator_for(schema, validate_formats=True, mask=_MASK)
    return jsonschema_rs.Draft4Validator(relaxed(schema, version, action), mask=_MASK)


def _published(version: OcppVersion, action: str, kind: _Kind) -> Schema:
    is_bare = version is OcppVersion.V16 and kind is _Kind.REQUEST
    name = f"{action}.json" if is_bare else f"{action}{kind}.json"
    schema: Schema = orjson.loads(
        (_folder(version) / name).read_bytes().removeprefix(b"\xef\xbb\xbf")
    )
    return schema


def _folder(version: OcppVersion) -> Traversable:
    return resources.files("ocpp") / _FOLDERS[version] / "schemas"
