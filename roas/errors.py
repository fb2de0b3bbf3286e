"""Exceptions and warnings of roas. Imports nothing of ours."""

from __future__ import annotations


class RoasError(Exception):
    """Base of every error that roas raises on purpose.

    The text is one message for a person: where, what was found, what was
    expected, the next step. The command line prints it after ``Error:``.
    """


class UsageError(RoasError):
    """An option or argument that cannot be honoured."""


class InputError(RoasError):
    """A file, folder, table or row that cannot be used."""


class OutputError(RoasError):
    """A place that cannot be written; nothing is left half-written."""


class MissingExtra(RoasError):
    """An optional package is needed; the message names the extra to install."""


class RoasWarning(UserWarning):
    """Something a person should know, that does not stop the work."""
