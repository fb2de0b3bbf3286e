"""``roas schema``."""

from __future__ import annotations

import click


@click.command(name="schema", epilog="Example: roas schema analysis > analysis.schema.json")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="No effect: a schema is JSON.")
@click.option("--quiet", is_flag=True, help="No effect: nothing else is printed.")
def command(name: str, as_json: bool, quiet: bool) -> int:
    """Print the JSON Schema of a document: analysis, plan, attribution, inspection or report."""
    import json

    from roas.schemas import schema

    click.echo(json.dumps(schema(name), ensure_ascii=False, indent=2))
    return 0
