"""Header → layout → canonical columns: what a table is, and how it maps."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from roas.errors import InputError, UsageError
from roas.io.compact import compact
from roas.io.headers import fold, header, quoted, repair_mojibake, words
from roas.io.mapped import Mapped
from roas.io.numbered import numbered_columns
from roas.io.numbers import decide_mark, is_null, strip, to_number
from roas.io.platforms import platforms
from roas.io.platforms.base import Platform
from roas.io.platforms.generic import DAILY_REVENUE, EXPERIMENTS, JOURNEYS, LONG, ORDER_ROWS, PATHS, WIDE, WIDE_JOURNEYS
from roas.io.raw import RawTable
from roas.io.scan import load_whole
from roas.io.touch_columns import is_touches, touch_columns, touches
from roas.io.wide import WideColumns, label, wide_columns
from roas.language import say
from roas.limits import TOTALS_TOLERANCE
from roas.problems import Findings
from roas.tables import REACH, REVENUE_MEASURES, SPEND_MEASURES

if TYPE_CHECKING:
    import pandas as pd

MEASURES = frozenset((*SPEND_MEASURES, REACH, *REVENUE_MEASURES))

#: Canonical names that ``--map`` takes.
MAPPABLE = frozenset(c for p in (LONG, DAILY_REVENUE, ORDER_ROWS, PATHS, JOURNEYS) for c in p.columns) | {
    "conversion_value",
    "order_id",
}

#: Names in a file's name that say whose export it is.
_FILE_HINTS = {
    "google": "Google Ads", "adwords": "Google Ads", "facebook": "Meta", "meta": "Meta", "instagram": "Meta",
    "tiktok": "TikTok",
    "bing": "Microsoft Ads", "microsoft": "Microsoft Ads", "linkedin": "LinkedIn", "pinterest": "Pinterest",
    "snapchat": "Snapchat",
    "amazon": "Amazon Ads", "reddit": "Reddit", "twitter": "X", "dv360": "DV360", "criteo": "Criteo",
    "taboola": "Taboola", "outbrain": "Outbrain",
}  # fmt: skip


@dataclass(frozen=True)
class Overrides:
    """What the person said about the files' columns.

    ``mapping`` holds canonical name → headers as written; `spend` may name
    several, one per channel of a wide table.
    """

    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    platform: str | None = None
    channel: str | None = None


def parse_map(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Read ``--map canonical="Header"`` options.

    Raises
    ------
    UsageError
        Without ``=``, or with a canonical name that does not exist.
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        canonical, sign, head = text.partition("=")
        canonical = canonical.strip().casefold()
        if not sign or not head.strip():
            raise UsageError(f'--map "{text}": write it as canonical="Header", for example --map spend="Money out".')
        if canonical not in MAPPABLE:
            near = difflib.get_close_matches(canonical, MAPPABLE, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else f" Known: {', '.join(sorted(MAPPABLE))}."
            raise UsageError(f'--map "{text}": no canonical column "{canonical}".{hint}')
        found[canonical] = (*found.get(canonical, ()), head.strip().strip('"'))
    return found


def recognise(raw: RawTable, overrides: Overrides, *, role: str | None = None) -> list[Mapped]:
    """Tell what a table is and put canonical names on its columns.

    Returns
    -------
    list of Mapped
        One table; two for a wide one that also carries revenue.

    Raises
    ------
    InputError
        When no layout fits: names what was found and what to do.
    """
    keys = [words(header(repair_mojibake(h)).key) for h in raw.header]
    given = _given(raw, overrides)
    chosen = _platform(raw, keys, overrides.platform)
    if "path" in given:
        chosen = PATHS
    if _holds_touches(raw, keys, given, chosen, role):
        return [touches(raw, given)]
    if chosen is JOURNEYS:
        chosen = None  # named as spend or revenue
    if chosen is not None and len(given.get("spend", ())) < 2:
        columns = {c: i for c, i in chosen.map(keys).items() if i not in {j for g in given.values() for j in g}}
        columns |= {c: g[0] for c, g in given.items()}
        if chosen in (PATHS, WIDE_JOURNEYS):
            return [_journeys_of_paths(raw, keys, chosen, columns)]
        return [_mapped(raw, chosen, columns, role=chosen.role)]
    return _generic(raw, keys, given, overrides, role)


def journey_columns(raw: RawTable, overrides: Overrides) -> dict[str, int]:
    """Map the canonical columns of a table with one row a touch to positions, ``--map`` first.

    Raises
    ------
    InputError
        Without an id, a time or a channel.
    """
    return touch_columns(raw, _given(raw, overrides))


def _holds_touches(
    raw: RawTable, keys: list[str], given: Mapping[str, tuple[int, ...]], chosen: Platform | None, role: str | None
) -> bool:
    """Return whether rows are touches: by their header, or because the person says so."""
    if role not in (None, "journeys") or chosen in (PATHS, WIDE_JOURNEYS):
        return False
    said = role == "journeys" or ("user" in given and role is None)
    return chosen is JOURNEYS or (said and not _is_paths(raw, keys, role))


def _refuse_twins(raw: RawTable, used: Iterable[int]) -> None:
    """Refuse a column that is read when another of its name differs; say so when they are equal."""
    folded = [fold(h) for h in raw.header]
    for i in sorted(used):
        for j in (j for j, key in enumerate(folded) if key and key == folded[i] and j > i):
            if raw.cells[i].map(str).equals(raw.cells[j].map(str)):
                raw.findings.note(
                    say('column "{header}" stands twice with the same cells; the first is read', header=raw.header[i])
                )
            else:
                raw.findings.error(
                    f"stands twice (columns {i + 1} and {j + 1}) with different cells.",
                    "Rename or remove one of them.", line=raw.header_line, column=raw.header[i],
                )  # fmt: skip


def _say_left_aside(raw: RawTable, keys: list[str], layout: Platform, columns: Mapping[str, int]) -> None:
    """Name columns with another word for the money that is read, where their cells differ."""
    for canonical in ("spend", "revenue"):
        chosen = columns.get(canonical)
        for i, key in enumerate(keys):
            if chosen is None or i in columns.values() or key not in layout.keys(canonical):
                continue
            if fold(raw.header[i]) == fold(raw.header[chosen]) or raw.cells[i].map(str).equals(
                raw.cells[chosen].map(str)
            ):
                continue
            one, other = raw.header[chosen].strip(), raw.header[i].strip()
            if canonical == "spend":
                raw.findings.error(
                    f'"{one}" and "{other}" could both be the spend, and they differ.',
                    f'Use --map spend="{one}" or --map spend="{other}".', line=raw.header_line,
                )  # fmt: skip
            else:
                raw.findings.warn(
                    say('"{one}" is read as revenue; "{other}" differs and is left aside.', one=one, other=other),
                    f'Use --map {canonical}="{other}" if that one is meant.',
                )


def _given(raw: RawTable, overrides: Overrides) -> dict[str, tuple[int, ...]]:
    """Find the columns that ``--map`` names in this file; others may be in another."""
    exact = {h.strip(): i for i, h in reversed(list(enumerate(raw.header)))}
    folded = {fold(h): i for i, h in reversed(list(enumerate(raw.header)))}
    found = {}
    for canonical, heads in overrides.mapping.items():
        positions = tuple(p for h in heads if (p := exact.get(h, folded.get(fold(h)))) is not None)
        if positions:
            found[canonical] = positions
    return found


def _platform(raw: RawTable, keys: list[str], forced: str | None) -> Platform | None:
    """Choose the layout whose signs the header carries and that maps the most columns."""
    known = [p for p in platforms() if p.signs or p.titles]
    if forced:
        wanted = [p for p in platforms() if p.format in (forced, f"{forced}_ads")]
        if not wanted:
            names = sorted({p.format for p in platforms()})
            near = difflib.get_close_matches(forced, names, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else f" Known: {', '.join(names)}."
            raise UsageError(f'--platform "{forced}" is not known.{hint}')
        return max(wanted, key=lambda p: len(p.map(keys)))
    present = set(keys)
    above = "\n".join(fold(line) for line in raw.preamble)
    scored = []
    for order, p in enumerate(known):
        titled = bool(p.titles and re.search(p.titles, above, re.MULTILINE))
        signed = p.has_signs(present) if p is not JOURNEYS else is_touches(present)
        mapped = p.map(keys)
        if signed or (titled and ("date" in mapped or "spend" in mapped or p.role != "spend")):
            scored.append((len(mapped) + 5 * titled, -order, p))
    return max(scored, key=lambda s: s[:2])[2] if scored else None


def _generic(
    raw: RawTable, keys: list[str], given: dict[str, tuple[int, ...]], overrides: Overrides, role: str | None
) -> list[Mapped]:
    for layout in (EXPERIMENTS, PATHS):
        if layout.has_signs(set(keys)) and "spend" not in LONG.map(keys) and role is None:
            return [_mapped(raw, layout, layout.map(keys), role=layout.role)]
    if _is_paths(raw, keys, role):
        return [_journeys_of_paths(raw, keys, PATHS if "path" in PATHS.map(keys) else WIDE_JOURNEYS, PATHS.map(keys))]
    single = {c: g[0] for c, g in given.items()}
    held = set(single.values())
    free = ["" if i in held else k for i, k in enumerate(keys)]
    several = given.get("spend", ()) if len(given.get("spend", ())) > 1 else ()
    long = {c: i for c, i in LONG.map(free).items() if c not in single} | single
    if not several and "spend" in long and role != "revenue" and _is_long(raw, keys, long):
        _say_left_aside(raw, free, LONG, {c: i for c, i in long.items() if c not in single})
        return [_long(raw, long, overrides)]
    outcome = {c: i for c, i in DAILY_REVENUE.map(free).items() if c not in single}
    outcome |= {c: i for c, i in single.items() if c in DAILY_REVENUE.columns}
    orders = ORDER_ROWS.map(free) | single
    if _is_orders(orders, outcome, role):
        columns = {c: i for c, i in orders.items() if c in ORDER_ROWS.columns}
        return [_mapped(raw, ORDER_ROWS, columns, role="revenue")]
    load_whole(raw)
    _multiply_out(raw, keys, outcome)
    numeric = [is_numeric(raw.cells[i]) for i in range(len(keys))]
    wide = wide_columns(raw.header, numeric, set(outcome.values()))
    if several:
        wide = WideColumns(spend={label(raw.header[i], keys[i]): i for i in several})
    if _is_revenue(outcome, wide, role):
        _say_left_aside(raw, free, DAILY_REVENUE, {c: i for c, i in outcome.items() if c not in single})
        return [_revenue(raw, outcome, wide)]
    named = {"channel", "campaign"} & long.keys()  # rows per channel: a column without a spend header is none
    if wide.spend and role != "revenue" and _dated(outcome) and not (named and wide.guessed):
        return _wide(raw, outcome, wide)
    raise InputError(_unknown(raw, keys, outcome, long, role))


def _is_paths(raw: RawTable, keys: list[str], role: str | None) -> bool:
    """Return whether a table without the usual signs holds paths, or one touch a column."""
    if role not in (None, "journeys") or (role is None and (_dated(LONG.map(keys)) or "spend" in LONG.map(keys))):
        return False
    return (role == "journeys" and "path" in PATHS.map(keys)) or bool(
        numbered_columns(raw.header, asked=role == "journeys")
    )


def _journeys_of_paths(raw: RawTable, keys: list[str], layout: Platform, columns: dict[str, int]) -> Mapped:
    """Map a table of paths, or of one touch a column; cells beyond the header come along.

    A row of a big text file whose cells slipped sideways has one too many: as
    ``beyond`` the reader sees it.
    """
    if layout is WIDE_JOURNEYS:
        touches = numbered_columns(raw.header, asked=True)
        known = layout.map(["" if i in touches else key for i, key in enumerate(keys)])
        columns = known | {f"touch {n}": i for n, i in enumerate(touches, start=1)}
    if raw.scan is None or raw.scan.path is None:
        return _mapped(raw, layout, columns, role=layout.role)
    raw.cells[len(raw.header)] = None
    raw.header.append("")
    table = _mapped(raw, layout, columns | {"beyond": len(raw.header) - 1}, role=layout.role)
    raw.header.pop()
    table.headers.pop("beyond")
    return table


def _multiply_out(raw: RawTable, keys: list[str], outcome: dict[str, int]) -> None:
    """Give a table with conversions and revenue per conversion its revenue column."""
    if "revenue" in outcome or not {"conversions", "revenue per conversion"} <= set(keys):
        return
    count, each = keys.index("conversions"), keys.index("revenue per conversion")
    product = []
    for a, b in zip(raw.cells[count], raw.cells[each], strict=True):
        try:
            left, right = to_number(a, "."), to_number(b, ".")
        except ValueError:
            return
        product.append(None if left is None or right is None else round(left * right, 6))
    outcome["revenue"] = len(raw.header)
    raw.cells[len(raw.header)] = product
    raw.cells[len(raw.header)] = raw.cells[len(raw.header)].astype(object)
    raw.header.append(f"{raw.header[count]} x {raw.header[each]}")
    keys.append("revenue")
    raw.findings.note(say('revenue is "{one}" times "{other}"', one=raw.header[count], other=raw.header[each]))


def _dated(columns: Mapping[str, int]) -> bool:
    return bool({"date", "week", "month"} & columns.keys())


def _is_long(raw: RawTable, keys: list[str], long: dict[str, int]) -> bool:
    """Return whether a plain spend column has its channel beside it.

    A second column with a word for spend (``tv_spend`` beside ``spend``)
    makes a wide table with a total.
    """
    if {"channel", "campaign", "ad_group"} & long.keys():
        return True
    rest = [i for i in range(len(keys)) if i not in long.values()]
    others = wide_columns([raw.header[i] for i in rest], [is_numeric(raw.cells[i]) for i in rest], set())
    return others.guessed or not others.spend


def _is_orders(orders: dict[str, int], outcome: dict[str, int], role: str | None) -> bool:
    if "order_id" in orders and "revenue" in orders and "date" in orders and "orders" not in outcome:
        return True
    return role == "revenue" and "revenue" not in outcome and "revenue" in orders and "date" in orders


def _is_revenue(outcome: dict[str, int], wide: WideColumns, role: str | None) -> bool:
    if "revenue" not in outcome or not _dated(outcome):
        return False
    if role == "revenue" or not wide.spend:
        return True
    return wide.guessed and bool({"orders", "sessions", "new_customers"} & outcome.keys())


def is_numeric(cells: pd.Series) -> bool:
    """Return whether a column holds numbers (text of digits, or typed ones)."""
    values = [v for v in cells.head(400).tolist() if not is_null(v)]
    if not values:
        return False
    good = sum(1 for v in values if (strip(v) is not None if isinstance(v, str) else isinstance(v, int | float)))
    return good >= 0.8 * len(values) and not all(isinstance(v, bool) for v in values)


def _mapped(raw: RawTable, platform: Platform, columns: dict[str, int], *, role: str) -> Mapped:
    """Take the mapped columns out of a raw table, under canonical names."""
    measures = frozenset(MEASURES | platform.numbers)
    _refuse_twins(raw, (i for c, i in columns.items() if not c.startswith("control: ")))
    if raw.scan is not None:
        frame = compact(raw, columns, measures, rowwise=platform.rowwise)
    else:
        frame = raw.cells[list(columns.values())].copy()
        frame.columns = list(columns)
        frame["_rows"] = 1
    heads = {c: raw.header[i].strip() for c, i in columns.items()}
    money = [c for c in ("spend", "conversion_value", "revenue") if c in columns]
    found = {header(raw.header[columns[c]]).currency for c in money} - {None}
    currency = next(iter(found)) if len(found) == 1 else None
    table = Mapped(
        raw, platform, frame, heads, role, raw.findings, currency,
        rows_read=int(frame["_rows"].sum()) + (raw.repeats.rows if raw.repeats else 0),
    )  # fmt: skip
    if len(found) > 1:
        table.findings.error(
            f"two currencies in the header: {', '.join(sorted(map(str, found)))}.",
            "Map one with --map spend=...",
        )
    return table


def _long(raw: RawTable, columns: dict[str, int], overrides: Overrides) -> Mapped:
    table = _mapped(raw, LONG, columns, role="spend")
    if overrides.channel and "channel" not in columns:
        table.frame["channel"] = overrides.channel
    elif "channel" not in columns:
        _name_channel(table, raw)
    return table


def _name_channel(table: Mapped, raw: RawTable) -> None:
    """Take the channel from the file's name, or refuse to invent one."""
    named = sorted({v for k, v in _FILE_HINTS.items() if k in fold(raw.stem)})
    if len(named) == 1:
        table.frame["channel"] = named[0]
        table.findings.note(say('no channel column; the file\'s name says "{channel}"', channel=named[0]))
    elif "campaign" not in table.frame.columns and "revenue" in table.frame.columns:
        table.frame["channel"] = "All channels"
        table.findings.note(say('no channel column: all spend is one channel, "All channels"'))
    else:
        table.findings.error(
            f"no channel column. Found: {quoted(raw.header)}.",
            '--map channel="Header" names the column, --channel "Name" puts the whole file under one channel, '
            "--platform names the platform.", line=raw.header_line,
        )  # fmt: skip


