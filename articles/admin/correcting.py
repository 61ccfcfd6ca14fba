"""What "Publish changes" asks: what kind of change it is, and what readers are told of it."""

from typing import Any

from django import forms

from articles.compare import changed_parts
from articles.models import Article, Correction

from .merging import posted

WITHDRAWAL = "withdrawal"  # no correction but a step: the text goes, and its address says why
ASK = ("", "What kind of change is this?")


class CorrectionFields(forms.Form):
    correction = forms.ChoiceField(label="Kind of change", required=False)
    correction_note = forms.CharField(
        label="What readers are told",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2, "placeholder": "“An earlier version gave the wrong year of the treaty.”"}),
    )

    def offer_kinds(self, article: Article, may_withdraw: bool) -> None:
        kinds = Correction.Kind
        without = kinds.RETRACTION if article.retracted_at else kinds.REINSTATEMENT
        offered = [(kind.value, kind.label) for kind in kinds if kind != without]
        withdrawal = [(WITHDRAWAL, "Withdrawal: the text goes, and its address says why")] if may_withdraw else []
        self.fields["correction"].choices = [ASK, *offered, *withdrawal]  # type: ignore[attr-defined]

    def refuse_an_unsaid_change(self, cleaned: dict[str, Any], article: Article) -> None:
        """A text that was public changes its words only with a kind, and but for typos with a note."""
        kind, note = cleaned.get("correction"), (cleaned.get("correction_note") or "").strip()
        if not kind and "correction" not in self.errors:
            live = Article.objects.get(pk=article.pk).snapshot()
            if parts := changed_parts(live, posted(self.data, live)):  # type: ignore[arg-type]
                names = ", ".join(part.label.lower() for part in parts)
                self.add_error("correction", f"Say what kind of change this is. Readers see another {names}.")
        if kind and kind != Correction.Kind.TYPO and not note:
            self.add_error("correction_note", "Write what readers are told; all but typos leave a note on the page.")
