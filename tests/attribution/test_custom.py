"""A rule of one's own: its arithmetic, and every error of its file at once."""

from __future__ import annotations

import numpy as np
import pytest

from roas.attribution.models.custom import read_rule
from roas.attribution.models.rules import RULES
from roas.attribution.paths import Paths
from roas.errors import UsageError

SHARES = "first = 0.4\nmiddle = 0.2\nlast = 0.4\n"


@pytest.fixture
def rule(tmp_path):
    def read(text):
        file = tmp_path / "rule.toml"
        file.write_text(text, encoding="utf-8")
        return read_rule(file)

    return read


def test_plain_shares_are_the_position_rule(rule):
    paths = Paths.of([("ABCD", 1, 1, 0), ("AB", 1, 1, 0), ("A", 1, 1, 0)])
    assert np.allclose(rule(SHARES).weights(paths), RULES["position"].weights(paths))


def test_percent_are_shares(rule):
    assert rule("first = 40\nmiddle = 20\nlast = 40").shares == pytest.approx((0.4, 0.2, 0.4))


def test_two_touches_have_their_own_shares(rule):
    weights = rule(SHARES + "two = [1, 3]").weights(Paths.of([("AB", 1, 1, 0)]))
    assert weights.tolist() == pytest.approx([0.25, 0.75])


def test_factors_multiply_before_weights_add_up(rule):
    # 0.4, 0.2 x 2, 0.4 x 0.5 = 0.4, 0.4, 0.2
    weights = rule(SHARES + "[channels]\nB = 2\nC = 0.5").weights(Paths.of([("ABC", 1, 1, 0)]))
    assert weights.tolist() == pytest.approx([0.4, 0.4, 0.2])


def test_a_path_of_factors_zero_keeps_its_shares(rule):
    weights = rule(SHARES + "[channels]\nA = 0").weights(Paths.of([("AA", 1, 1, 0), ("AB", 1, 1, 0)]))
    assert weights.tolist() == pytest.approx([0.5, 0.5, 0, 1])


def test_channels_without_touches_are_listed(rule):
    assert rule(SHARES + "[channels]\nFax = 0").unused(Paths.of([("A", 1, 1, 0)])) == ("Fax",)


def test_a_misspelt_channel_is_refused(rule):
    with pytest.raises(
        UsageError, match=r'rule\.toml, \[channels\]: no touch has the channel "newsleter"\. Did you mean "Newsletter"'
    ):
        rule(SHARES + "[channels]\nnewsleter = 0").weights(Paths.of([(["Newsletter"], 1, 1, 0)]))


def test_every_error_is_in_one_message(rule):
    with pytest.raises(UsageError) as error:
        rule('name = 3\nfirst = -1\nmidle = 0.2\nlast = "x"\ntwo = [1]\n[channels]\nA = true\nB = nan')
    text = str(error.value)
    assert "rule.toml" in text
    for part in (
        '"name"',
        '"first"',
        '"midle"',
        'did you mean "middle"',
        '"middle" is missing',
        '"last"',
        '"two"',
        '"A"',
        '"B"',
    ):
        assert part in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("first = ", "not a rule file"),
        ("first = 0.4\nmiddle = 0.4\nlast = 0.4", "add up to 1.2"),
        (SHARES + "channels = 1", "a table"),
    ],
)
def test_a_file_that_cannot_be_is_refused(rule, text, says):
    with pytest.raises(UsageError, match=says):
        rule(text)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"none.toml: cannot be read \(no such file"):
        read_rule(tmp_path / "none.toml")


def test_convention_names_the_rule(rule):
    assert rule('name = "House"\n' + SHARES).convention == '"House": first 40 %, between 20 %, last 40 %.'
