"""The models of the app, gathered for Django."""

from roaming.models.partner import Delivery, Partner
from roaming.models.told import ToldEvse

__all__ = ["Delivery", "Partner", "ToldEvse"]
