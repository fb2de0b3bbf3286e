"""The rows of the tables of an HTML page that calls itself a spreadsheet."""

from __future__ import annotations

from html.parser import HTMLParser


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("".join(self._cell).strip())
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def table_rows(page: str) -> list[list[str]]:
    """Return the cells of every table row of a page, in order.

    Examples
    --------
    >>> table_rows("<table><tr><th>Day</th><td>1 &amp; 2</td></tr></table>")
    [['Day', '1 & 2']]
    """
    parser = _Rows()
    parser.feed(page)
    return [row for row in parser.rows if row]
