"""One badge for every status, readable on both grounds; numbers and times for people."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from diagnostics.domain.words import Outcome
from roaming.domain.words import DeliveryState
from scheduling.domain.statuses import PublicStatus
from stations.domain.command import CommandState
from stations.domain.reported_status import ReportedStatus
from stations.templatetags.status_badges import status_badge, status_label
from stations.templatetags.units import kw, kwh, moment, pretty_json, span

STYLES = Path(__file__).parents[2] / "config/static/chargehand/admin.css"
WORDS = [*PublicStatus, *ReportedStatus, *CommandState, *DeliveryState, *Outcome]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("colour", ["green", "blue", "amber", "violet", "orange", "red", "grey"])
def test_badges_are_readable_in_light_and_dark(colour):
    styles = STYLES.read_text()
    grounds = re.findall(rf"--ch-{colour}-g: (#\w{{6}})", styles)
    texts = re.findall(rf"--ch-{colour}-t: (#\w{{6}})", styles)
    assert len(grounds) == len(texts) == 2
    for ground, text in zip(grounds, texts, strict=True):
        assert contrast(ground, text) >= 4.5


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_a_label(word):
    assert "_" not in status_label(word)
    assert status_badge(word)["label"] == status_label(word)


def test_labels_are_those_that_people_know():
    labels = [status_label(word) for word in ("OUT_OF_SERVICE", "OUT_OF_ORDER", "COMMISSIONING")]
    assert labels == ["Out of Service", "Out of Order", "Commissioning"]


def test_nothing_reported_is_unknown():
    assert status_badge("")["label"] == "Unknown"


def test_a_badge_escapes_its_title():
    page = render_to_string("admin/stations/_badge.html", status_badge("AVAILABLE", '"><b>'))
    assert "<b>" not in page


def test_energy_and_power():
    assert (kwh(12_345), kwh(None), kw(11_000), kw(None)) == ("12.35 kWh", "-", "11.0 kW", "-")


@pytest.mark.parametrize(
    ("seconds", "text"), [(5, "5 s"), (90, "1 min"), (7500, "2 h 05 min"), (200_000, "2 d")]
)
def test_spans(seconds, text):
    assert span(timedelta(seconds=seconds)) == text


def test_times_are_told_from_now():
    now = timezone.now()
    assert moment(now - timedelta(minutes=3))["text"] == "3 min ago"
    assert moment(now + timedelta(minutes=3, seconds=5))["text"] == "in 3 min"
    assert moment(None)["at"] is moment("")["at"] is None


def test_json_is_indented_and_other_text_left_alone():
    assert pretty_json('{"a":1}') == '{\n  "a": 1\n}'
    assert pretty_json("not json") == "not json"
