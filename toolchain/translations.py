"""Bring the portal's catalogues up to date with its texts, or check that they are.

`python toolchain/translations.py` writes what is new into each messages.po and compiles it;
`--check` changes nothing and ends with exit status 1 if a text has no translation or a catalogue
is not compiled as it stands.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parents[1] / "backend" / "web"
TRANSLATIONS = WEB / "translations"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Termin\\n"
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}


def texts() -> Catalog:
    """All texts of pages and code, without translations."""
    found = Catalog(project="Termin", charset="utf-8")
    for _, _, message, comments, _ in extract_from_dir(WEB, METHODS, OPTIONS):
        found.add(message, auto_comments=comments)
    return found


def catalogues() -> dict[str, Path]:
    """The file of each translation, by the code of its language."""
    return {file.parts[-3]: file for file in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))}


def read(code: str, file: Path) -> Catalog:
    """A catalogue as it stands in its file."""
    with file.open("rb") as opened:
        return read_po(opened, locale=code)


def write(code: str, file: Path, catalogue: Catalog) -> None:
    """Write a catalogue and compile it. Nothing in the files depends on when that happens."""
    written = io.BytesIO()
    write_po(written, catalogue, width=100, omit_header=True, sort_output=True, no_location=True)
    plural = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    header = HEADER.format(code=code, plural=plural).encode()
    file.write_bytes(header + written.getvalue().rstrip(b"\n") + b"\n")
    with file.with_suffix(".mo").open("wb") as opened:
        write_mo(opened, read(code, file))


def problems(code: str, file: Path) -> list[str]:
    """What is missing or wrong in a catalogue, one line for each text."""
    catalogue, wanted = read(code, file), texts()
    found = [f"{code}: unused: {m.id!r}" for m in catalogue if m.id and m.id not in wanted]
    for message in filter(lambda message: message.id, wanted):
        known = catalogue.get(message.id)
        if known is None or not all(_strings(known)):
            found.append(f"{code}: no translation: {message.id!r}")
        else:
            found += [f"{code}: {error}: {message.id!r}" for error in known.check(catalogue)]
    return found if _is_compiled(catalogue, file) else [*found, f"{code}: not compiled"]


def _strings(message: Message) -> Sequence[str]:
    given = message.string
    return [given or ""] if given is None or isinstance(given, str) else list(given)


def _is_compiled(catalogue: Catalog, file: Path) -> bool:
    """Whether the compiled file says what the catalogue says."""
    binary = file.with_suffix(".mo")
    if not binary.is_file():
        return False
    with binary.open("rb") as opened:
        known = read_mo(opened)
    return _pairs(known) == _pairs(catalogue)


def _pairs(catalogue: Catalog) -> set[tuple[str, ...]]:
    translated = [m for m in catalogue if m.id and all(_strings(m))]
    return {(str(list(m.id) if m.pluralizable else m.id), *_strings(m)) for m in translated}


def update(code: str, file: Path) -> None:
    """Take in new texts, drop those that are gone, and compile."""
    catalogue = read(code, file)
    catalogue.update(texts(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(code, file, catalogue)


def main(arguments: list[str]) -> int:
    """Update, or check with `--check`; returns the exit status."""
    if "--check" not in arguments:
        for code, file in catalogues().items():
            update(code, file)
    found = [line for code, file in catalogues().items() for line in problems(code, file)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
