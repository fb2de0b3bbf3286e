"""Which columns of a wide table are a channel's spend, and whose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from roas.io.headers import header, words

_SPEND_WORD = (
    r"spend|spent|cost|costs|kosten|ausgaben|uitgaven|cout|depense|gasto|coste|costo|custo|spesa|chi phi|"
    r"investment|budget|adverts|advertising"
)
_SPEND = re.compile(rf"^(?P<name>.+?) (?:{_SPEND_WORD})$|^(?:{_SPEND_WORD}|mdsp|media spend) (?P<after>.+)$")
_REACHED = re.compile(r"^(?P<name>.+?) (?:impressions?|impr|i)$|^(?:impressions?|mdip) (?P<after>.+)$")
_CLICKED = re.compile(r"^(?P<name>.+?) (?:clicks|p)$|^clicks (?P<after>.+)$")
_LETTER = re.compile(r"^(?P<name>.+) s$")

#: The sum of the channels beside them: ``total spend``, ``Gesamt``, a bare ``spend``.
_TOTAL = re.compile(
    rf"^(?:(?:grand )?total|sum|overall|all channels|gesamt|gesamtsumme|summe|totaal|totale|suma|tong|tong cong)"
    rf"(?: (?:ads?|media|marketing|advertising))?(?: (?:{_SPEND_WORD}))?$"
    rf"|^(?:(?:ads?|media|marketing|advertising) )?(?:{_SPEND_WORD})$"
)

#: Channels that send rather than buy: beside columns that say spend, a bare one counts what was sent.
_SENT = frozenset({"email", "newsletter", "sms", "direct mail"})

#: Names that people give channels; a bare column of this name is its spend.
LABELS = {
    "google": "Google", "google ads": "Google Ads", "adwords": "Google Ads", "gads": "Google Ads",
    "youtube": "YouTube", "bing": "Bing",
    "microsoft": "Microsoft", "microsoft ads": "Microsoft Ads", "facebook": "Facebook",
    "facebook ads": "Facebook Ads", "fb": "Facebook", "meta": "Meta", "meta ads": "Meta Ads",
    "instagram": "Instagram",
    "tiktok": "TikTok", "tiktok ads": "TikTok Ads", "snapchat": "Snapchat", "snap": "Snapchat",
    "pinterest": "Pinterest", "linkedin": "LinkedIn", "twitter": "Twitter",
    "reddit": "Reddit", "amazon": "Amazon", "amazon ads": "Amazon Ads", "tv": "TV", "ctv": "CTV",
    "radio": "Radio", "print": "Print", "ooh": "OOH", "dooh": "DOOH",
    "outdoor": "Outdoor", "cinema": "Cinema", "display": "Display", "search": "Search",
    "paid search": "Paid Search", "sem": "SEM",
    "shopping": "Shopping", "pmax": "Performance Max", "performance max": "Performance Max",
    "social": "Social", "paid social": "Paid Social", "video": "Video",
    "online video": "Online video", "affiliate": "Affiliate", "affiliates": "Affiliates",
    "influencer": "Influencer", "influencers": "Influencers",
    "email": "Email", "newsletter": "Newsletter", "sms": "SMS", "direct mail": "Direct mail",
    "podcast": "Podcast", "audio": "Audio", "criteo": "Criteo",
    "taboola": "Taboola", "outbrain": "Outbrain", "programmatic": "Programmatic", "native": "Native",
    "retargeting": "Retargeting",
    "prospecting": "Prospecting", "brand": "Brand", "branding": "Branding", "x ads": "X",
    "spotify": "Spotify", "awin": "Awin", "zalo": "Zalo",
    "shopee": "Shopee", "lazada": "Lazada",
}  # fmt: skip

#: Numbers that no one buys media with: outcomes, prices, weather, calendars.
_NOT_SPEND = re.compile(
    r"\b("
    r"revenue|sales|total|subtotal|charged|refund|refunds|refunded|returns|tax|taxes|shipping|amount|"
    r"umsatz|omzet|orders?|transactions?|conversions?|leads?|quotes?|visits?|sessions?|users?|"
    r"customers?|units?|profit|cogs|margin|price|preis|temperature|temp|weather|rain|holiday|feiertag|"
    r"hldy|promo|promotion|discount|competitor|competition|index|cpi|gdp|sentiment|score|control|trend|"
    r"trends|season|seas|year|yr|month|quarter|qtr|week|wk|day|weekday|population|stores?|stock|"
    r"inventory|roas|roi|cpa|cpc|cpm|ctr|cvr|aov|rate|share|impressions?|clicks?|views?|pageviews?|"
    r"visitors?|traffic|installs?|downloads?|followers?|subscribers?|signups?|bookings?|calls|footfall|"
    r"reach|frequency|grps?|id|event|events|flag|dummy|covid|unemployment|organic"
    r")\b"
)


@dataclass
class WideColumns:
    """What the columns of a wide table are.

    ``spend``, ``impressions``, ``clicks``: channel label → column position.
    ``controls``: other numeric columns; ``guessed`` tells that spend columns
    were taken by exclusion, without a word for spend or a channel's name.
    ``bare``: columns with a channel's name alone, beside others that say
    spend. ``totals``: sums of the channels, which are no channel. ``twice``:
    pairs of columns that are the spend of one channel.
    """

    spend: dict[str, int] = field(default_factory=dict)
    impressions: dict[str, int] = field(default_factory=dict)
    clicks: dict[str, int] = field(default_factory=dict)
    controls: list[int] = field(default_factory=list)
    guessed: bool = False
    bare: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    twice: list[tuple[int, int]] = field(default_factory=list)

    def add(self, channel: str, position: int) -> None:
        """Take a column as a channel's spend."""
        first = self.spend.setdefault(channel, position)
        if first != position:
            self.twice.append((first, position))


