"""What the app does when apps below announce something."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from scheduling.selectors.targets import TargetKeys, evse_ids_under
from scheduling.services.ownership import follow_owners, follow_owners_of_location
from scheduling.services.publishing import republish
from scheduling.services.settlement import settle
from scheduling.services.switches import follow_switches
from stations.models import Command, Location, Operator
from stations.signals import commands_settled, stations_changed


@receiver(commands_settled, dispatch_uid="scheduling.settle")
def note_settled_commands(commands: Sequence[Command], **kwargs: Any) -> None:
    settle(commands, now=timezone.now())


@receiver(stations_changed, dispatch_uid="scheduling.republish")
def publish_changed_stations(station_ids: Collection[int], **kwargs: Any) -> None:
    follow_owners(station_ids)
    evse_ids = evse_ids_under(TargetKeys(station_ids=frozenset(station_ids)))
    republish(evse_ids, now=timezone.now)


@receiver(post_save, sender=Operator, dispatch_uid="scheduling.follow_switches")
def follow_changed_switches(instance: Operator, created: bool, **kwargs: Any) -> None:
    if not created:
        transaction.on_commit(partial(follow_switches, instance.pk, clock=timezone.now))


@receiver(post_save, sender=Location, dispatch_uid="scheduling.follow_owners_of_location")
def follow_changed_location(instance: Location, created: bool, **kwargs: Any) -> None:
    if not created:
        follow_owners_of_location(instance)
