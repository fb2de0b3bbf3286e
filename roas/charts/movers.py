"""What weekly ROAS moves with: luck and the rest, channel by channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.axis import nothing, row_label
from roas.charts.layout import finish, font_of
from roas.charts.places import points_of
from roas.charts.rows import each_row, known
from roas.charts.signed import thickness
from roas.charts.theme import GRID, HUES, INK, MUTED, PAPER, TEXT, WORDS_OF, is_narrow, literal
from roas.charts.values import finite
from roas.format import DASH, percent, plural, swing
from roas.language import mark, say
from roas.limits import CHART_CHANNELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Part → its name in plain words, to be said, and its colour: hues that carry white letters.
PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "sampling": (mark("luck"), MUTED),
    "calendar": (mark("calendar"), WORDS_OF[HUES[3]]),
    "demand": (mark("demand"), WORDS_OF[HUES[2]]),
    "spend": (mark("own spend"), HUES[0]),
    "funnel": (mark("price, click-through, basket"), WORDS_OF[HUES[1]]),
    "unexplained": (mark("unexplained"), GRID),
}

#: The row of the whole account, drawn first and counted with no channel.
ACCOUNT: Final = mark("Account")

#: Share of a variance from which a part is most of it.
MOST: Final = 0.5

#: Shares below this are not worth a place in the key.
_SEEN: Final = 0.005


def volatility_split(shares: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what the swings of weekly ROAS consist of, for the account and each channel.

    Parameters
    ----------
    shares : DataFrame
        ``name`` (a channel, or "Account"), ``observed`` (standard deviation
        of log weekly ROAS) and the shares of its variance, adding to 1:
        ``sampling``, ``calendar``, ``demand``, ``spend``, ``funnel``,
        ``unexplained``. Drawn in the order given, the account first.

    Returns
    -------
    Axes
        A row whose shares are not known says so.
    """
    with theme.style():
        ax = theme.axes(ax)
        table = finite(shares, ["observed", *PARTS])
        subtitle = say(
            "Shares of the variance of log weekly ROAS, by what it moves with: correlation, not cause. "
            "Right: usual swing of a week, up or down (standard deviation)"
        )
        if not len(table) or not table[list(PARTS)].notna().any(axis=None):
            nothing(ax, say("Needs more weeks with spend and revenue."))
            return finish(ax, say("What moves ROAS cannot be told"), subtitle)
        first = table["name"].astype(str) == ACCOUNT
        table = table.assign(account=first).sort_values("account", ascending=False, kind="stable")
        shown = table.head(CHART_CHANNELS + int(first.any()))
        more = len(table) - len(shown)
        if more:
            subtitle += f". {say('{channels} not drawn', channels=plural(more, 'other channel'))}"
        segments = _bars(ax, shown)
        finish(ax, _title(table), subtitle)
        _percents(ax, segments)
        return ax


def _parts_of(row: Any) -> dict[str, float] | None:
    """Return the shares of a row, none below zero; None where they are not known."""
    found = {part: max(known(getattr(row, part)) or 0.0, 0.0) for part in PARTS}
    total = sum(found.values())
    return {part: value / total for part, value in found.items()} if total > 0 else None


def _bars(ax: Axes, shown: pd.DataFrame) -> list[tuple[float, float, float, str]]:
    """Draw one stacked bar a row; return the segments as (left, width, height, part)."""
    narrow = is_narrow(ax)
    size = TEXT if len(shown) <= 9 else TEXT - 1.5
    thick = thickness(0.4 if narrow else 0.62, len(shown))
    segments: list[tuple[float, float, float, str]] = []
    y = 0.0
    for row in each_row(shown):
        at = y + (0.2 if narrow else 0.0)
        parts = _parts_of(row)
        if parts is None:
            row_label(ax, (0, at), (0, 0), say("cannot be told"), MUTED, size, "left")
        left = 0.0
        for part, share in (parts or {}).items():
            if share > _SEEN:
                ax.barh(at, share, left=left, height=thick, color=PARTS[part][1], linewidth=0)
                segments.append((left, share, at, part))
            left += share
        _names(ax, row, y - 0.26 if narrow else at, size, narrow=narrow)
        y += 1.3 if row.account and len(shown) > 1 else 1.0
    _edges(ax, segments, thick / 2)
    back = (
        0.0
        if narrow
        else 8 + max(points_of(ax, _name(row, narrow=False), size, bold=row.account) for row in each_row(shown))
    )
    top = _key(ax, [p for p in PARTS if any(s[3] == p for s in segments)], y, back)
    ax.set_ylim(y - 0.55, top)
    ax.set_xlim(0, 1)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines["bottom"].set_visible(False)
    return segments


