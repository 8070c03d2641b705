"""Numbers, money and moments as a reader of one language writes them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from markupsafe import Markup

from backend.queries.values import Money
from backend.web.languages import Language

_NO_BREAK = "\u00a0"
_HINTED_DAYS = 700
_CLIP = 160
_DIGITS = 100
_DIRECTIONS = (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))


class Formats:
    """Formats for one language, one time zone and one present moment."""

    def __init__(
        self, language: Language, texts: NullTranslations, zone: ZoneInfo, now: datetime
    ) -> None:
        self.language = language
        self.now = now
        self.zone = zone
        self._texts = texts
        self._locale = language.locale

    # --- numbers ---

    def number(self, value: int) -> str:
        """A count: 1,234 or 1.234."""
        return format_decimal(value, locale=self._locale)

    def figure(self, amount: Money) -> str:
        """An amount without its currency, exact; without the minor unit where that is zero."""
        whole = amount.minor % 10**amount.decimals == 0
        return self._decimal(amount, 0 if whole else amount.decimals)

    def cell(self, amount: Money) -> Markup:
        """An amount for a column: where the minor unit is zero its place is kept free."""
        figure = self.figure(amount)
        full = self._decimal(amount, amount.decimals)
        # Both are made of digits and separators only.
        rest = full.removeprefix(figure)
        return Markup(figure + (f'<span class="z">{rest}</span>' if rest else ""))  # noqa: S704

    def money(self, amount: Money) -> str:
        """An amount with its currency: IDR 4,200,000,000 or Rp 4.200.000.000."""
        return f"{self.currency(amount.currency)}{_NO_BREAK}{self.figure(amount)}"

    def currency(self, code: str) -> str:
        """The sign or code of a currency."""
        return self.language.symbols.get(code, code)

    def short(self, amount: Money) -> str:
        """An amount in a few signs, for the scale of a chart: 1.5B or 1,5 M."""
        return format_compact_decimal(amount.decimal, locale=self._locale, fraction_digits=1)

    def rate(self, rate: Decimal | str) -> str:
        """A share of one as percent, 5 % or 0.1 %; a fraction such as 11/111 as it is."""
        if "/" in str(rate):
            return str(rate)
        percent = format_decimal(Decimal(rate) * 100, format="#,##0.####", locale=self._locale)
        return f"{percent}{_NO_BREAK}%"

    def share(self, part: Money, whole: Money) -> str:
        """How much of `whole` a part is, in full percent, rounded down; "–" of nothing."""
        if not whole.minor:
            return "–"
        small = 0 < part.minor * 100 < whole.minor
        share = format_percent(percent(part, whole) / 100, format="#,##0%", locale=self._locale)
        return f"<{share}" if small else share

    def _decimal(self, amount: Money, digits: int) -> str:
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        with localcontext(prec=_DIGITS):
            return format_decimal(amount.decimal, format=pattern, locale=self._locale)

    # --- moments ---

    def local(self, moment: datetime) -> datetime:
        """A moment in the time zone of the contracts."""
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            # The last hours of the year 9999 lie in the next year elsewhere.
            return moment

    def day(self, moment: datetime) -> str:
        """A date: 12 Mar 2026."""
        return format_date(self.local(moment).date(), "d MMM y", locale=self._locale)

    def full_day(self, moment: datetime) -> str:
        """A date with the month in full: 12 March 2026."""
        return format_date(self.local(moment).date(), "d MMMM y", locale=self._locale)

    def month(self, moment: datetime, *, with_year: bool) -> str:
        """A month: Mar or Mar 2026."""
        pattern = "MMM y" if with_year else "MMM"
        return format_date(self.local(moment).date(), pattern, locale=self._locale)

    def month_number(self, moment: datetime) -> int:
        """The months from the year 0 to the one in which a moment lies."""
        local = self.local(moment)
        return local.year * 12 + local.month - 1

    def month_start(self, number: int) -> datetime:
        """The moment at which the month with this `month_number` begins, or the last one."""
        year, month = divmod(number, 12)
        if year > MAXYEAR:
            return datetime.max.replace(tzinfo=self.zone)
        return datetime(year, month + 1, 1, tzinfo=self.zone)

    def moment(self, moment: datetime) -> str:
        """A date with time and zone: 12 March 2026, 09:30 WIB."""
        local = self.local(moment)
        text = format_datetime(
            local,
            "d MMMM y, HH.mm" if self._dotted else "d MMMM y, HH:mm",
            tzinfo=local.tzinfo,
            locale=self._locale,
        )
        return f"{text} {local.tzname()}"

    def iso(self, moment: datetime) -> str:
        """A moment for machines, in UTC."""
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def hint(self, moment: datetime) -> str:
        """How far a day is from today: "in 3 days", "yesterday"; empty for what is long past."""
        days = self.days_from_today(moment)
        _ = self._texts.gettext
        near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
        if days in near:
            return near[days]
        if abs(days) > _HINTED_DAYS:
            return ""
        return format_timedelta(
            timedelta(days=days),
            granularity="day",
            threshold=2,
            add_direction=True,
            locale=self._locale,
        )

    def days_from_today(self, moment: datetime) -> int:
        """Days from today's date to that of `moment`, negative when it is past."""
        return (self.local(moment).date() - self.today).days

    @property
    def today(self) -> date:
        """Today's date in the time zone of the contracts."""
        return self.local(self.now).date()

    def days_ago(self, days: int) -> datetime:
        """The moment at which the day began that was `days` before today."""
        start = self.local(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        return start - timedelta(days=days)

    @property
    def _dotted(self) -> bool:
        return self.language.code == "id"


def percent(part: Money, whole: Money) -> int:
    """`part` of `whole` in percent, rounded down; something is never nothing."""
    if whole.minor <= 0:
        return 0
    share = min(100, part.minor * 100 // whole.minor)
    return share or int(part.minor > 0)


def has_cents(amounts: Iterable[Money]) -> bool:
    """Whether any amount has a minor unit that is not zero."""
    return any(amount.minor % 10**amount.decimals for amount in amounts)


def one_currency(amounts: Iterable[Money]) -> str | None:
    """The currency of all amounts; None if there are several or none."""
    found = {amount.currency for amount in amounts}
    return found.pop() if len(found) == 1 else None


def plain(text: str) -> str:
    """`text` for where no mark-up can keep its direction to itself: without what changes it."""
    return text.translate(dict.fromkeys(_DIRECTIONS))


def clip(text: str, length: int = _CLIP) -> str:
    """`text` on one line, cut where it is longer than a list can bear."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[:length].rstrip()
    while cut and unicodedata.combining(cut[-1]):
        cut = cut[:-1]
    return f"{cut}…"
