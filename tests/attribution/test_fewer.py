"""Names that are told apart, and one for the rest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from roas.attribution.fewer import fewer_names
from roas.attribution.paths import Paths

tables = st.lists(
    st.tuples(st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=4), st.integers(0, 5), st.integers(0, 9), st.integers(0, 5)),
    min_size=1, max_size=12,
)  # fmt: skip


@given(rows=tables, most=st.integers(1, 6))
def test_nothing_is_lost_and_the_commonest_names_stay(rows, most):
    paths = Paths.of(rows)
    found = fewer_names(paths, most)
    for name in ("conversions", "nulls", "value"):
        assert getattr(found, name).sum() == getattr(paths, name).sum()
    assert (found.lengths * found.journeys).sum() == (paths.lengths * paths.journeys).sum()
    assert len({found.names(i) for i in range(len(found.starts) - 1)}) == len(found.starts) - 1
    if len(paths.channels) <= most:
        assert found is paths
        return
    assert found.bucket in found.channels
    assert len(found.channels) == most + 1
    touches = dict.fromkeys(paths.channels, 0)
    for i in range(len(paths.starts) - 1):
        for name in paths.names(i):
            touches[name] += paths.journeys[i]
    kept = [touches[name] for name in found.channels if name != found.bucket]
    assert min(kept) >= max(count for name, count in touches.items() if name not in found.channels)


def test_one_name_is_one_other():
    paths = fewer_names(Paths.of([(["A", "A", "B"], 1, 5, 0), (["A", "C"], 0, 0, 1)]), 2)
    assert paths.channels == ("(1 other)", "A", "B")
    assert [paths.names(i) for i in range(2)] in (
        [("A", "A", "B"), ("A", "(1 other)")],
        [("A", "(1 other)"), ("A", "A", "B")],
    )
