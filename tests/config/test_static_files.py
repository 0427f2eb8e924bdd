"""Static files as browsers ask for them, of the real application."""

import pytest
import requests
from django.contrib.staticfiles.finders import find

PATH = "chargehand/admin.js"


@pytest.fixture
def ask(back_office):
    def ask(method="GET", **headers):
        url = f"{back_office.url}/static/{PATH}"
        return requests.request(method, url, headers=headers, timeout=5)

    return ask


@pytest.fixture
def content():
    with open(find(PATH), "rb") as file:
        return file.read()


def test_file_comes_whole_and_with_its_type(ask, content):
    answer = ask()
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Type"].startswith("text/javascript")


def test_file_that_the_browser_has_is_not_sent_again(ask):
    answer = ask(**{"If-Modified-Since": ask().headers["Last-Modified"]})
    assert (answer.status_code, answer.content) == (304, b"")


def test_part_of_a_file_is_sent_when_asked_for(ask, content):
    answer = ask(Range="bytes=2-5")
    assert (answer.status_code, answer.content) == (206, content[2:6])


def test_head_has_the_length_and_no_content(ask, content):
    answer = ask("HEAD")
    assert (answer.headers["Content-Length"], answer.content) == (str(len(content)), b"")
