"""Announcements upward: what other apps may take note of at once instead of at their next look."""

from django.dispatch import Signal

# Sent after commit with `evse_ids`: rows of PublishedStatus wait to be announced.
statuses_published = Signal()
