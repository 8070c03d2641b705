"""The load report: JSON Lines, one object for each contract and each payment that differs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from backend.core.errors import AppError
from backend.core.money import format_minor
from backend.ocds.reasons import sentence
from backend.ocds.source import ReportLine, Source, SourceContract

__all__ = ["ReportLine", "contract_line", "report_lines", "to_json", "write_report"]


class ReportNotWrittenError(AppError):
    """The load report cannot be written."""

    status = 422
    title = "The report cannot be written"


def contract_line(contract: SourceContract) -> ReportLine:
    """The line of the report on a contract that is loaded."""
    return ReportLine(
        file=contract.origin.file,
        line=contract.origin.line,
        ocid=contract.ocid,
        contract_id=contract.contract_id,
        payment_id=None,
        outcome=contract.outcome,
        reason=sentence(contract.reasons),
        value=format_minor(contract.value, contract.currency),
        paid=format_minor(contract.paid, contract.currency),
        currency=contract.currency,
    )


def report_lines(source: Source) -> Iterator[ReportLine]:
    """One line for each contract of `source`, and its findings, file by file and line by line.

    The findings on a contract's payments follow the line of the contract.
    """
    lines = [*map(contract_line, source.contracts), *source.findings]
    files: dict[str, int] = {}
    for line in lines:
        files.setdefault(line.file, len(files))
    yield from sorted(lines, key=lambda line: (files[line.file], line.line, line.contract_id or ""))


def to_json(line: ReportLine) -> str:
    """`line` as one line of JSON."""
    return json.dumps(asdict(line), ensure_ascii=False)


def write_report(path: Path, lines: Iterable[ReportLine]) -> None:
    """Write `lines` to `path` as JSON Lines in UTF-8, in place of what was there.

    Raises `ReportNotWrittenError`.
    """
    try:
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(f"{to_json(line)}\n" for line in lines)
    except OSError as error:
        raise ReportNotWrittenError(f"{path}: {error.strerror}") from error
