"""One weekly report in several renderings: page, Markdown, plain text; nothing is computed here but sentences."""