def _revenue(raw: RawTable, outcome: dict[str, int], wide: WideColumns) -> Mapped:
    controls = {f"control: {raw.header[i].strip()}": i for i in (*wide.controls, *wide.spend.values())}
    return _mapped(raw, DAILY_REVENUE, outcome | controls, role="revenue")


def _wide(raw: RawTable, outcome: dict[str, int], wide: WideColumns) -> list[Mapped]:
    """Melt the channels' columns into rows; revenue beside them is a table of its own."""
    import pandas as pd

    _refuse_twins(raw, wide.spend.values())
    for first, second in wide.twice:
        raw.findings.error(
            f'"{raw.header[first].strip()}" and "{raw.header[second].strip()}" are both the spend of one channel.',
            "Rename one of them, or name the right columns with --map spend=...", line=raw.header_line,
        )  # fmt: skip
    keys = {c: i for c, i in outcome.items() if c in WIDE.columns}
    parts = []
    for number, (channel, position) in enumerate(wide.spend.items()):
        columns = keys | {"spend": position}
        for canonical, where in (("impressions", wide.impressions), ("clicks", wide.clicks)):
            if channel in where:
                columns[canonical] = where[channel]
        part = raw.cells[list(columns.values())].copy()
        part.columns = list(columns)
        part["channel"] = channel
        part["_rows"] = 1 if number == 0 else 0
        parts.append(part)
    first = next(iter(wide.spend.values()))
    currencies = {header(raw.header[i]).currency for i in wide.spend.values()} - {None}
    table = Mapped(
        raw, WIDE, pd.concat(parts),
        {"spend": raw.header[first].strip()} | {c: raw.header[i].strip() for c, i in keys.items()},
        "spend", raw.findings, next(iter(currencies)) if len(currencies) == 1 else None, rows_read=len(raw.cells),
        wide=[raw.header[i] for i in wide.spend.values()],
    )  # fmt: skip
    if len(currencies) > 1:
        table.findings.error(
            f"cannot add spend in {' and '.join(sorted(map(str, currencies)))}.",
            "Put each currency in a file of its own.",
        )
    _say_guesses(table, raw, wide)
    if "revenue" not in outcome:
        return [table]
    controls = {f"control: {raw.header[i].strip()}": i for i in wide.controls}
    beside = _mapped(raw, DAILY_REVENUE, outcome | controls, role="revenue")
    beside.findings, beside.rows_read = Findings(), 0
    beside.frame["_rows"] = 0  # its lines are counted with the spend
    return [table, beside]


