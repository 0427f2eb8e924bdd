"""What was agreed about charging at a station; plan, tariff and groups hang here too."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.models import Station
from stations.models.audit import audit_trail


class ChargingTerms(models.Model):
    """The commercial switches of one station."""

    station = models.OneToOneField(
        Station, on_delete=models.CASCADE, primary_key=True, related_name="charging"
    )
    is_roaming_allowed = models.BooleanField(
        _("Allow charging from other networks (roaming)"), default=True
    )
    is_free_for_all = models.BooleanField(
        _("Allow any card to charge here for free (ignores all cost settings)"), default=False
    )

    history = audit_trail()

    class Meta:
        db_table = "charging_terms"
        verbose_name = _("charging terms")
        verbose_name_plural = _("charging terms")

    def __str__(self) -> str:
        return str(self.station)
