"""What the desk asks of a report."""

import re
from datetime import UTC, date
from typing import Any

from django import forms
from django.utils import timezone

from articles.models import Article, Author, Category, Issue

from .items import ItemReport
from .report import KINDS, Report
from .spans import DAY, Span, Step, months_before

EARLIEST = date(1990, 1, 1)
MOST = 400  # lines of a table, and bars of a chart
BEFORE = [("before", "the days before"), ("year", "a year before")]
LISTS = [(kind, str(model._meta.verbose_name_plural)) for kind, (model, _) in KINDS.items()]


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


def _one_of(rows: Any, noun: str) -> forms.ModelChoiceField[Any]:
    gone = f"This {noun} is not there. Begin again from all reads."
    return forms.ModelChoiceField(
        rows, required=False, widget=forms.HiddenInput, error_messages={"invalid_choice": gone}
    )


class ReportForm(forms.Form):
    """Left empty, it asks for four weeks up to today."""

    first = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="to", required=False, widget=forms.DateInput({"type": "date"}))
    step = forms.ChoiceField(label="by", choices=[("", "what fits"), *Step.choices], required=False)
    against = forms.ChoiceField(label="beside", choices=BEFORE, required=False)
    by = forms.ChoiceField(label="list of", choices=LISTS, required=False)
    article = _one_of(Article.objects.only("title"), "article")
    author = _one_of(Author.objects.defer("bio"), "author")
    issue = _one_of(Issue.objects.all(), "issue")
    category = _one_of(Category.objects.all(), "category")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        data["last"] = last = min(data["last"] or _today(), _today())
        data["first"] = first = data["first"] or last - 27 * DAY
        if not EARLIEST <= first <= last:
            raise forms.ValidationError("The first day must lie before the last one, and not before 1990.")
        # What is asked for stands in the form.
        self.data = {**{name: self.data.get(name) for name in self.data}, "first": str(first), "last": str(last)}
        span = Span(first, last)
        data["step"] = step = Step(data["step"] or span.fitting_step())
        if sum(1 for _ in zip(range(MOST + 1), span.in_steps(step), strict=False)) > MOST:
            raise forms.ValidationError(f"These are more than {MOST} {step.name.lower()}s: choose longer ones.")
        return data

    def report(self) -> Report:
        asked = self.cleaned_data
        span = Span(asked["first"], asked["last"])
        before = span.a_year_before() if asked["against"] == "year" else span.before()
        kind = next((kind for kind in KINDS if asked[kind]), "")
        by = asked["by"] or "article"
        return Report(span, before, asked["step"], by, kind, asked[kind] if kind else None)


class MonthField(forms.CharField):
    """A month as in 2026-11."""

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        if not re.fullmatch(r"(19[9]\d|20\d\d)-(0[1-9]|1[0-2])", text):
            raise forms.ValidationError("A month is written like 2026-11.")
        return date.fromisoformat(f"{text}-01")


class ItemReportForm(forms.Form):
    """Left empty, it asks for the last twelve whole months."""

    first = MonthField(label="From", required=False, widget=forms.TextInput({"type": "month"}))
    last = MonthField(label="to", required=False, widget=forms.TextInput({"type": "month"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        last = data["last"] or months_before(_today(), 1)
        first = data["first"] or months_before(last, 11)
        if not first <= last <= _today():
            raise forms.ValidationError("The first month must not lie after the last one, nor the last one ahead.")
        data["span"] = Span(first, months_before(last, -1) - DAY)
        return data

    def report(self) -> ItemReport:
        return ItemReport(self.cleaned_data["span"])
