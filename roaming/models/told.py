"""What partners show of us, as far as they have acknowledged it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from roaming.models.partner import Partner
from stations.models import Evse


class ToldEvse(models.Model):
    """Where one partner shows one EVSE; no row: it shows it nowhere.

    `location_id` is no foreign key: the partner goes on showing a location that is gone.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="told")
    evse = models.ForeignKey(Evse, on_delete=models.CASCADE, related_name="told", db_index=False)
    location_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("told EVSE")
        verbose_name_plural = _("told EVSEs")
        constraints = [
            models.UniqueConstraint(
                fields=["evse", "partner"], name="told_evse_of_partner_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.evse} at {self.location_id}"
