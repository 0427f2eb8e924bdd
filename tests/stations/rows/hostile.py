"""Values that quoting may stumble over, for tests of both databases."""

from datetime import UTC, datetime

from hypothesis import strategies as st

# What a text column takes: no NUL, no lone surrogate.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=60)
# Signs with a meaning in array literals, COPY, SQL and JSON.
hostile_texts = st.text(
    st.sampled_from("{}\",\\'NULLnull \t\n\r\x0b%s$1;-()[]:é漢😀\x7f"), max_size=30
)
any_texts = texts | hostile_texts
times = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(9000, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
bigints = st.integers(-(2**63), 2**63 - 1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | any_texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_texts, inner, max_size=3),
    max_leaves=8,
)
