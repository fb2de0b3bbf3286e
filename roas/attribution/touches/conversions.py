"""Words of a conversion column → which rows are conversions; several meanings are never guessed at."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.io.headers import fold, words
from roas.io.numbers import is_null
from roas.problems import counted

if TYPE_CHECKING:
    from roas.attribution.touches.source import Kind
    from roas.problems import Findings

#: Words for yes and no in the languages whose headers are read.
YES: Final = ("1", "1.0", "true", "t", "yes", "y", "ja", "j", "oui", "si", "sim", "co", "tak", "wahr", "vrai", "x")
NO: Final = ("0", "0.0", "false", "f", "no", "n", "nein", "nee", "non", "nao", "khong", "nej", "nie", "falsch", "faux")

#: Words that say a sale took place, then such that say "conversion" without
#: saying which, then such that come before a sale. The first group of which a
#: word occurs decides: a sign-up is a step towards a purchase, not another one.
TIERS: Final = (
    ("a sale", (
        "purchase", "purchased", "order", "ordered", "order completed", "completed order", "order placed", "placed order",
        "sale", "sold", "transaction", "checkout completed", "checkout complete", "completed checkout", "in app purchase",
        "ecommerce purchase", "purchase completed", "completed purchase", "buy", "bought", "paid", "kauf", "bestellung",
        "achat", "commande", "compra", "pedido", "acquisto", "ordine", "aankoop", "bestelling", "mua hang", "don hang",
        "zakup", "kop",
    )),
    ("a conversion", ("conversion", "converted", "convert", "conv", "goal", "success", "won", "closed won", "conversie",
                      "konversion", "conversione", "chuyen doi")),
    ("a subscription or trial", ("subscribe", "subscribed", "subscription", "start trial", "trial", "trial started")),
    ("a lead", ("lead", "leads", "generate lead", "qualified lead", "booking", "appointment", "submit application")),
    ("a sign-up", ("sign up", "signup", "signed up", "register", "registration", "complete registration",
                   "registered", "install", "first open", "app install", "form submit", "contact")),
)  # fmt: skip

#: Words of touches: a column that holds nothing else says nothing of conversions.
TOUCHES: Final = frozenset((
    "impression", "impressions", "view", "viewed", "click", "clicks", "clicked", "visit", "session", "session start",
    "touch", "touchpoint", "page view", "pageview", "page", "open", "email open", "engagement", "interaction", "ad click",
    "ad view", "ad impression", "imp", "clic", "klick",
))  # fmt: skip

#: Words of money given back.
REFUNDS: Final = frozenset(("refund", "refunded", "chargeback", "return", "returned", "order refunded", "cancelled",
                            "canceled", "order cancelled"))  # fmt: skip

#: Different words above which a column is no column of events: GA4 allows 500 event names a property.
MOST_WORDS: Final = 1_000

#: Words listed in a message.
_LISTED: Final = 8


@dataclass(frozen=True)
class Conversion:
    """How a row says that it is a conversion.

    Attributes
    ----------
    sql : str
        BOOLEAN, never NULL.
    back : str
        BOOLEAN: rows that take a conversion back.
    """

    sql: str
    back: str = "FALSE"


def quoted(texts: Iterable[str]) -> str:
    """Write texts as SQL literals in a row."""
    return ", ".join("'" + t.replace("'", "''") + "'" for t in texts)


def read_conversion(
    c: str, kind: Kind, found: Mapping[str, int], header: str, findings: Findings, given: Sequence[str] = ()
) -> Conversion | None:
    """Decide which cells of a column mean a conversion.

    Parameters
    ----------
    c, kind : str
        The column in SQL, and what it holds.
    found : dict of str to int
        Distinct cells of the whole column with their rows; empty ones left out.
    given : sequence of str
        ``--conversion`` words, which decide alone.

    Returns
    -------
    Conversion or None
        None where the column names touches only, or after an error.
    """
    if given:
        return _given(c, found, header, findings, given)
    if kind == "boolean":
        return Conversion(f"COALESCE({c}, FALSE)")
    numbers = {t: n for t in found if (n := _number(t)) is not None}
    texts = [t for t in found if t not in numbers and not is_null(t)]
    flags = all(fold(t) in (*YES, *NO) for t in texts)
    if len(found) > MOST_WORDS and (kind == "text" or not flags):
        findings.error(
            f"more than {MOST_WORDS:,} different words: no column of events.",
            'Use --map conversion="Header" for the column that says what converted.', column=header,
        )  # fmt: skip
        return None
    if not flags:
        return _events(c, found, header, findings)
    if not _whole(found, numbers, header, findings):
        return None
    if kind != "text":
        return Conversion(f"COALESCE({c} >= 1, FALSE)", f"COALESCE({c} < 0, FALSE)")
    yes = [t for t, n in numbers.items() if n >= 1] + [t for t in texts if fold(t) in YES]
    back = [t for t, n in numbers.items() if n < 0]
    return Conversion(_among(c, yes), _among(c, back))


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", text.strip()) else None


def _among(c: str, cells: Sequence[str]) -> str:
    """Return which rows hold one of these cells, spelled as they were found."""
    return f"COALESCE({c} IN ({quoted(sorted(cells))}), FALSE)" if cells else "FALSE"


def _whole(found: Mapping[str, int], numbers: Mapping[str, float], header: str, findings: Findings) -> bool:
    """Refuse parts of conversions: they have been shared out by somebody's model already."""
    parts = [t for t, n in numbers.items() if n % 1]
    if parts:
        findings.error(
            f'"{parts[0]}" is a part of a conversion ({counted(sum(found[t] for t in parts), "row")} like it): the '
            "conversions were shared out by a model already.",
            "Export the events themselves, one row a touch. If the column is money, use "
            f'--map conversion_value="{header}".', column=header,
        )  # fmt: skip
        return False
    more = sum(found[t] for t, n in numbers.items() if n > 1)
    if more:
        findings.warn(
            f"{counted(more, 'row')} with more than one conversion: each row counts as one, its value whole.",
            column=header,
        )
    return True


