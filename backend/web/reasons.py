"""Why a payment is as large as it is, in one plain sentence."""

from __future__ import annotations

from collections.abc import Iterable
from gettext import NullTranslations

from babel.lists import format_list

from backend.queries.payments import PaymentRow
from backend.queries.values import Money
from backend.web.formats import Formats


class Reasons:
    """The sentences of one language."""

    def __init__(self, texts: NullTranslations, formats: Formats) -> None:
        self._ = texts.gettext
        self._n = texts.ngettext
        self._formats = formats

    def why(self, payment: PaymentRow, claimed: Money | None = None) -> str:
        """What the net is made of; `claimed` is what the stage was to bring, where that is known
        and more than was accepted."""
        _, money = self._, self._formats.money
        base = self._base(payment, claimed)
        taken = list(self._taken(payment))
        if not taken:
            return _("All of %(base)s; nothing is taken off.") % {"base": base}
        parts = format_list(taken, locale=self._formats.language.locale)
        values = {"net": money(payment.net), "base": base, "parts": parts}
        if not payment.net.minor:
            return _("Nothing is left for the payee of %(base)s after %(parts)s.") % values
        return _("%(net)s is what is left of %(base)s after %(parts)s.") % values

    def _base(self, payment: PaymentRow, claimed: Money | None) -> str:
        _, money = self._, self._formats.money
        values = {"gross": money(payment.gross), "claimed": money(claimed or payment.gross)}
        if payment.basis == "partial-acceptance" and claimed and claimed != payment.gross:
            return _("the %(gross)s that were accepted of the %(claimed)s claimed") % values
        return {
            "acceptance": _("the %(gross)s of the accepted work"),
            "partial-acceptance": _("the %(gross)s of the part that was accepted"),
            "silence": _("the %(gross)s of the work that counts as accepted"),
            "settlement": _("the %(gross)s that both sides settled on"),
            "ruling": _("the %(gross)s that the arbiter ruled"),
            "default-ruling": _("the %(gross)s that are the agreed share of what was in dispute"),
            "advance": _("the %(gross)s of the advance"),
            "retention-release": _("the %(gross)s of retention that are released"),
            "damages-returned": _("the %(gross)s that were withheld for delay and are given back"),
        }[payment.basis] % values

    def _taken(self, payment: PaymentRow) -> Iterable[str]:
        _, ngettext, money = self._, self._n, self._formats.money
        if payment.advance.minor:
            yield _("%(money)s to recover the advance") % {"money": money(payment.advance)}
        if payment.retention.minor:
            yield _("%(money)s kept as retention") % {"money": money(payment.retention)}
        if payment.damages.minor:
            yield ngettext(
                "%(money)s for %(num)s day of delay",
                "%(money)s for %(num)s days of delay",
                payment.late_days,
            ) % {"money": money(payment.damages), "num": payment.late_days}
        if payment.taxes.minor:
            yield _("%(money)s tax") % {"money": money(payment.taxes)}
        if payment.direct.minor:
            yield _("%(money)s straight to subcontractors") % {"money": money(payment.direct)}
