"""Tests of the words in commands' parameters."""

import pytest

from stations.domain.command_words import (
    ALIASES,
    Availability,
    ResetType,
    TokenForm,
    TriggeredMessage,
    find_word,
    folded,
)


@pytest.mark.parametrize("text", ["Soft", "soft", "SOFT", "on_idle", "OnIdle"])
def test_a_word_is_found_whatever_its_case(text):
    assert find_word(ResetType, text) is ResetType.SOFT


@pytest.mark.parametrize("text", ["", "warm", "Operative"])
def test_another_word_is_not_found(text):
    assert find_word(ResetType, text) is None


def test_aliases_are_folded_and_hide_no_word():
    for words in (ResetType, Availability, TriggeredMessage, TokenForm):
        aliases = ALIASES.get(words, {})
        assert all(alias == folded(alias) for alias in aliases)
        assert not aliases.keys() & {folded(word) for word in words}