def _edges(ax: Axes, segments: Sequence[tuple[float, float, float, str]], half: float) -> None:
    """Part neighbouring segments by a line in the colour of the page."""
    for left, _, at, _part in segments:
        if left > 0:
            ax.plot([left, left], [at - half, at + half], color=PAPER, linewidth=1.5, solid_capstyle="butt", zorder=3)


def _name(row: Any, *, narrow: bool) -> str:
    return say(ACCOUNT) if row.account else literal(row.name, most=24 if narrow else 22)


def _names(ax: Axes, row: Any, y: float, size: float, *, narrow: bool) -> None:
    name = _name(row, narrow=narrow)
    how_far = swing(known(row.observed))
    weight = "bold" if row.account else "normal"
    if narrow:
        row_label(ax, (0, y), (0, 0), name, INK, size, "left", weight)
        row_label(
            ax, (1, y), (0, 0), say("swing {swing}", swing=how_far) if how_far != DASH else "", MUTED, size, "right"
        )
    else:
        row_label(ax, (0, y), (-8, 0), name, INK, size, "right", weight)
        row_label(
            ax, (1, y), (8, 0), how_far.replace(say("a factor of {number}", number=""), "× "), MUTED, size, "left"
        )


def _key(ax: Axes, parts: Sequence[str], rows: float, back: float) -> float:
    """Write the parts above the bars, each behind a square of its colour; return the upper limit.

    `back` is the room left of the bars (points), free beside the key.
    """
    figure: Any = ax.get_figure(root=True)
    wide = float(figure.get_figwidth()) * 72 - 26
    tall = float(figure.get_figheight()) * 72 - 90
    lines: list[list[tuple[float, str]]] = [[]]
    x = 0.0
    for part in parts:
        need = points_of(ax, say(PARTS[part][0])) + 13
        if lines[-1] and x + need > wide:
            lines.append([])
            x = 0.0
        lines[-1].append((x, part))
        x += need + 8
    step = 16.5 * (rows + 1) / tall  # rows of bars that one line of letters takes
    start = -0.62 - step * (len(lines) - 0.5)
    for i, line in enumerate(lines):
        for at, part in line:
            _swatch(ax, start + i * step, at - back, part)
    return start - 0.5 * step


def _swatch(ax: Axes, y: float, shift: float, part: str) -> None:
    says, colour = PARTS[part]
    ax.annotate("■", (0, y), xycoords=("axes fraction", "data"), xytext=(shift, 0), textcoords="offset points",
                ha="left", va="center", color=colour, annotation_clip=False, **font_of(TEXT + 1))  # fmt: skip
    row_label(ax, (0, y), (shift + 13, 0), say(says), MUTED, TEXT, "left")


def _percents(ax: Axes, segments: Sequence[tuple[float, float, float, str]]) -> None:
    """Write shares into the segments that have room."""
    point = ax.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    wide = ax.get_window_extent().width / point
    for left, share, at, part in segments:
        text = percent(share)
        if share * wide < points_of(ax, text, TEXT - 1) + 6:
            continue
        colour = MUTED if part == "unexplained" else PAPER
        ax.annotate(text, (left + share / 2, at), xytext=(0, 0), textcoords="offset points", ha="center",
                    va="center_baseline", color=colour, zorder=4, **font_of(TEXT - 1))  # fmt: skip


def _title(table: pd.DataFrame) -> str:
    """Say for how many channels luck is most of it, or what is more than luck."""
    account = [parts for row in each_row(table) if row.account and (parts := _parts_of(row))]
    channels = [(row, parts) for row in each_row(table) if not row.account and (parts := _parts_of(row))]
    if not channels:
        luck = account[0]["sampling"] if account else None
        return (
            say("What moves ROAS cannot be told")
            if luck is None
            else say("Luck is {share} of what moves the account's ROAS", share=percent(luck))
        )
    if len(channels) == 1:
        row, parts = channels[0]
        return say(
            "Luck is {share} of what moves {channel}",
            share=percent(parts["sampling"]), channel=literal(row.name, most=24),
        )  # fmt: skip
    count, lucky = len(channels), sum(parts["sampling"] > MOST for _, parts in channels)
    if lucky == count:
        return say("Luck is most of what moves all {number} channels", number=count)
    if lucky >= count - lucky:
        return say("Luck is most of what moves {lucky} of {number} channels", lucky=lucky, number=count)
    mean = {part: sum(parts[part] for _, parts in channels) / count for part in PARTS if part != "sampling"}
    first = max(mean, key=lambda part: mean[part])
    moved = {"moved": count - lucky, "number": count}
    if first == "unexplained":
        return say("More than luck moves {moved} of {number} channels: most of that is unexplained", **moved)
    return say(
        "More than luck moves {moved} of {number} channels: {part} most of all", part=say(PARTS[first][0]), **moved
    )
