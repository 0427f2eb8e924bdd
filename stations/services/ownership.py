"""Whose a row is: it fits its account, and stays with its operator once others know it so."""

from typing import Any

from django.utils.translation import gettext as _

from stations.models import Account, Operator


def is_in_use(row: Any) -> bool:
    """Say whether any other row belongs to `row`; one query for each kind that could."""
    relations = row._meta.related_objects if row.pk is not None else ()
    return any(
        each.related_model._default_manager.filter(**{each.field.name: row}).exists()
        for each in relations
    )


def ownership_errors(
    row: Any, *, operator: Operator | None, account: Account | None
) -> dict[str, str]:
    """Return what is wrong, by field, where `row` (None: a new one) gets this operator and account.

    Several queries, but only where the operator of a row changes.
    """
    errors = {}
    if account is not None and operator is not None and account.operator_id != operator.pk:
        errors["account"] = _("The account belongs to another operator.")
    is_old = row is not None and row.pk is not None
    is_moved = is_old and operator is not None and _operator_before(row) != operator.pk
    if is_moved and is_in_use(row):
        errors["operator"] = _("This is in use at its operator. Move what belongs to it first.")
    return errors


def _operator_before(row: Any) -> int:
    """Return the operator as it is stored: a form has assigned the new one to the row."""
    before: int = type(row)._default_manager.values_list("operator", flat=True).get(pk=row.pk)
    return before
