"""A rule of one's own, from a file: shares by place, and factors by channel."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.attribution.models.rules import SHARES_SLACK, position
from roas.errors import UsageError
from roas.format import visible

if TYPE_CHECKING:
    from pathlib import Path

    from roas.attribution.paths import Floats, Paths

#: Keys of the file.
KEYS: Final = ("name", "first", "middle", "last", "two", "channels")


@dataclass(frozen=True)
class CustomRule:
    """Shares by place, times factors by channel.

    Attributes
    ----------
    name, file : str
    shares : (first, middle, last)
        Adding up to 1; the touches between divide the middle one.
    two : (first, last) or None
        Shares of a path of two touches; None for first and last in proportion.
    factors : mapping
        Channel → what its touches' weights are multiplied by, before the
        weights of a path are made to add up to 1 again.
    """

    name: str
    file: str
    shares: tuple[float, float, float]
    two: tuple[float, float] | None = None
    factors: Mapping[str, float] = field(default_factory=dict)

    @property
    def convention(self) -> str:
        """One sentence: how the rule shares a conversion."""
        first, middle, last = (f"{100 * share:g}" for share in self.shares)
        by_channel = ", times a factor by channel" if self.factors else ""
        return f'"{visible(self.name)}": first {first} %, between {middle} %, last {last} %{by_channel}.'

    def unused(self, paths: Paths) -> tuple[str, ...]:
        """Return channels of the file that the paths do not have."""
        known = {*paths.channels, *(paths.parents or ())}
        return tuple(name for name in self.factors if name not in known)

    def weights(self, paths: Paths) -> Floats:
        """Weigh touches; (touches,), adding up to 1 in each path.

        A path whose weights are all 0 (only channels with factor 0) keeps
        its weights without factors: its conversion must go somewhere.

        Raises
        ------
        UsageError
            If a channel of the file is not in the paths but one of nearly
            the same name is.
        """
        self._check_names(paths)
        plain = position(paths, shares=self.shares, two=self.two)
        parents = paths.parents or paths.channels  # a campaign without a factor of its own has its channel's
        found = [
            self.factors.get(name, self.factors.get(of, 1.0)) for name, of in zip(paths.channels, parents, strict=True)
        ]
        factors = np.array(found, dtype=np.float64)
        weights = plain * factors[paths.codes]
        # Every place may weigh 0 as well: a middle share of 1 in a path of three with a factor of 0.
        sums = np.add.reduceat(weights, paths.starts[:-1]) if len(weights) else weights
        weights = np.where(np.repeat(sums > 0, paths.lengths), weights, plain)
        sums = np.where(sums > 0, sums, 1.0)
        return np.asarray(weights / np.repeat(sums, paths.lengths))

    def _check_names(self, paths: Paths) -> None:
        others = [name for name in {*paths.channels, *(paths.parents or ())} if name not in self.factors]
        others.sort()
        for name in self.unused(paths):
            near = difflib.get_close_matches(name.casefold(), [other.casefold() for other in others], n=1, cutoff=0.8)
            if near:
                meant = next(other for other in others if other.casefold() == near[0])
                raise UsageError(
                    f'{self.file}, [channels]: no touch has the channel "{visible(name)}". '
                    f'Did you mean "{visible(meant)}"? Correct the name, or remove the line.'
                )


def read_rule(path: str | Path) -> CustomRule:
    """Read a rule of one's own.

    The file is TOML::

        name = "House rule"
        first = 0.3
        middle = 0.3
        last = 0.4
        two = [0.4, 0.6]

        [channels]
        Direct = 0
        Newsletter = 0.5

    ``first``, ``middle`` and ``last`` add up to 1 or to 100; ``two`` and
    ``[channels]`` may be left out.

    Raises
    ------
    UsageError
        With all that is wrong in the file, by key.
    """
    data = _parsed(path)
    problems: list[str] = []
    for key in data:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            meant = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(KEYS)}"
            problems.append(f'"{visible(key)}" is not a key of a rule; {meant}')
    name = data.get("name", "custom")
    if not isinstance(name, str) or not name.strip():
        problems.append(f'"name" is {_shown(name)}; expected a text')
    shares = [_number(data, key, problems) for key in ("first", "middle", "last")]
    if not any(math.isnan(share) for share in shares) and not _adds_up(sum(shares)):
        problems.append(f'"first", "middle" and "last" add up to {sum(shares):g}; expected 1 or 100')
    two = _two(data, problems)
    factors = _factors(data, problems)
    if problems:
        listed = "".join(f"\n  {problem}." for problem in problems)
        raise UsageError(f"{visible(path)}: {len(problems)} of the rule's keys cannot be used.{listed}")
    first, middle, last = (share / sum(shares) for share in shares)
    return CustomRule(str(name).strip(), visible(path), (first, middle, last), two, factors)


def _parsed(path: str | Path) -> dict[str, Any]:
    import tomllib
    from pathlib import Path

    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{visible(path)}: cannot be read ({(error.strerror or 'no file').lower()}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(
            f"{visible(path)}: not a rule file ({visible(error)}). Expected TOML with first, middle and last."
        ) from None


def _adds_up(total: float) -> bool:
    return abs(total - 1) <= SHARES_SLACK or abs(total - 100) <= 100 * SHARES_SLACK


def _shown(value: object) -> str:
    text = visible(repr(value))
    return text if len(text) <= 40 else f"{text[:39]}…"


def _is_weight(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def _number(data: Mapping[str, Any], key: str, problems: list[str]) -> float:
    """Return a share; NaN, and a problem more, where it is none."""
    if key not in data:
        problems.append(f'"{key}" is missing; expected a share, 0 or more')
    elif not _is_weight(data[key]):
        problems.append(f'"{key}" is {_shown(data[key])}; expected a number, 0 or more')
    else:
        return float(data[key])
    return math.nan


def _two(data: Mapping[str, Any], problems: list[str]) -> tuple[float, float] | None:
    two = data.get("two")
    if two is None:
        return None
    if isinstance(two, list) and len(two) == 2 and all(map(_is_weight, two)) and sum(two) > 0:
        return float(two[0]), float(two[1])
    problems.append(f'"two" is {_shown(two)}; expected two numbers, 0 or more, such as [0.5, 0.5]')
    return None


def _factors(data: Mapping[str, Any], problems: list[str]) -> dict[str, float]:
    table = data.get("channels", {})
    if not isinstance(table, dict):
        problems.append(f'"channels" is {_shown(table)}; expected a table, [channels], of channel = factor')
        return {}
    problems += [
        f'[channels] "{visible(name)}" is {_shown(factor)}; expected a number, 0 or more'
        for name, factor in table.items()
        if not _is_weight(factor)
    ]
    return {name: float(factor) for name, factor in table.items() if _is_weight(factor)}
