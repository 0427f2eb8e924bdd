"""Health under the server of the embedded size, in its own process."""

import requests


def test_daphne_is_ready_soon_after_its_start(daphne_back_office):
    answer = requests.get(f"{daphne_back_office.url}/readyz", timeout=10)
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_daphne_tells_its_figures(daphne_back_office):
    answer = requests.get(f"{daphne_back_office.url}/metrics", timeout=10)
    assert "chargehand_sockets{" in answer.text
