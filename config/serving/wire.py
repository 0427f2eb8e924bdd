"""The common websocket frames as bytes (RFC 6455, section 5.2): final, unextended data frames."""

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform without compiled wheels
    from websockets.utils import apply_mask

MAX_MESSAGE_BYTES = 1024 * 1024
"""Largest accepted message, 1 MiB: far above any OCPP message but a signed firmware list."""

TEXT = 0x1
BINARY = 0x2
CLOSE = 0x8
PING = 0x9

_FINAL = 0x80
_MASKED = 0x80
_SIXTEEN_BITS = 126
_SIXTY_FOUR_BITS = 127


def simple_frame(buffer: bytes, start: int) -> tuple[int, int] | None:
    """
    Where the payload of the frame at `start` begins and ends, if it is a whole masked data message.

    The end may lie beyond the buffer: the rest has not arrived. None for all other frames
    (control, fragmented, unmasked, oversize, malformed) and when too little arrived to tell.
    """
    available = len(buffer) - start
    if available < 6 or buffer[start] not in (_FINAL | TEXT, _FINAL | BINARY):
        return None
    length = buffer[start + 1] - _MASKED
    if 0 <= length < _SIXTEEN_BITS:
        return start + 6, start + 6 + length
    if length == _SIXTEEN_BITS and available >= 8:
        length = int.from_bytes(buffer[start + 2 : start + 4])
        return (start + 8, start + 8 + length) if length >= _SIXTEEN_BITS else None
    if length == _SIXTY_FOUR_BITS and available >= 14:
        length = int.from_bytes(buffer[start + 2 : start + 10])
        return (start + 14, start + 14 + length) if 0xFFFF < length <= MAX_MESSAGE_BYTES else None
    return None


def unmasked(buffer: bytes, begin: int, end: int) -> bytes:
    """The payload between `begin` and `end`; its mask stands in the four bytes before it."""
    return apply_mask(buffer[begin:end], buffer[begin - 4 : begin])


def data_frame(opcode: int, payload: bytes) -> bytes:
    """A final unmasked frame, as servers send them."""
    length = len(payload)
    if length < _SIXTEEN_BITS:
        return bytes((_FINAL | opcode, length)) + payload
    if length <= 0xFFFF:
        head = bytes((_FINAL | opcode, _SIXTEEN_BITS))
        return b"".join((head, length.to_bytes(2), payload))
    return b"".join((bytes((_FINAL | opcode, _SIXTY_FOUR_BITS)), length.to_bytes(8), payload))
