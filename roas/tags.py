"""Labels for channels and campaigns: brand, retargeting, automated and so on.

A tags file says which label a campaign has, by patterns on names; without a
file the same kind of patterns, kept here, suggest labels, and everything
made from them is called suggested.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

#: Group → label → regular expression on the folded campaign name. Sources:
#: the platforms' own product names (Performance Max, Advantage+, Smart
#: Shopping, Demand Gen, Smart+) and the naming habits of agencies.
SUGGESTIONS: Final[dict[str, dict[str, str]]] = {
    "automation": {
        "automated": (
            r"\b(pmax|p-max|performance max|advantage ?\+|adv\+|asc|aac|smart shopping|smart campaign|smart\+|"
            r"demand gen|discovery|dynamic search|dsa|auto)\b|advantage\+|smart\+"
        ),
    },
    "audience": {
        "retargeting": (
            r"\b(retargeting|remarketing|rtg|rmkt|rlsa|retarget|rt|dpa|abandon\w*|past (buyers|visitors)|"
            r"winback|reactivation)\b"
        ),
        "prospecting": (
            r"\b(prospecting|prosp|acquisition|acq|lal|lookalikes?|broad|cold|interests?|tof|tofu|"
            r"new customers?)\b"
        ),
    },
    "intent": {
        "non-brand": r"\b(non[- ]?brand(ed)?|nonbrand|generic|nb|unbranded)\b",
        "brand": r"\b(brand(ed)?|brand terms?|own name|trademark)\b",
    },
    "creative": {
        "generated": r"\b(ai|genai|generated|ai[- ]generated)\b",
        "human": r"\b(ugc|creator|creators|influencer|studio)\b",
    },
}


@dataclass(frozen=True)
class Tags:
    """Label groups: group → label → patterns.

    ``suggested`` tells that they come from names alone and nobody has
    confirmed them.
    """

    groups: Mapping[str, Mapping[str, tuple[str, ...]]]
    suggested: bool = False


def read_tags(path: str) -> Tags:
    """Read a tags file.

    The file is TOML: a table per group, a list of patterns per label.
    Patterns are matched against ``campaign`` and ``channel / campaign``,
    ignoring case; ``*`` stands for anything. The first label that matches wins::

        [audience]
        retargeting = ["*retarget*", "Meta / DPA*"]
        prospecting = ["*prospecting*"]

    Raises
    ------
    InputError
        When the file is missing, is not TOML, or holds something else.
    """
    import tomllib
    from pathlib import Path

    try:
        data: dict[str, Any] = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({(error.strerror or '').lower()}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not a tags file ({error}). See docs/tags.md for an example.") from None
    groups: dict[str, dict[str, tuple[str, ...]]] = {}
    for group, labels in data.items():
        if not isinstance(labels, dict):
            raise InputError(f'{path}: "{group}" stands outside a group. Write [audience] above it, for example.')
        for label, patterns in labels.items():
            if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
                raise InputError(
                    f'{path}: [{group}] {label} must be a list of patterns, for example {label} = ["*retarget*"].'
                )
            groups.setdefault(group, {})[label] = tuple(patterns)
    if not groups:
        raise InputError(f"{path}: no labels in the file. See docs/tags.md for an example.")
    return Tags(groups)


def suggest_tags() -> Tags:
    """Return the built-in suggestions."""
    return Tags(
        {g: {label: (pattern,) for label, pattern in labels.items()} for g, labels in SUGGESTIONS.items()},
        suggested=True,
    )


def label_campaigns(units: pd.DataFrame, tags: Tags) -> pd.DataFrame:
    """Give every campaign its label in each group.

    Parameters
    ----------
    units : DataFrame
        ``channel``, ``campaign`` (None where the export has no campaigns).

    Returns
    -------
    DataFrame
        ``channel``, ``campaign`` and one column per group that labels
        anything; None where no pattern matches.
    """
    import pandas as pd

    out = units[["channel", "campaign"]].drop_duplicates(ignore_index=True)
    names = [
        (str(c), "" if k is None or k != k else str(k)) for c, k in zip(out["channel"], out["campaign"], strict=True)
    ]
    for group, labels in tags.groups.items():
        found = [_label(channel, campaign, labels, suggested=tags.suggested) for channel, campaign in names]
        if any(found):
            out[group] = pd.Series(found, dtype=object)
    return out


def _label(channel: str, campaign: str, labels: Mapping[str, tuple[str, ...]], *, suggested: bool) -> str | None:
    both = f"{channel} / {campaign}".casefold()
    if suggested:
        # Underscores glue words in campaign names; \b does not see through them.
        loose = re.sub(r"[_|/\[\](){}:]+", " ", both)
        return next((label for label, (pattern,) in labels.items() if re.search(pattern, loose)), None)
    single = campaign.casefold()
    for label, patterns in labels.items():
        if any(fnmatch.fnmatchcase(text, p.casefold()) for p in patterns for text in (single, both) if text):
            return label
    return None


def as_toml(labelled: pd.DataFrame) -> str:
    """Write labels as a tags file that a person can correct.

    Names are written as they are, so the file says exactly which campaign
    was given which label; glob characters in names are quoted.
    """
    lines = ["# Suggested from names. Correct it, then: roas analyze ... --tags tags.toml"]
    for group in labelled.columns.difference(["channel", "campaign"], sort=False):
        lines.append(f"\n[{_key(group)}]")
        for label, rows in sorted(labelled.dropna(subset=[group]).groupby(group)):
            names = sorted({f"{c} / {k}" for c, k in zip(rows["channel"], rows["campaign"].fillna(""), strict=True)})
            quoted = ",\n  ".join(_string(re.sub(r"([*?\[])", r"[\1]", n)) for n in names)
            lines.append(f"{_key(str(label))} = [\n  {quoted},\n]")
    return "\n".join(lines) + "\n"


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _string(text)


def _string(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
