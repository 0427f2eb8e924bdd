"""The pages of the app in the back office, gathered for Django."""

from stations.admin import command, endpoint, location, operator, people, station

__all__ = ["command", "endpoint", "location", "operator", "people", "station"]