def label(text: str, key: str) -> str:
    """Return the channel's name for a column: the usual spelling, or the file's own."""
    if key in LABELS:
        return LABELS[key]
    plain = re.sub(
        rf"(?i)([\s_\-.]*)(?:{_SPEND_WORD}|mdsp)([\s_\-.]*)(?:\([^)]*\))?$|^(?:{_SPEND_WORD}|mdsp)[\s_\-.]+",
        "",
        text.strip(),
    )
    plain = re.sub(r"_[sS]$", "", plain).strip(" _-.")
    return plain or text.strip()


def wide_columns(headers: Sequence[str], numeric: Sequence[bool], taken: set[int]) -> WideColumns:
    """Sort the numeric columns of a table into spend, reach and controls.

    Columns with a word for spend (``tv_spend``, ``Meta Kosten (€)``,
    ``mdsp_sem``, ``tv_S`` beside ``tv_I``) win; without any, columns named
    like a channel; without those, every number that is no known outcome or
    control (contract: one numeric column per channel).

    Parameters
    ----------
    headers : sequence of str
    numeric : sequence of bool
        Whether a column holds numbers.
    taken : set of int
        Positions already mapped (date, revenue, …).
    """
    keys = {i: words(header(h).key) for i, h in enumerate(headers) if i not in taken and numeric[i] and h.strip()}
    found = WideColumns()
    letters = {m["name"] for k in keys.values() if (m := re.match(r"^(?P<name>.+) [ip]$", k))}
    totals = [i for i, key in keys.items() if _TOTAL.match(key)]
    channels = {i: key for i, key in keys.items() if i not in totals}
    for i, key in channels.items():
        if m := _SPEND.match(key):
            found.add(label(headers[i], m["name"] or m["after"]), i)
    if not found.spend and letters:
        for i, key in channels.items():
            if m := _LETTER.match(key):
                found.add(label(headers[i], m["name"]), i)
    elif found.spend:
        for i, key in channels.items():
            if key in LABELS and key not in _SENT and LABELS[key] not in found.spend:
                found.add(LABELS[key], i)
                found.bare.append(i)
    if not found.spend:
        _by_exclusion(found, headers, channels or keys)
    found.totals = totals if len(found.spend) > 1 else []
    _beside(found, headers, keys)
    used = {*found.spend.values(), *found.impressions.values(), *found.clicks.values(), *found.totals}
    found.controls = [i for i in keys if i not in used]
    return found


def _by_exclusion(found: WideColumns, headers: Sequence[str], keys: dict[int, str]) -> None:
    """Take columns named like a channel, and every number that is no known outcome or control."""
    for i, key in keys.items():
        if key in LABELS:
            found.add(LABELS[key], i)
    others = [i for i, key in keys.items() if key not in LABELS and not _NOT_SPEND.search(key)]
    for i in others:
        found.add(label(headers[i], keys[i]), i)
    found.guessed = bool(others)


def _beside(found: WideColumns, headers: Sequence[str], keys: dict[int, str]) -> None:
    """Give impressions and clicks to the channel whose spend has the same name."""
    for i, key in keys.items():
        for pattern, where in ((_REACHED, found.impressions), (_CLICKED, found.clicks)):
            m = pattern.match(key)
            if m and i not in found.spend.values():
                name = m["name"] or m["after"]
                owner = next((c for c in found.spend if words(c) == name or LABELS.get(name) == c), None)
                if owner:
                    where.setdefault(owner, i)
