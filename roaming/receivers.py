"""What the app does when rows change that decide what partners shall show, and where."""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from roaming.models import Partner
from roaming.selectors.partners import pushed_partners
from roaming.services.marking import mark_location, mark_misplaced, mark_partner
from stations.models import Location
from stations.signals import stations_changed


@receiver(post_save, sender=Location, dispatch_uid="roaming.mark_location")
def tell_of_location(instance: Location, created: bool, raw: bool, **kwargs: Any) -> None:
    if not created and not raw:
        mark_location(instance.pk)


@receiver(stations_changed, dispatch_uid="roaming.mark_misplaced")
def tell_of_moves(station_ids: Collection[int], **kwargs: Any) -> None:
    mark_misplaced(station_ids)


@receiver(pre_save, sender=Partner, dispatch_uid="roaming.note_pushed")
def note_whether_pushed(instance: Partner, **kwargs: Any) -> None:
    instance.was_pushed = pushed_partners().filter(pk=instance.pk).exists()


@receiver(post_save, sender=Partner, dispatch_uid="roaming.mark_partner")
def tell_new_partner(instance: Partner, raw: bool, **kwargs: Any) -> None:
    is_pushed = pushed_partners().filter(pk=instance.pk).exists()
    if is_pushed and not instance.was_pushed and not raw:
        mark_partner(instance)
