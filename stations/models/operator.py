"""Operators (CPOs), the accounts of their customers, and who works for whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from stations.domain.onboarding import UnknownStations
from stations.domain.roles import ACCOUNT_ROLES, OPERATOR_ROLES, Role
from stations.models.audit import audit_trail
from stations.models.choices import choices
from stations.models.user import User
from stations.querysets import AccountQuerySet, OperatorQuerySet


class Operator(models.Model):
    """A charge point operator with its one country code and party id."""

    name = models.CharField(_("name"), max_length=100)
    country_code = models.CharField(_("country code"), max_length=2)
    party_id = models.CharField(_("party ID"), max_length=3)
    website = models.URLField(_("website"), blank=True)
    time_zone = TimeZoneField(_("time zone"), default="Europe/Amsterdam")
    unknown_stations = models.CharField(
        _("unknown stations"),
        max_length=6,
        choices=choices(UnknownStations),
        default=UnknownStations.HOLD,
    )
    out_of_order_makes_unavailable = models.BooleanField(
        _("Out of order makes the station unavailable"), default=False
    )
    is_default = models.BooleanField(_("joined by unknown stations"), default=False)

    history = audit_trail()
    objects = OperatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["country_code", "party_id"], name="operator_party_is_unique"
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="operator_default_is_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(country_code__regex=r"^[A-Z]{2}$"),
                name="operator_country_code_is_two_letters",
            ),
            models.CheckConstraint(
                condition=models.Q(party_id__regex=r"^[A-Z0-9]{3}$"),
                name="operator_party_id_is_three_signs",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def party(self) -> str:
        """Return country and party together, as in OCPP addresses: `NLCHD`."""
        return f"{self.country_code}{self.party_id}"


class Account(models.Model):
    """A customer of an operator: the owner of stations, or a field service company."""

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("operator")
    )
    name = models.CharField(_("name"), max_length=100)
    is_field_service = models.BooleanField(_("field service account"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    time_zone = TimeZoneField(_("time zone"), default="Europe/Amsterdam")

    history = audit_trail()
    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="account_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of a user within one operator or one account."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=30, choices=choices(Role))
    operator = models.ForeignKey(
        Operator,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("operator"),
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("account"),
    )

    history = audit_trail()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    operator__isnull=False,
                    account__isnull=True,
                    role__in=sorted(OPERATOR_ROLES),
                )
                | models.Q(
                    operator__isnull=True,
                    account__isnull=False,
                    role__in=sorted(ACCOUNT_ROLES),
                ),
                name="membership_role_fits_operator_or_account",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "operator"],
                condition=models.Q(operator__isnull=False),
                name="membership_of_operator_is_unique",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "account"],
                condition=models.Q(account__isnull=False),
                name="membership_of_account_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} ({self.operator or self.account})"
