"""What the app announces upward, always with a batch of changes."""

from django.dispatch import Signal

# Sent inside the transaction that settles them; `commands` is a list of Command.
commands_settled = Signal()

# Sent inside the transaction that changes them; `station_ids` is a collection of ids.
stations_changed = Signal()
