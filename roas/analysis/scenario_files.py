"""Files of scenarios: several questions, compared side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from roas.analysis.asked import Asked, amount, named_amounts, objective_of, share, whole_weeks
from roas.analysis.scenario_tables import read_table
from roas.errors import InputError, UsageError

#: Errors shown of one file; more are counted.
MOST_ERRORS: Final = 20

_EXAMPLE: Final = '[scenario.less-meta]\n  shift = ["Meta=-20%"]'


@dataclass
class Scenarios:
    """What a file asks, and everything wrong with it.

    Attributes
    ----------
    file : str
    asked : list of Asked
        In the file's order.
    where : mapping of name to text
        Key or line of each scenario.
    errors : list of str
        Each begins with its line or key.
    channels : list of (line or key, scenario, channel)
        Names to look up once the account is known.
    margin : float or None
        Contribution margin of all scenarios, where the file gives one.
    """

    file: str
    asked: list[Asked] = field(default_factory=list)
    where: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    channels: list[tuple[str, str, str]] = field(default_factory=list)
    margin: float | None = None

    def refuse(self) -> None:
        """Raise every error in one message, where there are any."""
        if not self.errors:
            return
        self.errors.sort(key=_line)
        shown = [error.replace("\n", "\n  ") for error in self.errors[:MOST_ERRORS]]
        if len(self.errors) > len(shown):
            shown.append(f"and {len(self.errors) - len(shown)} more")
        if len(self.errors) == 1:
            raise InputError(f"{self.file}, {self.errors[0]}")
        raise InputError(f"{self.file}: {len(self.errors)} errors.\n  " + "\n  ".join(shown))


def _line(error: str) -> int:
    """Return the line that an error begins with; errors of keys keep their order."""
    number = error.removeprefix("line ").partition(":")[0]
    return int(number) if error.startswith("line ") and number.isdigit() else 0


def read_scenarios(path: str | Path, base: Asked) -> Scenarios:
    """Read scenarios from TOML (``[scenario.NAME]``) or CSV (a table, or a ``plan.csv``).

    Parameters
    ----------
    path : path
        ``.csv`` is a table, everything else TOML.
    base : Asked
        What a scenario that does not say otherwise has: weeks, limits.

    Raises
    ------
    InputError
        The file is missing, or is neither.
    """
    name = Path(path)
    try:
        text = name.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({(error.strerror or '').lower()}).") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not text in UTF-8. Save it as UTF-8.") from None
    found = Scenarios(str(path))
    if name.suffix.casefold() == ".csv":
        read_table(text, base, found)
    else:
        _toml(text, base, found)
    if not found.asked and not found.errors:
        raise InputError(f"{path}: no scenario in the file. One looks like this:\n  {_EXAMPLE}")
    return found


# ---- TOML ------------------------------------------------------------------------------------


def _toml(text: str, base: Asked, found: Scenarios) -> None:
    import tomllib

    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{found.file}: not a file of scenarios ({error}). One looks like this:\n  {_EXAMPLE}"
        ) from None
    for key, value in data.items():
        if key == "margin":
            _margin(value, found)
        elif key in _KEYS:
            found.errors.append(f'"{key}": belongs to a scenario. Write it below a line such as [scenario.less-meta].')
        elif key != "scenario":
            found.errors.append(f'"{key}": not known at the top. Write [scenario.{key}] above it.')
    scenarios = data.get("scenario", {})
    if not isinstance(scenarios, dict):
        found.errors.append('"scenario": must hold tables, such as [scenario.less-meta].')
        return
    for name, body in scenarios.items():
        where = f"[scenario.{name}]"
        if not isinstance(body, dict):
            found.errors.append(f'{where}: must be a table, for example shift = ["Meta=-20%"] below it.')
            continue
        asked = _scenario(name, body, base, found)
        if asked.nothing and not any(error.startswith(where) for error in found.errors):
            found.errors.append(f"{where}: asks for nothing. Give shift, spend, budget, optimize or a target.")
        found.asked.append(asked)
        found.where[name] = where


def _margin(value: Any, found: Scenarios) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        found.errors.append('"margin": must be a share above 0 and up to 1, for example margin = 0.6.')
    else:
        found.margin = float(value)


#: Key of a scenario → field of `Asked` and what reads the value.
_KEYS: Final[Mapping[str, tuple[str, Callable[[Any, str], Any]]]] = {
    "shift": ("shift", lambda value, key: _texts(value, key)),
    "spend": ("spend", lambda value, key: named_amounts(_named(value, key), option=key)),
    "budget": ("budget", lambda value, key: amount(value, option=key)),
    "optimize": ("optimize", lambda value, key: _claim(value, key)),
    "for": ("objective", lambda value, key: objective_of(value, option=key)),
    "target_marginal_roas": ("target_marginal_roas", lambda value, key: _ratio(value, key)),
    "target_revenue": ("target_revenue", lambda value, key: amount(value, option=key)),
    "max_change": ("max_change", lambda value, key: share(str(value), option=key)),
    "min": ("minimum", lambda value, key: named_amounts(_named(value, key), option=key)),
    "max": ("maximum", lambda value, key: named_amounts(_named(value, key), option=key)),
    "fix": ("fix", lambda value, key: _texts(value, key)),
    "weeks": ("weeks", lambda value, key: whole_weeks(value, option=key)),
}


def _scenario(name: str, body: Mapping[str, Any], base: Asked, found: Scenarios) -> Asked:
    changes: dict[str, Any] = {}
    for key, value in body.items():
        if key not in _KEYS:
            found.errors.append(f'[scenario.{name}] "{key}": {_why_not(key)}')
            continue
        target, read = _KEYS[key]
        try:
            changes[target] = read(value, key)
        except UsageError as error:
            found.errors.append(f"[scenario.{name}] {error}")
    return replace(base, name=name, **changes)


def _why_not(key: str) -> str:
    from difflib import get_close_matches

    if key == "margin":
        return "is one for all scenarios. Write margin = 0.6 at the top of the file, above the first scenario."
    near = get_close_matches(key, _KEYS, n=1)
    return f'not known. Did you mean "{near[0]}"?' if near else f"not known. There are: {', '.join(_KEYS)}."


def _texts(value: Any, key: str) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
        raise UsageError(f'{key}: must be text or a list of texts, for example {key} = ["Meta=-20%"].')
    return tuple(texts)


def _named(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return value
    if isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        return value
    raise UsageError(f"{key}: must name channels and money per week, for example {key} = {{TikTok = 500}}.")


def _claim(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{key}: must be true or false.")
    return value


def _ratio(value: Any, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{key}: must be a number, for example {key} = 1.5.")
    return float(value)
