"""`manage.py serve` refuses what cannot work."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize(
    ("options", "way_out"),
    [
        ({"server": "daphne", "workers": 2}, "--server uvicorn"),
        ({"server": "uvicorn", "workers": 2}, "REDIS_URL"),
        ({"server": "uvicorn", "workers": 0}, "at least 1"),
        ({"server": "apache", "workers": 1}, "daphne or uvicorn"),
    ],
)
def test_impossible_combinations_name_a_way_out(settings, options, way_out):
    settings.EMBEDDED = True
    with pytest.raises(CommandError, match=way_out):
        call_command("serve", skip_checks=True, **options)
