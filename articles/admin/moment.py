"""A moment in a form: in the zone of whoever writes it, by name; a clock that is set back or forward is asked about."""

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, BaseAdminDateWidget, BaseAdminTimeWidget
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from articles.moments import named

FIRST, SECOND = "0", "1"  # as in datetime.fold


def readings(local: datetime) -> tuple[datetime, datetime]:
    """What a clock may mean: twice the same, on all days but two of a year."""
    zone = timezone.get_current_timezone()
    return local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)


def is_doubtful(local: datetime) -> bool:
    first, second = readings(local)
    return first.utcoffset() != second.utcoffset()


def _exists(moment: datetime) -> bool:
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def _zone() -> str:
    return timezone.get_current_timezone_name()


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"UTC{text[:3]}:{text[3:]}"


class MomentWidget(AdminSplitDateTime):
    """Date and time; and which of the two, where a clock shows the same time twice."""

    widgets: Any

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        day, clock = BaseAdminDateWidget({"aria-label": "Date"}), BaseAdminTimeWidget({"aria-label": "Time"})
        which = forms.Select(attrs={"aria-label": "Which of the two"})
        forms.MultiWidget.__init__(self, [day, clock, which], attrs)
        self.stored: datetime | None = None

    def decompress(self, value: datetime | None) -> list[Any]:  # type: ignore[override]
        if value is None:
            return [None, None, ""]
        self.stored = value
        local = timezone.localtime(value)
        if is_doubtful(local.replace(tzinfo=None)):
            self.ask_about(local.replace(tzinfo=None))
        return [local.date(), local.time(), str(local.fold) if self.widgets[2].choices else ""]

    def ask_about(self, local: datetime | None) -> None:
        """Show the choice between the two readings of a time; None shows none."""
        self.widgets[2].choices = []
        if local:
            first, second = readings(local)
            offer = [
                (FIRST, f"the first {local:%H:%M} ({_offset(first)})"),
                (SECOND, f"the second ({_offset(second)})"),
            ]
            self.widgets[2].choices = [("", "Which of the two?"), *offer]

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        values = value if isinstance(value, list) else self.decompress(value)
        own = self.build_attrs(self.attrs, attrs)
        day, clock, which = (
            widget.render(f"{name}_{n}", part, own | {"id": f"{own['id']}_{n}"}, renderer)
            for n, (widget, part) in enumerate(zip(self.widgets, values, strict=True))
        )
        context = {"day": day, "clock": clock, "which": which if self.widgets[2].choices else "", "zone": _zone()}
        return render_to_string("admin/articles/moment.html", context | {"elsewhere": self._in_the_journal()})

    def _in_the_journal(self) -> str:
        here = _zone()
        with timezone.override(None):
            return named(self.stored) if self.stored and _zone() != here else ""


class MomentField(forms.MultiValueField):
    """Raises a ValidationError that asks, for a time that does not exist on its day, or exists twice."""

    widget: Any = MomentWidget

    def __init__(self, **kwargs: Any) -> None:
        day = forms.DateField(
            error_messages={"incomplete": "Give the day as well.", "invalid": "Write the day as 2026-03-15."}
        )
        clock = forms.TimeField(
            error_messages={"incomplete": "Give the time as well.", "invalid": "Write the time as 09:30."}
        )
        super().__init__(fields=[day, clock, forms.CharField(required=False)], require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> datetime | None:
        if not data_list:
            return None
        day, clock, which = data_list
        # In UTC: Python takes a time that comes twice for unequal to the same moment elsewhere (PEP 495).
        return self._meant(day, clock, which).astimezone(UTC)

    def _meant(self, day: date, clock: time, which: str) -> datetime:
        local = datetime.combine(day, clock)
        first, second = readings(local)
        if not is_doubtful(local):
            self.widget.ask_about(None)
            return first
        where = {"clock": f"{local:%H:%M}", "day": date_format(day, "j F Y"), "zone": _zone()}
        if not _exists(first):
            earlier, later = sorted([first.astimezone(UTC), second.astimezone(UTC)])
            times = {"earlier": f"{timezone.localtime(earlier):%H:%M}", "later": f"{timezone.localtime(later):%H:%M}"}
            raise ValidationError(
                "There is no %(clock)s on %(day)s in %(zone)s: the clocks go forward past it. Give %(earlier)s or "
                "%(later)s, whichever is meant.",
                params=where | times,
                code="no_such_time",
            )
        self.widget.ask_about(local)
        if which not in (FIRST, SECOND):
            raise ValidationError(
                "%(clock)s comes twice on %(day)s in %(zone)s: the clocks go back. Choose which of the two is meant.",
                params=where,
                code="which_of_two",
            )
        return first if which == FIRST else second
