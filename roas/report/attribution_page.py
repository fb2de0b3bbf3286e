"""One attribution → one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from roas.attribution.frames import ARROW
from roas.attribution.scaled import LABEL
from roas.format import count, day, money, percent, plural, short_day, visible
from roas.report import attribution_words as words
from roas.report.attribution_names import amount, model_name, short_name
from roas.report.page import _environment, _input
from roas.report.tables_page import IN_SIGHT, ROWS, Column, Table

if TYPE_CHECKING:
    from roas.attribution.attribution import Attribution
    from roas.attribution.results import Credit
    from roas.report.pictures import Picture

#: Touches of a path that are written out on the page; paths.csv has all.
TOUCHES: Final = 12


def page(result: Attribution, pictures: Sequence[Picture]) -> str:
    """Return ``index.html``.

    Parameters
    ----------
    pictures : sequence of Picture
        The charts, drawn; shown where the page has a place for their name.
    """
    return _environment().get_template("attribution.html.j2").render(**context(result, pictures))


def context(result: Attribution, pictures: Sequence[Picture]) -> dict[str, Any]:
    """Return everything the template shows, as words."""
    journeys, run = result.journeys, result.run
    return {
        "title": _title(result),
        "period": _period(result),
        "scope": [
            plural(len(result.channels), "channel"),
            journeys.currency or "currency not named",
            "no times" if journeys.lookback_days is None else f"lookback {plural(journeys.lookback_days, 'day')}",
        ],
        "verdict": words.verdict(result),
        "lead": " ".join(filter(None, (words.close_race(result), words.steady(result), words.disagreement(result)))),
        "caution": words.CAUTION,
        "numbers": _numbers(result),
        "left_out": words.left_out(result),
        "credit": _credit(result) if result.credits and result.conversions else None,
        "paths": _paths(result) if result.paths.rows else None,
        "scaled": _scaled(result),
        "conventions": _conventions(result.conventions),
        "models": [(_capital(model_name(c.model)), c.convention) for c in result.credits.values()],
        "inputs": [_input(r) for r in result.reports],
        "notes": [visible(n) for n in result.notes],
        "charts": {p.name: p for p in pictures if p.wide},
        "run": f"Made by roas {run.get('version')}, started {run.get('started')}, {run.get('seconds', 0):.3f} s.",
    }  # fmt: skip


def _title(result: Attribution) -> str:
    start, end = result.journeys.start, result.journeys.end
    return f"Attribution, {short_day(start)} to {short_day(end)}" if start and end else "Attribution"


def _period(result: Attribution) -> str:
    start, end = result.journeys.start, result.journeys.end
    return f"{day(start)} – {day(end)}" if start and end else "Dates not in the file"


def _numbers(result: Attribution) -> list[dict[str, str]]:
    paths, currency = result.journeys.paths, result.journeys.currency
    journeys = float(paths.journeys.sum())
    known = result.journeys.nulls_known and journeys > 0
    rate = (
        f"{percent(result.conversions / journeys)} of journeys convert" if known else "journeys without one not known"
    )
    value = money(result.value, currency) if result.value else "–"
    each = (
        f"{money(result.value / result.conversions, currency, full=True)} each"
        if result.value and result.conversions
        else "no value in the file"
    )
    return [
        {"label": "Journeys", "value": count(round(journeys)), "says": _touches(round(result.touchpoints))},
        {"label": "Conversions", "value": amount(result.conversions), "says": rate},
        {"label": "Value", "value": value, "says": each},
    ]


def _touches(number: int) -> str:
    return "1 touch" if number == 1 else f"{count(number)} touches"


def _folded(caption: str, columns: list[Column], rows: list[list[str]], rest: Sequence[str] = ()) -> Table:
    """Return a table with the first rows in sight; a single row is not folded away."""
    sight = len(rows) if len(rows) == IN_SIGHT + 1 and not rest else IN_SIGHT
    return Table(caption, columns, rows[:sight], rows[sight:], rest)


def _credit(result: Attribution) -> Table:
    """Return every channel with its credit under each model, the leading model first."""
    lead = result.leading
    others = [c for c in result.credits.values() if c.model != lead.model]
    ranged = lead.conversions_interval is not None
    columns = [Column("channel", "Channel", text=True), _model(lead)]
    columns += [Column("share", "Share", "share of all credited conversions")]
    columns += [Column("interval", "90 % interval", "of the model to the left; journeys resampled")] if ranged else []
    columns += [_model(c) for c in others]
    if result.value:
        columns.append(Column("value", "Value", f"value credited by {model_name(lead.model)}"))
    order = result.ranked(lead.conversions)
    rows = [_credit_row(result, lead, others, c) for c in order[:ROWS]]
    rest = _rest(result, lead, others, order[ROWS:]) if order[ROWS:] else ()
    return _folded("Conversions credited, by model", columns, rows, rest)


def _model(credit: Credit) -> Column:
    """Return the column of a model: a short name, and the whole one where it says more."""
    short, whole = short_name(credit.model), _capital(model_name(credit.model))
    return Column(credit.model, short.replace("-", "\u2011"), "" if whole == short else whole)  # breaks at no hyphen


def _credit_row(result: Attribution, lead: Credit, others: Sequence[Credit], channel: int) -> list[str]:
    own = float(lead.conversions[channel])
    row = [visible(result.channels[channel]), amount(own), percent(own / result.conversions)]
    if lead.conversions_interval is not None:
        low, high = (float(x) for x in lead.conversions_interval[channel])
        row.append(f"{amount(low)} to {amount(high)}")
    row += [amount(float(c.conversions[channel])) for c in others]
    return [*row, money(float(lead.value[channel]), result.journeys.currency)] if result.value else row


def _rest(result: Attribution, lead: Credit, others: Sequence[Credit], channels: Sequence[int]) -> list[str]:
    """Add up the channels that are not listed."""
    chosen = list(channels)
    own = float(lead.conversions[chosen].sum())
    row = [plural(len(chosen), "more channel"), amount(own), percent(own / result.conversions)]
    row += [""] if lead.conversions_interval is not None else []
    row += [amount(float(c.conversions[chosen].sum())) for c in others]
    return [*row, money(float(lead.value[chosen].sum()), result.journeys.currency)] if result.value else row


def _paths(result: Attribution) -> Table:
    """Return the commonest paths."""
    columns = [
        Column("path", "Path", text=True), Column("conversions", "Conversions"), Column("journeys", "Journeys"),
        Column("rate", "Convert", "conversions over journeys"),
        *([Column("value", "Value")] if result.value else []),
    ]  # fmt: skip
    rows = [_path_row(result, row, written(row.path or ())) for row in result.paths.rows[:ROWS]]
    listed = result.paths.rows[ROWS:]
    other = result.paths.other
    many = len(listed) + other.paths
    rest: list[str] = []
    if many:
        sums = [sum(getattr(r, k) or 0.0 for r in (*listed, other)) for k in ("conversions", "journeys", "value")]
        rest = [plural(many, "other path"), amount(sums[0]), count(round(sums[1])), _rate(result, *sums[:2])]
        rest += [money(sums[2], result.journeys.currency)] if result.value else []
    return _folded("Paths with the most conversions", columns, rows, rest)


def _path_row(result: Attribution, row: Any, name: str) -> list[str]:
    cells = [name, amount(row.conversions), count(round(row.journeys)), _rate(result, row.conversions, row.journeys)]
    return [*cells, money(row.value, result.journeys.currency)] if result.value else cells


def _rate(result: Attribution, conversions: float, journeys: float) -> str:
    return percent(conversions / journeys) if journeys and result.journeys.nulls_known else "–"


def written(path: Sequence[str]) -> str:
    """Write a path, touches in a row counted, the middle of a long one left out.

    Examples
    --------
    >>> written(["Search", "Search", "Email"])
    'Search ×2 > Email'
    """
    runs: list[tuple[str, int]] = []
    for name in path:
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + 1)
        else:
            runs.append((name, 1))
    said = [visible(name) + (f" ×{times}" if times > 1 else "") for name, times in runs]
    if len(said) > TOUCHES:
        half = TOUCHES // 2
        said = [*said[:half], f"… {len(said) - 2 * half} more …", *said[-half:]]
    return ARROW.join(said)


def _scaled(result: Attribution) -> dict[str, Any] | None:
    """Return the section on what channels caused; None where that was not given."""
    found = result.scaled
    if found is None:
        return None
    currency, model = result.journeys.currency, result.leading.model
    columns = [
        Column("channel", "Channel", text=True), Column("caused", "Caused", "revenue that the channel caused"),
        Column("interval", "90 % interval"), Column("attributed", f"Attributed, {model_name(model)}"),
        Column("factor", "Caused over attributed", "by this a channel's credit is scaled"),
        *([Column("claimed", "Claimed", "what the platform reports")] if found.caused.claimed else []),
    ]  # fmt: skip
    rows = []
    for row in found.rows:
        factor = row.factors[model]
        cells = [
            visible(row.channel), money(row.caused.p50, currency),
            f"{money(row.caused.p5, currency)} to {money(row.caused.p95, currency)}",
            money(row.attributed[model], currency), "–" if factor is None else f"{factor:.2f}",
        ]  # fmt: skip
        rows.append([*cells, money(row.claimed, currency)] if found.caused.claimed else cells)
    said = words.scaled_lines(result)[len(found.rows) :]
    return {
        "title": f"{LABEL.capitalize()}",
        "table": _folded(f"{LABEL.capitalize()}: caused beside attributed", columns, rows),
        "lines": said,
        "source": visible(found.caused.source),
    }


def _conventions(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(_capital(str(k).replace("_", " ")), _said(v)) for k, v in found.items() if k != "models"]


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{str(k).replace('_', ' ')}: {_said(v)}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_said(v) for v in value) or "none"
    return "not used" if value is None else visible(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
