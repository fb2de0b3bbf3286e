"""Bring the catalogues in ``roas/locale`` up to date with the sentences in the source.

    python docs/build_catalogues.py             # new sentences are added, empty; gone ones are dropped
    python docs/build_catalogues.py --only plan # only plan.po of each language
    python docs/build_catalogues.py --check     # write nothing; fail where a catalogue is out of date
    python docs/build_catalogues.py --new fr    # a folder for another language, everything untranslated

A sentence is the first argument of `say`, `say_many` or `mark`, or the word
that `plural` counts, always a literal. It stands in the file of the first
part of ``roas`` that says it: ``roas/plan/…`` → ``plan.po``.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "roas"
LOCALE = PACKAGE / "locale"

#: ``say("…")`` in a template.
IN_TEMPLATE = re.compile(r"""\bsay\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")

#: Modules that say sentences.
SOURCES = ("roas.language", "roas.format")

Sentence = str | tuple[str, str]


def sentences_of(path: Path) -> Iterator[Sentence]:
    """Yield what a module or a template says, in the order of its lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".j2":
        yield from (ast.literal_eval(found) for found in IN_TEMPLATE.findall(text))
        return
    if path.suffix != ".py" or path.name == "language.py" or not any(source in text for source in SOURCES):
        return
    tree = ast.parse(text)
    ours = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ours:
            yield from _said(node.func.id, node.args)


def _imported(tree: ast.Module) -> set[str]:
    """Return the names that a module has from us: another `say` may be its own."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module in SOURCES]
    return {alias.name for node in found for alias in node.names}


def _said(function: str, arguments: list[ast.expr]) -> Iterator[Sentence]:
    literal = [each.value if isinstance(each, ast.Constant) else None for each in arguments[:2]]
    if function in ("say", "mark") and literal and isinstance(literal[0], str):
        yield literal[0]
    elif function == "say_many" and len(literal) == 2:
        one, many = literal
        if isinstance(one, str) and isinstance(many, str):
            yield one, many
    elif function == "plural" and len(literal) == 2 and isinstance(literal[1], str):
        yield f"{{number}} {literal[1]}", f"{{number}} {literal[1]}s"


def extracted() -> dict[str, dict[Sentence, list[str]]]:
    """Return part → sentence → files that say it; a sentence stands in one part only."""
    parts: dict[str, dict[Sentence, list[str]]] = {}
    owner: dict[str, str] = {}
    for path in sorted((*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.j2"))):
        relative = path.relative_to(PACKAGE)
        part = relative.parts[0].removesuffix(".py")
        for sentence in sentences_of(path):
            key = sentence if isinstance(sentence, str) else sentence[0]
            home = parts.setdefault(owner.setdefault(key, part), {})
            files = home.setdefault(sentence, [])
            if (name := f"roas/{relative.as_posix()}") not in files:
                files.append(name)
    return parts


def known(language: str) -> Catalog:
    """Return everything that is translated into a language already, in whatever file."""
    whole = Catalog(locale=language)
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and not _has_text(getattr(whole.get(message.id), "string", "")):
                    whole.delete(message.id)
                    whole.add(message.id, message.string, flags=message.flags)
    return whole


def _has_text(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def written(language: str, sentences: dict[Sentence, list[str]], before: Catalog) -> bytes:
    """Return one catalogue file."""
    made = Catalog(locale=language, header_comment="", project="roas", version="", charset="utf-8")
    for sentence in sorted(sentences, key=lambda s: s if isinstance(s, str) else s[0]):
        old = before.get(sentence)
        string = old.string if old is not None else ("" if isinstance(sentence, str) else ("",) * made.num_plurals)
        flags = {"python-brace-format"} if "{" in str(sentence) else set()
        made.add(sentence, string, locations=[(name, 0) for name in sentences[sentence]], flags=flags)
    out = BytesIO()
    write_po(out, made, width=120, omit_header=True, include_lineno=False)
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    header += f'"Plural-Forms: {made.plural_forms}\\n"\n\n'
    return header.encode() + out.getvalue()


def main() -> int:
    """Write the catalogues, or check them."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--check", action="store_true", help="write nothing; fail where a catalogue is out of date")
    options.add_argument("--only", metavar="PART", help="one part only")
    options.add_argument("--new", metavar="LANGUAGE", help="begin another language")
    given = options.parse_args()
    if given.new:
        (LOCALE / given.new).mkdir(parents=True)
    parts, stale = extracted(), []
    for folder in sorted(each for each in LOCALE.iterdir() if each.is_dir()):
        before = known(folder.name)
        wanted = {f"{part}.po": written(folder.name, each, before) for part, each in parts.items()}
        for name in sorted({*wanted, *(path.name for path in folder.glob("*.po"))}):
            if given.only and name != f"{given.only}.po":
                continue
            path, text = folder / name, wanted.get(name)
            if text == (path.read_bytes() if path.exists() else None):
                continue
            stale.append(f"{folder.name}/{name}")
            if given.check:
                continue
            path.unlink() if text is None else path.write_bytes(text)
    print("\n".join(stale) or "every catalogue is up to date")
    return 1 if given.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
