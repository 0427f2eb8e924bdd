"""Frames as bytes, against the websockets library as the other side."""

import pytest
from websockets.frames import Frame, Opcode

from config.serving.wire import BINARY, MAX_MESSAGE_BYTES, TEXT, data_frame, simple_frame, unmasked

LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, MAX_MESSAGE_BYTES]


@pytest.mark.parametrize("length", LENGTHS)
def test_masked_frame_is_read(length):
    payload = b"p" * length
    buffer = b"before" + Frame(Opcode.TEXT, payload).serialize(mask=True) + b"after"
    begin, end = simple_frame(buffer, len("before"))
    assert unmasked(buffer, begin, end) == payload
    assert buffer[end:] == b"after"


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_frame_is_written(opcode, length):
    payload = b"p" * length
    assert data_frame(opcode, payload) == Frame(Opcode(opcode), payload).serialize(mask=False)


def test_end_lies_beyond_a_buffer_that_holds_a_part():
    buffer = Frame(Opcode.TEXT, b"p" * 300).serialize(mask=True)[:100]
    assert simple_frame(buffer, 0) == (8, 308)


@pytest.mark.parametrize(
    "frame",
    [
        Frame(Opcode.PING, b""),
        Frame(Opcode.CLOSE, b""),
        Frame(Opcode.TEXT, b"part", fin=False),
        Frame(Opcode.CONT, b"part"),
        Frame(Opcode.TEXT, b"p" * (MAX_MESSAGE_BYTES + 1)),
    ],
)
def test_other_frames_are_left_to_the_state_machine(frame):
    assert simple_frame(frame.serialize(mask=True), 0) is None


def test_unmasked_frame_is_left_to_the_state_machine():
    assert simple_frame(Frame(Opcode.TEXT, b"payload").serialize(mask=False), 0) is None


@pytest.mark.parametrize("head", [b"\x81\xfe\x00\x05", b"\x81\xff" + bytes(7) + b"\x05"])
def test_length_that_is_not_minimal_is_left_to_the_state_machine(head):
    assert simple_frame(head + bytes(20), 0) is None


@pytest.mark.parametrize("count", range(8))
def test_nothing_is_decided_on_too_few_bytes(count):
    buffer = Frame(Opcode.TEXT, b"p" * 300).serialize(mask=True)
    assert simple_frame(buffer[:count], 0) is None
