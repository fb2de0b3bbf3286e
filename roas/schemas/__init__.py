"""JSON Schemas (draft 2020-12) of the documents that roas writes."""

from __future__ import annotations

from typing import Any, Final

from roas.errors import UsageError

__all__ = ["NAMES", "schema"]

NAMES: Final = ("analysis", "plan", "attribution", "inspection", "report")


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one document, complete in itself.

    Parameters
    ----------
    name : str
        One of `NAMES`.

    Returns
    -------
    dict
        A fresh copy. The report's schema carries the analysis schema, on
        which it builds, under ``$defs``.

    Raises
    ------
    roas.errors.UsageError
        If no schema has this name.

    Examples
    --------
    >>> schema("plan")["properties"]["schema"]["const"]
    'roas.plan/1'
    """
    import json
    from importlib.resources import files

    if name not in NAMES:
        raise UsageError(_unknown(name))
    document: dict[str, Any] = json.loads((files(__name__) / f"{name}.json").read_text(encoding="utf-8"))
    if name == "report":
        document["$defs"]["analysis"] = schema("analysis")
    return document


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, NAMES, n=1)
    guess = f' Did you mean "{near[0]}"?' if near else ""
    return f'no schema is called "{name}".{guess}\n  Schemas: {", ".join(NAMES)}.'
