"""Say sentences in the reader's language: gettext catalogues, one folder per language.

``say("Spend rose by {share}.", share="12 %")`` looks the sentence up in the
catalogue of the language in force and fills in the fields. The English text
is the key, so English needs no catalogue, and a sentence that nobody has
translated is said in English (a test finds it first). ``roas/locale/<tag>/``
holds a language: any number of ``*.po`` files, merged; they are text, and
nothing has to be compiled.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from roas.errors import UsageError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

#: The language of the keys.
ENGLISH: Final = "en"

#: Folder with one folder per other language.
FOLDER: Final = Path(__file__).parent / "locale"

_SPOKEN: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there are, as BCP 47 tags: English, then the others sorted."""
    others = sorted(each.name for each in FOLDER.iterdir() if any(each.glob("*.po"))) if FOLDER.is_dir() else []
    return (ENGLISH, *others)


def spoken() -> str:
    """Return the language in force."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside the block in one language.

    Raises
    ------
    UsageError
        Where there is no such language.
    """
    if language not in languages():
        raise UsageError(f"--lang {language}: there is no such language. There are: {', '.join(languages())}.")
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def say(message: str, /, **fields: Any) -> str:
    """Say one sentence in the language in force.

    Parameters
    ----------
    message : str
        The English sentence, a literal (or marked by `mark`), with named fields.
    **fields
        What stands in the fields, already written out: they are not looked into again.

    Examples
    --------
    >>> say("{channel} took {amount}.", channel="{Meta}", amount="€5")
    '{Meta} took €5.'
    """
    found = _translations(spoken()).gettext(message) if message else ""
    return filled(found, fields) if fields else found


def filled(message: str, fields: Mapping[str, Any]) -> str:
    """Fill the fields of a message; what ends in a full stop itself takes the one that follows it.

    Examples
    --------
    >>> filled("It costs {amount}.", {"amount": "€ 1,3 mln."})
    'It costs € 1,3 mln.'
    """
    for name, value in fields.items():
        if isinstance(value, str) and value.endswith("."):
            message = message.replace(f"{{{name}}}.", f"{{{name}}}")
    return message.format(**fields)


def choose(one: str, many: str, number: float, /) -> str:
    """Return the form of a message that goes with a number, in the language in force, fields not yet filled in."""
    whole = int(number) if float(number).is_integer() else 2  # a broken number counts as several, as in English
    return _translations(spoken()).ngettext(one, many, whole)


def mark(message: str, /) -> str:
    """Return a constant unchanged; the catalogues know it by this call, and `say` translates it later."""
    return message


@cache
def _translations(language: str) -> gettext.NullTranslations:
    if language == ENGLISH:
        return gettext.NullTranslations()
    from io import BytesIO

    from babel.messages.mofile import write_mo

    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def catalogue(language: str) -> Catalog:
    """Return everything that is translated into a language, of all its files.

    Raises
    ------
    ValueError
        Where two files translate one sentence differently.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    whole = Catalog(locale=language)
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            part = read_po(file, locale=language, abort_invalid=True)
        for message in part:
            if not message.id:
                continue
            known = whole.get(message.id)
            if known is not None and known.string != message.string:
                raise ValueError(f"{language}/{path.name}: {message.id!r} is translated differently in another file")
            whole.add(message.id, message.string, flags=message.flags, context=message.context)
    return whole
