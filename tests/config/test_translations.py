"""Dutch is whole: nothing is missing or guessed, and the compiled file fits the text."""

import re
import shutil
import subprocess
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.utils import translation

from scheduling.domain.statuses import PublicStatus
from scheduling.models import StatusWindow
from stations.models.labels import label
from tests import factories
from tests.roaming.scenes import place, point, publish
from tests.staff import browser_of

CATALOGUE = Path(__file__).parents[2] / "config/locale/nl/LC_MESSAGES/django.po"
FIELDS = re.compile(r"%\(\w+\)\w+")


@pytest.fixture(scope="module")
def texts():
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        catalogue = GNUTranslations(compiled)._catalog
    return {key: text for key, text in catalogue.items() if key != ""}


def test_every_text_is_translated_by_a_person():
    entries = CATALOGUE.read_text().split("\n\n")[1:]
    assert len(entries) > 600
    assert not [entry for entry in entries if re.search(r'^msgstr(\[\d\])? ""(?!\n")', entry, re.M)]
    assert not [entry for entry in entries if re.search(r"^#(, .*fuzzy|~)", entry, re.M)]


def test_translations_keep_what_is_filled_in(texts):
    for key, text in texts.items():
        original = key[0] if isinstance(key, tuple) else key
        if isinstance(key, tuple) and key[1] == 0:
            continue  # a singular may spell its number out
        assert set(FIELDS.findall(original.split("\x04")[-1])) == set(FIELDS.findall(text)), (
            original
        )


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="msgfmt (gettext) is missing")
def test_the_compiled_catalogue_is_that_of_the_text():
    command = ["msgfmt", "--check", "--output-file=-", str(CATALOGUE)]
    made = subprocess.run(command, capture_output=True, check=True).stdout
    assert made == CATALOGUE.with_suffix(".mo").read_bytes()


def test_labels_are_translated_when_they_are_shown():
    queued = label("queued")
    with translation.override("nl"):
        assert str(queued) == "In wachtrij"
    assert str(queued) == "Queued"


def test_statuses_stay_as_people_know_them_in_the_back_office():
    with translation.override("nl"):
        status = StatusWindow(status="OUT_OF_SERVICE").get_status_display()
    assert status == "Out of Service"


def test_drivers_read_the_language_of_their_browser(client, db):
    for language, words in (("nl,en;q=0.8", "Nog geen laadlocaties"), ("fr", "No charging locat")):
        response = client.get("/status/", headers={"accept-language": language})
        assert words in response.text
        assert f'lang="{language[:2] if language != "fr" else "en"}"' in response.text
        assert "Accept-Language" in response["Vary"]


def test_drivers_read_statuses_in_dutch(client, db):
    location = place()
    publish(point(location), PublicStatus.AVAILABLE)
    publish(point(location), PublicStatus.OUT_OF_ORDER)
    page = client.get("/status/", headers={"accept-language": "nl"}).text
    for words in ("Vrij", "Storing", "1 van 2 vrij", "sinds 10 Mrt"):
        assert words in page


def test_the_back_office_speaks_the_language_of_its_user(db):
    user = factories.user(is_staff=True, is_superuser=True, language="nl")
    page = browser_of(user).get("/admin/stations/location/", headers={"accept-language": "en"}).text
    assert '<html lang="nl"' in page
    assert "Locaties" in page
    assert "Instellingen en gebruikers" in page


def test_a_user_changes_the_language_of_all_pages(db):
    browser = browser_of(factories.user(is_staff=True, is_superuser=True))
    answer = browser.post("/admin/stations/user/language/", {"language": "nl"}, follow=True)
    assert "Energie vandaag" in answer.text
