"""Channels of accounts that the project's simulator did not write: who they are and what a day of them is worth.

Everything is drawn backwards from sales: how many sales a day the channel claims, how many of these it caused,
what a claimed sale costs. The names, the response (power, kink or straight line, with a short triangular
delay) and the reach (Poisson exposure) differ from `roas.simulator` on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """What channels of one kind have in common: ranges to draw from."""

    cpm: tuple[float, float]
    ctr: tuple[float, float]
    roas: tuple[float, float]
    harvest: tuple[float, float]
    weight: float
    delay: tuple[int, int]


#: Price of 1000 impressions, click-through, claimed ROAS, share of claims that would come anyway, usual
#: share of claims (relative), days over which an effect arrives. Round figures of trade press; no source is exact.
KINDS = {
    "search": Kind((18, 45), (0.03, 0.07), (2.2, 4.0), (0.02, 0.15), 1.6, (0, 2)),
    "social": Kind((6, 14), (0.008, 0.018), (1.6, 3.0), (0.02, 0.2), 1.4, (1, 6)),
    "display": Kind((2, 6), (0.003, 0.008), (1.3, 2.6), (0.05, 0.2), 0.9, (1, 6)),
    "closing": Kind((3, 9), (0.006, 0.02), (4.0, 8.0), (0.3, 0.5), 0.9, (0, 2)),
    "brand": Kind((4, 12), (0.002, 0.006), (0.8, 1.4), (0.0, 0.1), 0.6, (7, 20)),
    "own": Kind((1, 3), (0.01, 0.03), (8.0, 20.0), (0.1, 0.3), 0.25, (0, 3)),
}

#: name → kind, what its export shows besides spend: (i)mpressions, (r)each, (c)licks, (v) claims.
CATALOGUE = {
    "Google Ads": ("search", "icv"),
    "Bing": ("search", "icv"),
    "Facebook": ("social", "ircv"),
    "Instagram": ("social", "ircv"),
    "Pinterest": ("social", "ircv"),
    "TikTok": ("social", "ircv"),
    "Taboola": ("display", "ircv"),
    "Display Network": ("display", "ircv"),
    "Criteo": ("closing", "icv"),
    "Affiliates": ("closing", "cv"),
    "Brand Search": ("closing", "icv"),
    "YouTube": ("brand", "ircv"),
    "TV": ("brand", ""),
    "Podcast": ("brand", ""),
    "Influencers": ("brand", "cv"),
    "Newsletter": ("own", "cv"),
}

#: How a channel's budget moves over the year.
BUDGETS = ("constant", "blocks", "chase", "weekday", "steps")

#: What campaigns are called, by kind.
WORDS = {
    "search": ("Generic", "Category", "Competitor", "Shopping", "DSA"),
    "social": ("Prospecting", "Lookalike 1%", "Broad", "Video", "Catalogue"),
    "display": ("Native", "Interests", "Topics", "Placements"),
    "closing": ("Retargeting 7d", "Retargeting 30d", "Basket", "Brand exact", "Voucher"),
    "brand": ("Reach", "Awareness", "Spring flight", "Hero film"),
    "own": ("Weekly mail", "Trigger mail"),
}


@dataclass
class Channel:
    """One channel at reference: `claims` sales a day on an average day, at `spend` a day."""

    name: str
    kind: str
    shows: str
    claims: float
    roas: float
    harvest: float
    rate: float
    cpm: float
    ctr: float
    campaigns: int
    budget: str
    chase: float
    delay: int
    at_once: float
    exposure: float
    bend: str = "none"
    power: float = 1.0
    knee: float = 1.0
    slope: float = 1.0
    bend_on: str = "spend"

    def spend(self, basket: float) -> float:
        """Spend a day, currency."""
        return self.claims * basket / self.roas

    @property
    def caused(self) -> float:
        """Sales a day that the channel really brings."""
        return self.claims * (1 - self.harvest) / self.rate

    @property
    def lags(self) -> Array:
        """Share of the effect by day: part at once, the rest falling in a straight line to nothing."""
        tail = np.arange(self.delay, 0, -1, dtype=float)
        late = tail / tail.sum() * (1 - self.at_once) if self.delay else tail
        return np.concatenate([[self.at_once if self.delay else 1.0], late])

    def reaction(self, x: Array) -> Array:
        """Sales per click, relative to those at reference; `x` is volume over reference."""
        if self.bend == "power":
            return np.asarray(np.maximum(x, 0.03) ** (self.power - 1))
        if self.bend == "kink":
            over = np.maximum(x, 0.03)
            return np.where(x <= self.knee, 1.0, (self.knee + self.slope * (over - self.knee)) / over)
        return np.ones_like(x)


#: Which channels a cause can hit.
ELIGIBLE: dict[str, Callable[[Channel], bool]] = {
    "saturation": lambda c: c.kind in ("search", "social", "display"),
    "auction_inflation": lambda c: "i" in c.shows and c.kind in ("search", "social", "display"),
    "creative_fatigue": lambda c: "i" in c.shows and c.kind in ("social", "display"),
    "audience_exhaustion": lambda c: "r" in c.shows and c.kind in ("social", "display"),
    "tracking_break": lambda c: "v" in c.shows and c.kind != "own",
    "harvesting": lambda c: c.kind == "closing",
    "reporting_lag": lambda c: "v" in c.shows and c.kind != "own",
    "fragmentation": lambda c: c.kind in ("search", "social", "display"),
    "mix_shift": lambda c: c.kind in ("search", "social", "display"),
}


def draw_channels(rng: np.random.Generator, *, sales_per_day: float, causes: Iterable[str]) -> list[Channel]:
    """Draw four to seven channels that together claim `sales_per_day`.

    A search and a social channel are always there; `harvesting` brings one that closes sales and
    `baseline_erosion` one that builds a brand.
    """
    wanted = set(causes)
    of = {kind: [name for name, (k, _) in CATALOGUE.items() if k == kind] for kind in KINDS}
    names = [str(rng.choice(of["search"])), *(str(n) for n in rng.choice(of["social"], 2, replace=False))]
    if "harvesting" in wanted or rng.random() < 0.5:
        names.append(str(rng.choice(of["closing"])))
    if "baseline_erosion" in wanted or rng.random() < 0.35:
        names.append(str(rng.choice(of["brand"])))
    rest = [n for n in CATALOGUE if n not in names and CATALOGUE[n][0] not in ("brand", "closing")]
    more = max(0, int(rng.integers(4, 8)) - len(names))
    names += [str(n) for n in rng.choice(rest, min(more, 3), replace=False)]
    channels = [_channel(name, rng) for name in names]
    shares = rng.dirichlet(np.full(len(channels), 6.0)) * [KINDS[c.kind].weight for c in channels]
    for channel, share in zip(channels, shares / shares.sum(), strict=True):
        channel.claims = float(share)
    return scaled(channels, sales_per_day)


def scaled(channels: list[Channel], sales_per_day: float) -> list[Channel]:
    """Scale claims so that what platforms can count adds up to `sales_per_day`."""
    total = sum(c.claims for c in channels if "v" in c.shows)
    for channel in channels:
        channel.claims *= sales_per_day / total
    return channels


def _channel(name: str, rng: np.random.Generator) -> Channel:
    kind, shows = CATALOGUE[name]
    like = KINDS[kind]
    if "r" in shows and rng.random() < 0.15:
        shows = shows.replace("r", "")
    bent = rng.random() < 0.5
    return Channel(
        name=name,
        kind=kind,
        shows=shows,
        claims=1.0,
        roas=float(rng.uniform(*like.roas)),
        harvest=float(rng.uniform(*like.harvest)),
        rate=float(rng.uniform(0.7, 1.2)),
        cpm=float(rng.uniform(*like.cpm)),
        ctr=float(rng.uniform(*like.ctr)),
        campaigns=1 if kind in ("brand", "own") else int(rng.choice([1, 2, 3, 4, 5, 6, 8, 12, 20])),
        budget=str(rng.choice(BUDGETS)),
        chase=float(rng.uniform(0.4, 1.0)),
        delay=int(rng.integers(like.delay[0], like.delay[1] + 1)),
        at_once=float(rng.uniform(0.4, 0.8)),
        exposure=float(rng.uniform(0.6, 1.8)),
        bend="power" if bent else "none",
        power=float(rng.uniform(0.85, 1.0)) if bent else 1.0,
        bend_on=str(rng.choice(["spend", "clicks"])),
    )


def choose(cause: str, channels: list[Channel], rng: np.random.Generator, *, taken: Iterable[int] = ()) -> int | None:
    """Draw the channel that `cause` hits and make it matter: at least 22 % of all claims. None for account causes."""
    fits = ELIGIBLE.get(cause)
    if fits is None:
        return None
    open_ = [i for i, c in enumerate(channels) if fits(c) and i not in set(taken)]
    if not open_:
        # Whatever export the plan lacks is added: the cause must show.
        open_ = [i for i, c in enumerate(channels) if c.kind == "social" and i not in set(taken)]
        channels[open_[0]].shows = "ircv"
    largest = sorted(open_, key=lambda i: -channels[i].claims)[:3]
    chosen = int(rng.choice(largest))
    all_claims = sum(c.claims for c in channels if "v" in c.shows)
    channels[chosen].claims = max(channels[chosen].claims, 0.25 * all_claims)
    return chosen


def straighten(channel: Channel) -> None:
    """Let sales follow spend in a straight line."""
    channel.bend, channel.power = "none", 1.0


def ready_for(cause: str, channels: list[Channel], hit: int | None, rng: np.random.Generator) -> int | None:
    """Give the channel what the cause presumes. Returns the weaker channel that gains in `mix_shift`, else None."""
    if hit is None:
        return None
    channel = channels[hit]
    if cause == "saturation":
        channel.budget = str(rng.choice(["constant", "blocks", "blocks"]))
        channel.bend_on = "spend"
        if rng.random() < 0.5:
            channel.bend, channel.power = "power", float(rng.uniform(0.35, 0.55))
        else:
            channel.bend, channel.knee = "kink", float(rng.uniform(1.0, 1.15))
            channel.slope = float(rng.uniform(0.05, 0.2))
    if cause == "harvesting":
        straighten(channel)
        channel.budget = "constant"
    if cause == "fragmentation":
        channel.campaigns = int(rng.integers(1, 6))
    if cause == "mix_shift":
        return _weaker(channels, hit, rng)
    return None


def _weaker(channels: list[Channel], donor: int, rng: np.random.Generator) -> int:
    """Choose a channel of like spend, and make it two and a half to four times as weak, claimed and true."""
    others = [i for i, c in enumerate(channels) if i != donor and c.kind in ("search", "social", "display")]
    gainer = int(rng.choice(others))
    strong, weak = channels[donor], channels[gainer]
    ratio = float(rng.uniform(2.5, 4.0))
    for each in (strong, weak):
        straighten(each)
        each.budget = str(rng.choice(["constant", "blocks", "weekday"]))
    strong.roas = max(strong.roas, 3.0)
    weak.roas, weak.rate, weak.harvest = strong.roas / ratio, strong.rate, strong.harvest
    weak.claims = strong.claims / ratio * float(rng.uniform(0.5, 0.9))
    return gainer
