"""What a server needs of its node: started before listening, drained before closing."""

from typing import Protocol


class Node(Protocol):
    """The part of a process that owns station connections."""

    async def start(self) -> None:
        """Get ready to take messages; runs in the server's event loop, before it listens."""

    async def drain(self) -> None:
        """Answer what was taken in; runs when nobody can connect any more, sockets still open."""
