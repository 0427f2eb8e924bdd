import orjson
import pytest

from stations.domain.hidden import mask_tokens, mask_tokens_in_text

CASES = [
    ({"idTag": "04AB12CD"}, {"idTag": "••••12CD"}),
    ({"idToken": {"idToken": "04AB12CD"}}, {"idToken": {"idToken": "••••12CD"}}),
    ({"payload": {"list": [{"parentIdTag": "04AB12CD"}]}}, None),
    ({"token": "04AB12CD", "evse": 1}, {"token": "••••12CD", "evse": 1}),
    ({"key": "HeartbeatInterval"}, {"key": "HeartbeatInterval"}),
]


@pytest.mark.parametrize(("told", "shown"), CASES)
def test_tokens_are_masked_wherever_they_stand(told, shown):
    masked = mask_tokens(told)
    assert "04AB" not in str(masked)
    assert shown is None or masked == shown
    assert orjson.loads(mask_tokens_in_text(orjson.dumps(told).decode())) == masked


def test_a_text_that_is_cut_off_is_masked_too():
    assert mask_tokens_in_text('{"idTag" : "04AB12CD') == '{"idTag" : "••••12CD'