def _say_guesses(table: Mapped, raw: RawTable, wide: WideColumns) -> None:
    """Name the columns that were taken as spend, or left out, without a word that says so."""
    guesses = list(wide.spend.values()) if wide.guessed else wide.bare
    if guesses:
        taken = ", ".join(f'"{raw.header[i].strip()}"' for i in guesses)
        table.findings.warn(
            say("read as spend, one column a channel: {columns}", columns=taken),
            'Use --map spend="Header" for each spend column if one is something else.',
        )
    for i in wide.totals:
        own, parts = _plain_sum(raw.cells[i]), [_plain_sum(raw.cells[j]) for j in wide.spend.values()]
        added = None if None in parts else math.fsum(p for p in parts if p is not None)
        if own is None or added is None or abs(own - added) > TOTALS_TOLERANCE * abs(own):
            table.findings.warn(
                say(
                    '"{header}" is read as the total of the channels and left out, but they do not add up to it.',
                    header=raw.header[i].strip(),
                ),
                "Add the missing channel, or correct the column.",
            )
        else:
            table.findings.note(say('"{header}" is the total of the channels: left out', header=raw.header[i].strip()))


def _plain_sum(cells: pd.Series) -> float | None:
    """Add up cells by the decimal mark that they themselves settle; None where one is no number."""
    texts = [c for c in cells.tolist() if isinstance(c, str)]
    mark = decide_mark(texts).mark or "."
    try:
        return math.fsum(to_number(c, mark) or 0.0 for c in cells.tolist())
    except (ValueError, TypeError):
        return None


def _unknown(
    raw: RawTable, keys: list[str], outcome: Mapping[str, int], long: Mapping[str, int], role: str | None
) -> str:
    """Say what a table lacks, and which of its columns may be meant."""
    found = f"Found: {quoted(raw.header)}."
    where = f"{raw.name}, line {raw.header_line}: "
    if not _dated(outcome):
        return f'{where}no date column. {found}\n  --map date="Header" names it.'
    wanted = "revenue" if role == "revenue" else "spend"
    words_of = DAILY_REVENUE.keys("revenue") if wanted == "revenue" else LONG.keys("spend")
    near = [h for h, k in zip(raw.header, keys, strict=True) if k and _resembles(k, words_of)]
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    return f'{where}no {wanted} column. {found}\n  {hint}Use --map {wanted}="{near[0] if near else "Header"}".'


def _resembles(key: str, known: Sequence[str]) -> bool:
    return bool(difflib.get_close_matches(key, known, n=1, cutoff=0.75)) or any(
        w in key.split() for w in ("spend", "cost", "money", "amount", "revenue")
    )
