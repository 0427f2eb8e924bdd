"""Where stations stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from stations.models.audit import audit_trail
from stations.models.operator import Account, Operator
from stations.querysets import LocationQuerySet

PARKING_TYPES = [
    ("ALONG_MOTORWAY", _("Along a motorway")),
    ("PARKING_GARAGE", _("Parking garage")),
    ("PARKING_LOT", _("Parking lot")),
    ("ON_DRIVEWAY", _("On a driveway")),
    ("ON_STREET", _("On the street")),
    ("UNDERGROUND_GARAGE", _("Underground garage")),
]


class Location(models.Model):
    """A place with stations, as drivers and roaming partners see it."""

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="locations", verbose_name=_("operator")
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="locations",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=255)
    slug = models.SlugField(_("address in links"), max_length=80, unique=True)
    address = models.CharField(_("street and number"), max_length=255, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("city"), max_length=45, blank=True)
    state = models.CharField(_("state or province"), max_length=45, blank=True)
    country = models.CharField(
        _("country"), max_length=3, default="NLD", help_text=_("Three letters, ISO 3166.")
    )
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    time_zone = TimeZoneField(_("time zone"), default="Europe/Amsterdam")
    parking_type = models.CharField(
        _("parking type"), max_length=20, choices=PARKING_TYPES, blank=True
    )
    is_published = models.BooleanField(
        _("published"), default=True, help_text=_("Shown to drivers and roaming partners.")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True, db_index=True)

    history = audit_trail()
    objects = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{3}$"),
                name="location_country_is_three_letters",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="location_coordinates_are_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="location_coordinates_come_in_pairs",
            ),
        ]

    def __str__(self) -> str:
        return self.name
