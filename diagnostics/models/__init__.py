"""The models of the app, gathered for Django."""

from diagnostics.models.message import Message

__all__ = ["Message"]
