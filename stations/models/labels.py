"""The words for people of what the domain's enums and the stations say."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_noop as _

# Where writing the value as a word is not enough. People know the statuses from other products
# and from the stations themselves, so that translations keep them as they are.
_LABELS: Mapping[str, Promise | str] = {
    "AVAILABLE": pgettext_lazy("status", "Available"),
    "OCCUPIED": pgettext_lazy("status", "Occupied"),
    "OUT_OF_SERVICE": pgettext_lazy("status", "Out of Service"),
    "OUT_OF_ORDER": pgettext_lazy("status", "Out of Order"),
    "MAINTENANCE": pgettext_lazy("status", "Maintenance"),
    "COMMISSIONING": pgettext_lazy("status", "Commissioning"),
    "FAULTED": pgettext_lazy("status", "Faulted"),
    "BLOCKED": pgettext_lazy("status", "Blocked"),
    "RESERVED": pgettext_lazy("status", "Reserved"),
    "UNKNOWN": pgettext_lazy("status", "Unknown"),
    "REMOVED": pgettext_lazy("status", "Removed"),
    "Available": pgettext_lazy("status", "Available"),
    "Occupied": pgettext_lazy("status", "Occupied"),
    "Reserved": pgettext_lazy("status", "Reserved"),
    "Faulted": pgettext_lazy("status", "Faulted"),
    "SuspendedEV": pgettext_lazy("status", "Suspended by car"),
    "SuspendedEVSE": pgettext_lazy("status", "Suspended by station"),
    "EVConnected": pgettext_lazy("status", "Car connected"),
    "SETUP": pgettext_lazy("set-up", "Set-up"),
    "ACTIVATION_PENDING": pgettext_lazy("set-up", "Activation pending"),
    "ACTIVE": pgettext_lazy("set-up", "Active"),
    "RETIRED": pgettext_lazy("set-up", "Retired"),
    "result": pgettext_lazy("outcome", "Answered"),
    "in": pgettext_lazy("message", "From the station"),
    "out": pgettext_lazy("message", "To the station"),
    "api": "API",
    "csv_set": pgettext_lazy("comparison", "List"),
    "evse": "EVSE",
    "ocpi": "OCPI",
    "oicp": "OICP",
    "ok": "OK",
    "rfid": "RFID",
}
# The other words, so that they are found for translation.
_WORDS = (
    # of commands
    *(_("Change availability"), _("Change configuration"), _("Clear cache")),
    *(_("Data transfer"), _("Get configuration"), _("Raw"), _("Remote start")),
    *(_("Remote stop"), _("Reset"), _("Trigger message"), _("Unlock connector")),
    *(_("Accepted"), _("Expired"), _("Failed"), _("Queued"), _("Rejected")),
    *(_("Sent"), _("Timed out")),
    *(_("Admin"), _("Command line"), _("Partner"), _("System"), _("Task")),
    # of stations and their set-up
    *(_("Online"), _("Offline"), _("Pending"), _("Accept"), _("Hold")),
    *(_("Refuse"), _("Assigned"), _("Free"), _("Printed"), _("Spent")),
    *(_("Info"), _("Must"), _("Warn"), _("Bool"), _("Int"), _("Text")),
    *(_("Completed"), _("Interrupted"), _("Running"), _("Fixed"), _("Mismatch")),
    *(_("Read only mismatch"), _("Reboot pending"), _("Unsupported")),
    # of people
    *(_("Account admin"), _("Billing admin"), _("Field service technician")),
    *(_("Integrator"), _("Locations facilitator"), _("Operator admin")),
    *(_("Operator staff"), _("Read only"), _("Owner"), _("Staff")),
    _("Technician"),
    # of windows and published statuses
    *(_("Location"), _("Station"), _("Default"), _("Disabled"), _("Ignored")),
    *(_("Inoperative"), _("Manual"), _("Not set up"), _("Nothing reported")),
    *(_("Removed"), _("Reported"), _("Scheduled"), _("Session"), _("Window")),
    # of tokens and sessions
    *(_("Ad hoc"), _("App"), _("Contract"), _("Blocked"), _("Invalid")),
    *(_("Valid"), _("Active"), _("Ended"), _("Orphan"), _("Refused")),
    # of partners, deliveries and messages
    *(_("Auto"), _("Registered"), _("Suspended"), _("Dead"), _("Delivered")),
    *(_("Superseded"), _("Error"), _("Malformed"), _("Unmatched")),
)


def label(value: str) -> Promise | str:
    """Return the word for people, translated when it is shown.

    A value with capitals is a word of a standard and stays as it is written there.
    """
    known = _LABELS.get(value)
    if known is not None:
        return known
    words = value.replace("_", " ")
    return gettext_lazy(words.capitalize() if value.islower() else words)
