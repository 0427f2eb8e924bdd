"""The models of the app, gathered for Django."""

from roaming.models.partner import Delivery, Partner

__all__ = ["Delivery", "Partner"]
