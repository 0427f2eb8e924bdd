import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import RequestFactory

from roaming.views import cached
from roaming.views.cached import SharedBody


@pytest.fixture(autouse=True)
def _fresh_for_a_minute(monkeypatch):
    monkeypatch.setattr(cached, "FRESH_S", 60)
    monkeypatch.setattr(cached, "_FRESH_BUILDS", 1e9)


class Built:
    """A body that counts how often it was built."""

    def __init__(self, content: bytes = b"[]") -> None:
        self.count = 0
        self.content = content
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> bytes:
        self.count += 1
        assert self.gate.wait(20)
        return self.content


def ask(shared, **headers):
    return shared.answer(RequestFactory().get("/", headers=headers), content_type="text/plain")


def test_a_fresh_body_is_not_built_again():
    built = Built()
    shared = SharedBody(built)
    assert [ask(shared).content for _ in range(5)] == [b"[]"] * 5
    assert built.count == 1


def test_an_old_body_is_built_again(monkeypatch):
    monkeypatch.setattr(cached, "FRESH_S", -1)
    built = Built()
    shared = SharedBody(built)
    ask(shared)
    built.content = b"[1]"
    assert ask(shared).content == b"[1]"


def test_a_crowd_waits_for_one_build():
    built = Built()
    built.gate.clear()
    shared = SharedBody(built)
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(ask, shared) for _ in range(8)]
        built.gate.set()
    assert {answer.result().content for answer in answers} == {b"[]"}
    assert built.count == 1


def test_a_build_that_fails_is_tried_again():
    built = Built()
    shared = SharedBody(lambda: built() if built.count else built() + 1)
    with pytest.raises(TypeError):
        ask(shared)
    assert ask(shared).content == b"[]"


def test_a_large_body_is_compressed_for_those_who_take_that():
    shared = SharedBody(Built(b"x" * 5000))
    plain, packed = ask(shared), ask(shared, accept_encoding="br, gzip")
    assert plain.content == gzip.decompress(packed.content)
    assert packed["Content-Encoding"] == "gzip"
    assert len({plain["ETag"], packed["ETag"]}) == 2
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"


def test_a_small_body_is_not_compressed():
    assert "Content-Encoding" not in ask(SharedBody(Built()), accept_encoding="gzip")


def test_who_has_the_body_is_not_sent_it_again():
    shared = SharedBody(Built(b"x" * 5000))
    for headers in ({}, {"accept_encoding": "gzip"}):
        etag = ask(shared, **headers)["ETag"]
        assert ask(shared, if_none_match=etag, **headers).status_code == 304
