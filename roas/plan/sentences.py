"""Sentences that are kept with a plan, and said in whatever language they are read in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from roas.language import ENGLISH, say, speaking

#: A field of a sentence: what writes it, and what it is written from.
Field = tuple[Callable[..., str], *tuple[Any, ...]]


class Sentence(str):
    """A text in English that can also say itself in another language.

    A plan is made once and read later, perhaps by readers of several
    languages. So it keeps the message and what stands in its fields, not
    words that are finished. Where nobody asks, it is the English text.

    Parameters
    ----------
    message : str
        Marked with `roas.language.mark`, with named fields.
    **fields : tuple
        A function and what it is called with, such as ``(money, 5.0, "EUR")``:
        amounts are written anew in each language.

    Examples
    --------
    >>> from roas.format import money
    >>> kept = Sentence("{channel} costs {amount}.", channel=(str, "Meta"), amount=(money, 5.0, "EUR"))
    >>> kept, kept.said()
    ('Meta costs €5.00.', 'Meta costs €5.00.')
    """

    message: str
    fields: dict[str, Field]

    def __new__(cls, message: str, /, **fields: Field) -> Sentence:
        """Keep a message and its fields; the text itself is English, whatever is spoken now."""
        with speaking(ENGLISH):
            made = super().__new__(cls, _filled(message, fields))
        made.message, made.fields = message, fields
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Field]]:
        return (self.message,), self.fields

    def said(self) -> str:
        """Return the text in the language in force."""
        return _filled(self.message, self.fields)


def told(text: str) -> str:
    """Return a text in the language in force, where it can be said in another than its own.

    Examples
    --------
    >>> told("as it stands"), told(Sentence("{n} left", n=(str, 2)))
    ('as it stands', '2 left')
    """
    return text.said() if isinstance(text, Sentence) else str(text)


def _filled(message: str, fields: dict[str, Field]) -> str:
    return say(message, **{name: write(*given) for name, (write, *given) in fields.items()})
