"""Labels come from a file or are said to be suggested."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from roas.errors import InputError
from roas.tags import Tags, as_toml, label_campaigns, read_tags, suggest_tags


def units(*names: str, channel: str = "Meta") -> pd.DataFrame:
    return pd.DataFrame({"channel": [channel] * len(names), "campaign": list(names)})


@pytest.mark.parametrize(
    ("campaign", "group", "label"),
    [
        ("EU | PMax | Shoes", "automation", "automated"),
        ("Performance Max - all", "automation", "automated"),
        ("ASC_Broad_NL", "automation", "automated"),
        ("Advantage+ shopping", "automation", "automated"),
        ("RTG_30d", "audience", "retargeting"),
        ("Prospecting_LAL_1%", "audience", "prospecting"),
        ("Brand | Search - EU", "intent", "brand"),
        ("Non-brand; generic", "intent", "non-brand"),
        ("Non-Branded Search", "intent", "non-brand"),
        ("Spark AI video", "creative", "generated"),
    ],
)
def test_names_suggest_labels(campaign: str, group: str, label: str) -> None:
    assert label_campaigns(units(campaign), suggest_tags())[group][0] == label


@pytest.mark.parametrize(
    "campaign", ["Autobahn shoes", "Brandenburg", "Airport", "Portrait", "Total Wellness", "Manual"]
)
def test_words_inside_words_suggest_nothing(campaign: str) -> None:
    assert list(label_campaigns(units(campaign), suggest_tags()).columns) == ["channel", "campaign"]


def test_the_first_label_that_matches_wins() -> None:
    tags = Tags({"kind": {"sale": ("*sale*",), "rest": ("*",)}})
    assert label_campaigns(units("Summer SALE", "Other"), tags)["kind"].tolist() == ["sale", "rest"]


def test_a_pattern_can_name_the_channel() -> None:
    tags = Tags({"team": {"paid social": ("Meta / *",)}})
    both = pd.concat([units("X"), units("X", channel="TikTok")], ignore_index=True)
    assert label_campaigns(both, tags)["team"].tolist() == ["paid social", None]


def test_unlabelled_campaigns_stay_in_the_table() -> None:
    tags = Tags({"kind": {"sale": ("*sale*",)}})
    assert label_campaigns(units("a sale", "b"), tags)["kind"].tolist() == ["sale", None]


def test_suggestions_written_as_a_file_read_back_the_same(tmp_path: Path) -> None:
    names = ["PMax [EU] *new*", "RTG?", 'quote " and \\ slash', "line\nbreak PMax", "Brand Ελλάδα"]
    suggested = label_campaigns(units(*names), suggest_tags())
    file = tmp_path / "tags.toml"
    file.write_text(as_toml(suggested), encoding="utf-8")
    again = label_campaigns(units(*names), read_tags(str(file)))
    for group in suggested.columns[2:]:
        assert again[group].tolist() == suggested[group].tolist()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1", "outside a group"),
        ("[a]\nb = 'text'", "must be a list"),
        ("[a", "not a tags file"),
        ("", "no labels"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "tags.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        read_tags(str(file))
    assert str(caught.value).startswith(str(file))


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        read_tags(str(tmp_path / "none.toml"))
