"""Before a text is published its editor is told what is missing or doubtful, and says why it goes out all the same."""

from typing import Any

from django import forms
from django.http import HttpRequest

from articles.models import Article, Link
from articles.preflight import Finding, findings, unchecked

from .merging import posted
from .versions import Versions

NEW: dict[str, Any] = {"bylines": [], "tags": []}


class PreflightForm(forms.ModelForm[Article]):
    """What stops a text is refused at its field; what is doubtful needs a reason."""

    though = forms.CharField(
        label="Why it goes out all the same",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text="It stands in the article's history.",
    )
    warnings: tuple[Finding, ...] = ()

    def ask_about_doubts(self, cleaned: dict[str, Any], is_first: bool) -> None:
        """About what would be public; of a text that is public already, about what this change brings with it."""
        article = self.instance if self.instance.pk else None
        text = posted(self.data, NEW | (article.newest_text() if article else {}))  # type: ignore[arg-type]
        found = [*findings(article, text), *self._of_the_new_image(cleaned)]
        known = findings(article, Article.objects.get(pk=article.pk).snapshot()) if article and not is_first else []
        self.warnings = tuple(one for one in found if not one.stops and one not in known)
        if self.warnings and not cleaned.get("though"):
            self.add_error("though", "Say why it goes out with these, or put them right.")

    def _of_the_new_image(self, cleaned: dict[str, Any]) -> list[Finding]:
        if not cleaned.get("lead_image_upload"):
            return []
        named = {
            "lead_image_alt": "has a lead image without alternative text",
            "lead_image_credit": "has an image without credit",
        }
        return [Finding(says, field) for field, says in named.items() if not cleaned.get(field)]


class Preflights(Versions):
    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        reason = form.cleaned_data.get("though")
        if form.warnings and reason:
            doubts = "; ".join(finding.says for finding in form.warnings)
            form.instance.log(request.user, f"Published though it {doubts}. Reason: {reason}")

    def doubts_about(self, article: Article | None, text: dict[str, Any]) -> list[dict[str, Any]]:
        """For the list beside the form; the links that were saved are asked for, if that is long ago."""
        if article:
            Link.objects.have_checked(article.newest_text())
        found = [(one, one.stops, False) for one in findings(article, text)]
        found += [(one, False, True) for one in unchecked(text)]
        return [{"says": one.says, "field": one.field, "stops": stops, "waits": waits} for one, stops, waits in found]
