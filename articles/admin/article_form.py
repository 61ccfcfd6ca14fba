"""The form an article is written in: what it asks for, and what it refuses."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from articles import moments
from articles.models import Article, Category, Revision, Tag

from .correcting import WITHDRAWAL, CorrectionFields
from .image_form import ImageUpload
from .preflight import PreflightForm
from .tags_field import TagsField


class ArticleForm(PreflightForm, CorrectionFields, forms.ModelForm[Article]):
    editor: User  # who has this form before them

    # The revision that this page was made from; another newest one, and the form is refused.
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    merges = forms.IntegerField(
        required=False, widget=forms.HiddenInput
    )  # the revision whose changes came into this text
    tags = TagsField(required=False, help_text="Separated by commas.")
    lead_image_upload = ImageUpload(
        label="or upload a new one", required=False, help_text="JPEG, PNG, WebP, AVIF or GIF, up to 25 MB."
    )
    lead_image_credit = forms.CharField(
        label="credit of the new image", max_length=300, required=False, widget=forms.TextInput({"class": "vTextField"})
    )

    class Meta:
        model = Article
        exclude = ["figures"]  # noqa: DJ006  (kept by Article.save; the fieldsets say which fields there are)
        widgets = {
            "title": forms.Textarea({"rows": 2, "class": "title-input"}),
            "lead_image_caption": forms.Textarea({"rows": 2}),
            "withdrawal_notice": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if unsaved := (kwargs.get("initial") or {}).pop("unsaved", None):
            kwargs["instance"] = Article()
            kwargs["instance"].show(unsaved)
        super().__init__(*args, **kwargs)
        self.newest = self.instance.newest if self.instance.pk else None
        self.fields["base"].initial = self.newest.number if self.newest else 0
        self.is_stale = False
        self._offer_what_may_follow()
        self.kinds = self._offer_categories()
        if self.instance.shown:
            self.initial["tags"] = [Tag(name=name) for name in self.instance.shown["tags"]]

    def _offer_categories(self) -> dict[str, bool]:
        """And which of them have sections, for the script that shows the right fields."""
        if "category" not in self.fields:  # this editor may only look
            return {}
        rows = list(Category.objects.all())
        self.fields["category"].choices = [("", "---------"), *((row.pk, str(row)) for row in rows)]  # type: ignore[attr-defined]
        return {str(row.pk): row.has_sections for row in rows}

    def _offer_what_may_follow(self) -> None:
        states = self.instance.next_states(self.editor)
        if "status" not in self.fields:  # this editor may only look
            return
        self.fields["status"].choices = [(state.value, state.label) for state in states]  # type: ignore[attr-defined]
        self.fields["published_at"].disabled = not self.editor.has_perm("articles.publish_article")
        may_correct = self.editor.has_perm("articles.correct_article")
        self.fields["modified_at"].disabled = self.instance.is_published() and not may_correct
        self.fields["withdrawal_notice"].disabled = Article.Status.WITHDRAWN not in states
        self.offer_kinds(self.instance, may_withdraw=Article.Status.WITHDRAWN in states)

    @property
    def note(self) -> str:
        """What the revision says of itself."""
        merged, kind = self.cleaned_data.get("merges"), self.cleaned_data.get("correction")
        notes = [f"Merged with revision {merged}"] if merged else []
        notes += [f"{kind.capitalize()}: {self.cleaned_data.get('correction_note')}"] if kind else []
        return ". ".join(notes)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._refuse_if_stale(cleaned)
        if self.data.get("_continue") == "draft":  # to be previewed, whatever state was chosen already
            cleaned["status"] = Article.Status.DRAFT
        if cleaned.get("status") == Article.Status.PUBLISHED:
            cleaned["published_at"] = cleaned.get("published_at") or moments.now()
            if self.instance.is_published() and cleaned["published_at"] > timezone.now():
                self.add_error("published_at", "It is public already. Withdraw it to take it from its readers.")
            self._refuse_if_it_lacks_something(cleaned)
        if cleaned.get("status") == Article.Status.WITHDRAWN and not cleaned.get("withdrawal_notice"):
            self.add_error("withdrawal_notice", "Say what readers are told when they look for the article.")
        if "_publish_changes" in self.data and self.instance.pk and self.instance.has_been_public():
            self.refuse_an_unsaid_change(cleaned, self.instance)
        self._ask_before_publishing(cleaned)
        return cleaned

    def _ask_before_publishing(self, cleaned: dict[str, Any]) -> None:
        """Once, when it is published; and when a public text changes, unless that takes it back."""
        is_first = cleaned.get("status") == Article.Status.PUBLISHED != self.instance.status
        changes = "_publish_changes" in self.data and cleaned.get("correction") != WITHDRAWAL
        if is_first or (changes and self.instance.pk):
            self.ask_about_doubts(cleaned, is_first)

    def _refuse_if_stale(self, cleaned: dict[str, Any]) -> None:
        number = self.newest.number if self.newest else 0
        if number in (cleaned.get("base") or 0, cleaned.get("replaces")):
            return
        self.is_stale = True
        raise ValidationError(
            "%(who)s saved revision %(number)s at %(when)s, after you opened this page. Your text is kept below, and "
            "nothing of it is saved. Compare it with the article as it now is; to put yours in its place, tick the box "
            "below and save again.",
            params={"who": _name(self.newest), "number": number, "when": _moment(self.newest)},
            code="stale",
        )

    def _refuse_if_it_lacks_something(self, cleaned: dict[str, Any]) -> None:
        named = {name: cleaned.get(name) for name in ("title", "category", "summary", *Article.TEXTS)}
        for name in Article(**named).lacks():
            field = {"text": "summary"}.get(name, name)
            if field not in self.errors:
                self.add_error(field, f"It cannot be published without a {name}.")


def _name(revision: Revision | None) -> str:
    return revision.editor.get_username() if revision and revision.editor else "An import"


def _moment(revision: Revision | None) -> str:
    return date_format(timezone.localtime(revision.created_at), "j F Y, H:i") if revision else ""