def _events(c: str, found: Mapping[str, int], header: str, findings: Findings) -> Conversion | None:
    """Choose among names of events: the group nearest to the sale."""
    spellings: dict[str, list[str]] = {}
    for text in found:
        if not is_null(text):
            spellings.setdefault(words(text), []).append(text)
    rows = {key: sum(found[t] for t in texts) for key, texts in spellings.items()}
    for meaning, known in TIERS:
        hits = [key for key in rows if key in known]
        if len(hits) > 1:
            _several(hits, rows, spellings, meaning, header, findings)
            return None
        if hits:
            _say_others(hits[0], rows, spellings, header, findings)
            return _one_of(c, spellings[hits[0]])
    if all(key in TOUCHES for key in rows):
        return None
    findings.error(
        f"no word that is known for a conversion. Found: {_listed(rows, spellings)}.",
        "Say which one is: --conversion WORD (several times for several).", column=header,
    )  # fmt: skip
    return None


def _one_of(c: str, texts: Sequence[str]) -> Conversion:
    return Conversion(_among(c, texts))


def _several(
    hits: list[str], rows: Mapping[str, int], spellings: Mapping[str, list[str]], meaning: str, header: str,
    findings: Findings,
) -> None:  # fmt: skip
    chosen = {key: rows[key] for key in hits}
    first = spellings[max(hits, key=lambda k: rows[k])][0].strip()
    findings.error(
        f"{len(hits)} words could each be {meaning}: {_listed(chosen, spellings)}. Counting all might count one twice.",
        f'Say which: --conversion "{first}", and again for each one that counts.', column=header,
    )  # fmt: skip


def _say_others(
    chosen: str, rows: Mapping[str, int], spellings: Mapping[str, list[str]], header: str, findings: Findings
) -> None:
    """Name the words that are conversions elsewhere and are not counted here."""
    known = {w for _, group in TIERS for w in group}
    name = spellings[chosen][0].strip()
    findings.note(f'"{name}" is the conversion ({counted(rows[chosen], "row")})', column=header)
    others = {key: n for key, n in rows.items() if key in known and key != chosen}
    if others:
        findings.warn(
            f'"{name}" counts as the conversion; {_listed(others, spellings)} count as touches.',
            f'Use --conversion "{name}" --conversion "{spellings[next(iter(others))][0].strip()}" to count both.',
            column=header,
        )
    back = {key: n for key, n in rows.items() if key in REFUNDS}
    if back:
        findings.warn(
            f"{_listed(back, spellings)}: not subtracted, since no row says which conversion was taken back.",
            "Leave refunded orders out of the export.", column=header,
        )  # fmt: skip


def _given(
    c: str, found: Mapping[str, int], header: str, findings: Findings, given: Sequence[str]
) -> Conversion | None:
    """Read the words that the person named; a word that is not there is an error."""
    spelled: list[str] = []
    for word in given:
        same = [t for t in found if words(t) == words(word)]
        if not same:
            near = difflib.get_close_matches(words(word), [words(t) for t in found], n=1, cutoff=0.6)
            close = next((t.strip() for t in found if near and words(t) == near[0]), None)
            rows = {words(t): n for t, n in found.items()}
            told = f'Did you mean "{close}"?' if close else f"It has: {_listed(rows, {words(t): [t] for t in found})}."
            findings.error(f'--conversion "{word}": no row has it.', told, column=header)
            return None
        spelled += same
    return _one_of(f"CAST({c} AS VARCHAR)", spelled)


def _listed(rows: Mapping[str, int], spellings: Mapping[str, list[str]]) -> str:
    """List words with their rows, most first."""
    ordered = sorted(rows, key=lambda k: (-rows[k], k))
    shown = [f'"{spellings[k][0].strip()[:40]}" ({rows[k]:,})' for k in ordered[:_LISTED]]
    return ", ".join(shown) + (f" and {len(ordered) - _LISTED} more" if len(ordered) > _LISTED else "")
