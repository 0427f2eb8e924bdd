"""Children run while the block runs."""

import sys
import time

import pytest

from config.serving.celery_processes import celery_processes

SLEEPER = (sys.executable, "-c", "import signal; signal.pause()")


def test_children_end_with_the_block():
    with celery_processes(SLEEPER, SLEEPER) as children:
        assert [child.poll() for child in children] == [None, None]
    assert all(child.poll() is not None for child in children)


def test_children_end_when_the_block_fails():
    with pytest.raises(OSError, match="broken"), celery_processes(SLEEPER) as children:
        raise OSError("broken")
    assert children[0].poll() is not None


def test_child_that_ends_is_started_again():
    with celery_processes(SLEEPER) as children:
        first = children[0]
        first.kill()
        deadline = time.monotonic() + 10
        while children[0] is first:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert children[0].poll() is None
