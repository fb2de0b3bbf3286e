"""Words for units beside what luck does: one sentence per kind of unit, since languages bend around the noun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from roas.format import count, plural
from roas.language import mark, say

#: Kind of unit → its sentences, to be said; the last is for any other kind.
_SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "campaign": {
        "needs": mark("Needs spend and revenue of every campaign."),
        "which": mark("Which campaigns differ cannot be told"),
        "by_spend": mark("ROAS per campaign, by its spend"),
        "axes": mark("ROAS per campaign (up) by its spend, {currency} (across, log scale)"),
        "whether": mark("Whether campaigns differ by more than luck cannot be told"),
        "only": mark("The only campaign is within what luck alone does"),
        "none": mark("None of {units} differs from the average beyond luck"),
        "many": mark("{number} campaigns"),
    },
    "channel": {
        "needs": mark("Needs spend and revenue of every channel."),
        "which": mark("Which channels differ cannot be told"),
        "by_spend": mark("ROAS per channel, by its spend"),
        "axes": mark("ROAS per channel (up) by its spend, {currency} (across, log scale)"),
        "whether": mark("Whether channels differ by more than luck cannot be told"),
        "only": mark("The only channel is within what luck alone does"),
        "none": mark("None of {units} differs from the average beyond luck"),
        "many": mark("{number} channels"),
    },
    "": {
        "needs": mark("Needs spend and revenue of every {kind}."),
        "which": mark("Which {kind}s differ cannot be told"),
        "by_spend": mark("ROAS per {kind}, by its spend"),
        "axes": mark("ROAS per {kind} (up) by its spend, {currency} (across, log scale)"),
        "whether": mark("Whether {kind}s differ by more than luck cannot be told"),
        "only": mark("The only {kind} is within what luck alone does"),
        "none": mark("None of {units} differs from the average beyond luck"),
        "many": mark("{number} {kind}s"),
    },
}


@dataclass(frozen=True)
class Words:
    """The sentences on one kind of unit."""

    kind: str
    sentences: Mapping[str, str]

    def says(self, key: str, **fields: Any) -> str:
        """Say a sentence."""
        given = fields if self.kind in _SENTENCES else {"kind": self.kind, **fields}
        return say(self.sentences[key], **given)

    def many(self, number: int) -> str:
        """Count units after "of", where one is written like many."""
        return self.says("many", number=count(number))

    def counted(self, number: int) -> str:
        """Count units.

        Examples
        --------
        >>> words_for("campaign").counted(1), words_for("region").counted(2)
        ('1 campaign', '2 regions')
        """
        if self.kind == "campaign":
            return plural(number, "campaign")
        return plural(number, "channel") if self.kind == "channel" else plural(number, self.kind)


def words_for(kind: str) -> Words:
    """Return the sentences on a kind of unit, in the singular."""
    return Words(kind, _SENTENCES.get(kind) or _SENTENCES[""])
