"""Live facts: one-to-one rows that stations write; no form saves them, no history follows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.domain.ocpp_version import OcppVersion
from stations.domain.reported_status import ReportedStatus
from stations.models.choices import choices
from stations.models.evse import Connector
from stations.models.station import Station


class Node(models.Model):
    """A process of the back office that holds sockets or writes rows."""

    number = models.PositiveIntegerField(
        _("number"), unique=True, help_text=_("Part of the row ids it makes.")
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10)
    started_at = models.DateTimeField(_("started at"))
    seen_at = models.DateTimeField(_("seen"), db_index=True)

    class Meta:
        verbose_name = _("node")
        verbose_name_plural = _("nodes")

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


class StationConnection(models.Model):
    """The socket of a station, open while it has a token, and what the whole station reported."""

    station = models.OneToOneField(
        Station, on_delete=models.CASCADE, primary_key=True, related_name="connection"
    )
    node = models.ForeignKey(Node, on_delete=models.SET_NULL, null=True, related_name="connections")
    token = models.CharField(
        max_length=32, blank=True, help_text="names the one socket that counts"
    )
    version = models.CharField(max_length=5, choices=choices(OcppVersion), blank=True)
    address = models.CharField(max_length=64, blank=True)
    connected_at = models.DateTimeField(null=True)
    disconnected_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    booted_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=20, choices=choices(ReportedStatus), blank=True)
    status_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=50, blank=True)
    info = models.CharField(max_length=255, blank=True)
    firmware_status = models.CharField(max_length=50, blank=True)
    log_status = models.CharField(max_length=50, blank=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        indexes = [
            models.Index(fields=["last_seen_at"], name="connection_last_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.station}: {'online' if self.is_online else 'offline'}"

    @property
    def is_online(self) -> bool:
        """Say whether a socket of the station is open."""
        return bool(self.token)


class ConnectorState(models.Model):
    """What a station last reported of a connector."""

    connector = models.OneToOneField(
        Connector, on_delete=models.CASCADE, primary_key=True, related_name="state"
    )
    status = models.CharField(max_length=20, choices=choices(ReportedStatus), blank=True)
    error_code = models.CharField(max_length=50, blank=True)
    vendor_error_code = models.CharField(max_length=50, blank=True)
    info = models.CharField(max_length=255, blank=True)
    status_at = models.DateTimeField(null=True, help_text="by the station's clock")
    received_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("connector state")
        verbose_name_plural = _("connector states")

    def __str__(self) -> str:
        return f"{self.connector}: {self.status or '-'}"


class UnrecognisedStation(models.Model):
    """An identity that knocked and was refused."""

    identity = models.CharField(_("OCPP ID"), max_length=255, unique=True)
    reason = models.CharField(_("reason"), max_length=30)
    address = models.CharField(_("address"), max_length=64, blank=True)
    count = models.PositiveIntegerField(_("attempts"), default=1)
    first_at = models.DateTimeField(_("first at"))
    last_at = models.DateTimeField(_("last at"))

    class Meta:
        verbose_name = _("unrecognised station")
        verbose_name_plural = _("unrecognised stations")
        ordering = ["-last_at"]

    def __str__(self) -> str:
        return self.identity
