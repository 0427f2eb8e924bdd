"""What we accept from stations beyond the published schemas: the one list of known deviations.

OCPP-J schemas are stricter than the stations in the field. A refused StartTransaction is sent
again for days and a refused BootNotification takes a station out of service, so what can be
understood is let through here, and a later translation step maps what it does not know.
Only the shape is relaxed: what handlers rely on (objects, lists, integers, required fields)
stays as the schema says, apart from the fields named below.
"""

from __future__ import annotations

from typing import Any, Final

from stations.domain.ocpp_version import OcppVersion

Schema = dict[str, Any]

MAX_WORD_LENGTH: Final = 255  # characters; the longest text field that 1.6 gives a vendor
MAX_TIMESTAMP_LENGTH: Final = 64  # characters; ours, twice the longest ISO 8601 form
MAX_NUMBER_LENGTH: Final = 64  # characters; ours, for numbers sent as text
MAX_INTEGER: Final = 2**53  # the largest that every JSON reader keeps exact; fits a bigint

# Vendors extend these vocabularies; any text passes.
FREE_WORDS: Final = frozenset(
    {
        "context",
        "errorCode",
        "location",
        "measurand",
        "phase",
        "reason",
        "stoppedReason",
        "triggerReason",
        "unit",
    }
)

# `format` is a vocabulary here (vendors write OCMF); elsewhere it is the format of a message.
FREE_WORDS_OF_ACTION: Final = {
    (OcppVersion.V16, "MeterValues"): frozenset({"format"}),
    (OcppVersion.V16, "StopTransaction"): frozenset({"format"}),
}

# Texts that real stations send longer than the standard allows.
LONG_TEXTS: Final = {
    "BootNotification": frozenset(
        {
            "chargeBoxSerialNumber",
            "chargePointModel",
            "chargePointSerialNumber",
            "chargePointVendor",
            "firmwareVersion",
            "iccid",
            "imsi",
            "meterSerialNumber",
            "meterType",
            "model",
            "serialNumber",
            "vendorName",
        }
    ),
    # No token is that long, so it is answered as unknown; a start without an answer comes again.
    "Authorize": frozenset({"idTag"}),
    "StartTransaction": frozenset({"idTag"}),
    "StatusNotification": frozenset({"info", "vendorErrorCode"}),
    "StopTransaction": frozenset({"idTag"}),
}

# Words of other versions in vocabularies that otherwise stay closed.
EXTRA_WORDS: Final = {(OcppVersion.V16, "StatusNotification", "status"): ("Occupied",)}

# Readings that come as number or as text, with comma, as the firmware likes.
# A sampled value has no length limit: 1.6 carries signed meter data in it.
READINGS: Final[dict[tuple[str, str], Schema]] = {
    ("StartTransaction", "meterStart"): {"maxLength": MAX_NUMBER_LENGTH},
    ("StopTransaction", "meterStop"): {"maxLength": MAX_NUMBER_LENGTH},
    ("StopTransaction", "value"): {},
    ("MeterValues", "value"): {},
    ("TransactionEvent", "value"): {},
}

# Integers of 1.6 that some firmware writes as 1.0; their handlers convert them.
WHOLE_NUMBERS: Final = {
    "MeterValues": frozenset({"connectorId", "transactionId"}),
    "StartTransaction": frozenset({"connectorId"}),
    "StopTransaction": frozenset({"transactionId"}),
}

# Required by 2.0.1, and left out by stations; the time of receipt stands in.
NOT_REQUIRED: Final = {"StatusNotification": frozenset({"timestamp"})}

_KEPT_KEYWORDS: Final = ("type", "enum", "maxLength", "minItems", "maxItems", "minimum", "maximum")


def relaxed(schema: Schema, version: OcppVersion, action: str) -> Schema:
    """Build the schema that messages from stations must satisfy from the published one.

    References are resolved, extra properties are allowed, and an optional property may be
    null or, for a list, empty. The given schema is not changed.
    """
    return _Relaxation(schema.get("definitions", {}), version, action).node(schema)


class _Relaxation:
    """The walk through one schema; it holds what every node needs to know."""

    def __init__(self, definitions: dict[str, Schema], version: OcppVersion, action: str) -> None:
        self.definitions = definitions
        self.version = version
        self.action = action
        self.free_words = FREE_WORDS | FREE_WORDS_OF_ACTION.get((version, action), frozenset())
        self.long_texts = LONG_TEXTS.get(action, frozenset())
        self.whole_numbers = WHOLE_NUMBERS.get(action, frozenset())
        self.not_required = NOT_REQUIRED.get(action, frozenset())

    def node(self, source: Schema, name: str = "") -> Schema:
        if "$ref" in source:
            source = self.definitions[source["$ref"].rpartition("/")[2]]
        reading = READINGS.get((self.action, name))
        if reading is not None:
            return {"type": ["number", "string"], **reading}
        result: Schema = {key: source[key] for key in _KEPT_KEYWORDS if key in source}
        if "type" not in source:  # the data of a DataTransfer is any JSON
            return {}
        if source["type"] == "object":
            self._relax_object(result, source)
        elif source["type"] == "array":
            result["items"] = self.node(source["items"], name)
        elif source["type"] == "string":
            self._relax_text(result, source, name)
        elif source["type"] == "integer":
            self._relax_integer(result, name)
        return result

    def _relax_integer(self, result: Schema, name: str) -> None:
        result.setdefault("minimum", -MAX_INTEGER)
        result.setdefault("maximum", MAX_INTEGER)
        if name in self.whole_numbers:
            result |= {"type": "number", "multipleOf": 1}

    def _relax_object(self, result: Schema, source: Schema) -> None:
        required = [key for key in source.get("required", ()) if key not in self.not_required]
        result["properties"] = {
            key: self.node(value, key) if key in required else _optional(self.node(value, key))
            for key, value in source.get("properties", {}).items()
        }
        if required:  # draft 4 knows no empty list here
            result["required"] = required

    def _relax_text(self, result: Schema, source: Schema, name: str) -> None:
        if source.get("format") == "date-time":
            result["maxLength"] = MAX_TIMESTAMP_LENGTH
        elif name in self.free_words:
            result.pop("enum", None)
            result["maxLength"] = max(source.get("maxLength", 0), MAX_WORD_LENGTH)
        elif name in self.long_texts:
            result["maxLength"] = max(source.get("maxLength", 0), MAX_WORD_LENGTH)
        elif "enum" in source:
            extra = EXTRA_WORDS.get((self.version, self.action, name), ())
            result["enum"] = [*source["enum"], *extra]


def _optional(schema: Schema) -> Schema:
    """An absent property may also be sent as null, and an absent list as an empty one."""
    result = {key: value for key, value in schema.items() if key != "minItems"}
    if "type" in result:
        types = result["type"]
        result["type"] = [*types, "null"] if isinstance(types, list) else [types, "null"]
    if "enum" in result:
        result["enum"] = [*result["enum"], None]
    return result
