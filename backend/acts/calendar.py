"""The days of a year that are not worked, as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backend.acts.words import WEEKDAYS
from backend.core.errors import AppError
from backend.core.yamlfiles import Problem, read_written

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class CalendarError(AppError):
    """What was typed does not make a year."""

    status = 422
    title = "The year cannot be set"


class YearDraft(BaseModel):
    """A year of the calendar: weekdays and days that are not worked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: int = Field(ge=1970, le=2100)
    weekend: list[Weekday] = Field(default=["saturday", "sunday"], max_length=6)
    holidays: list[date] = []

    @property
    def weekend_bits(self) -> int:
        """Bit 0 for Monday to bit 6 for Sunday."""
        return sum(1 << WEEKDAYS.index(day) for day in set(self.weekend))

    @property
    def ordered(self) -> list[date]:
        """The holidays in their order, each once."""
        return sorted(set(self.holidays))

    @property
    def days(self) -> list[int]:
        """The holidays as days of the year, from 1 for 1 January, ascending."""
        return [day.timetuple().tm_yday for day in self.ordered]


def read_year(path: Path) -> YearDraft:
    """Read and validate a file; raises `YamlFileError` with every error's line."""
    written = read_written(path)
    draft = written.read_as(YearDraft)
    problems = [
        Problem(("holidays", position), str(day), f"a day of {draft.year}")
        for position, day in _elsewhere(draft)
    ]
    if problems:
        raise written.error(problems)
    return draft


def typed_year(year: int, weekend: str, holidays: str) -> YearDraft:
    """The same from what was typed, with commas between; raises `CalendarError`."""
    try:
        draft = YearDraft.model_validate(
            {"year": year, "weekend": _split(weekend.lower()), "holidays": _split(holidays)}
        )
    except ValidationError as error:
        lines = (f"found {each['input']!r:.60}; {each['msg']}" for each in error.errors())
        raise CalendarError("\n".join(lines)) from error
    wrong = [f"found {day}; expected a day of {year}" for _, day in _elsewhere(draft)]
    if wrong:
        raise CalendarError("\n".join(wrong))
    return draft


def _elsewhere(draft: YearDraft) -> Iterator[tuple[int, date]]:
    """The holidays that are no days of the year, with their positions."""
    return ((n, day) for n, day in enumerate(draft.holidays) if day.year != draft.year)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
