"""How a manuscript comes in: a file or a pasted text becomes a draft, or the form says what is wrong with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from articles.intake import Manuscript, Refused, read
from articles.intake.draft import EDITED, Outcome, offer, resembled, take_in
from articles.models import Article

from .intake import IntakePages

MANUSCRIPT_BYTES = 25 * 1024 * 1024


class ManuscriptForm(forms.Form):
    file = forms.FileField(label="File", required=False, widget=forms.FileInput({"accept": ".docx,.html,.htm,.txt"}))
    pasted = forms.CharField(label="or paste the text", required=False, widget=forms.Textarea({"rows": 6}))
    # What the clipboard holds beside the plain text: bold headers, links and notes.
    pasted_html = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_file(self) -> "UploadedFile[Any] | None":
        upload: UploadedFile[Any] | None = self.cleaned_data["file"]
        if upload and (upload.size or 0) > MANUSCRIPT_BYTES:
            raise forms.ValidationError("This file is larger than 25 MB. Is it the manuscript?")
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("file") and not cleaned.get("pasted"):
            self.add_error("file", "Choose a file, drop it here, or paste the text below.")
        return cleaned

    def manuscript(self) -> "UploadedFile[Any]":
        pasted, html = self.cleaned_data["pasted"], self.cleaned_data["pasted_html"]
        kind, content = ("html", html) if html else ("txt", pasted)
        return self.cleaned_data["file"] or SimpleUploadedFile(f"pasted-text.{kind}", content.encode())


class ManuscriptPages(IntakePages):
    def get_urls(self) -> list[URLPattern]:
        own, both = self.admin_site.admin_view, require_http_methods(["GET", "HEAD", "POST"])
        return [
            path("import/", own(both(self.from_manuscript)), name="articles_article_import"),
            path("<int:pk>/new-version/", own(both(self.new_version)), name="articles_article_new_version"),
            *super().get_urls(),
        ]

    def from_manuscript(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ManuscriptForm(request.POST, request.FILES) if request.method == "POST" else ManuscriptForm()
        if form.is_valid():
            arrived = form.manuscript()
            name, data = arrived.name or "manuscript", arrived.read()
            try:
                return self._arrive(request, name, data, read(name, data))
            except Refused as refusal:
                form.add_error("file", f"{name}: {refusal}")
        return self.page(request, "import.html", title="New article from a manuscript", form=form)

    def _arrive(self, request: HttpRequest, name: str, data: bytes, manuscript: Manuscript) -> HttpResponse:
        """A draft of its own, or a later version beside the article that there is."""
        if article := resembled(manuscript, data):
            return self._beside(request, article, manuscript, data)
        outcome = self.take_in(request, name, data, manuscript)
        if outcome.article and outcome.reason == EDITED:
            return self._beside(request, outcome.article, manuscript, data)
        if outcome.article is None or outcome.outcome == "refused":
            raise Refused(outcome.reason)
        return self._to_what_was_recognised(request, outcome)

    def take_in(self, request: HttpRequest, name: str, data: bytes, manuscript: Manuscript) -> Outcome:
        """Make a draft of it. The house hands on what the file holds for other rooms."""
        return take_in(name, data, manuscript=manuscript, editor=request.user)  # type: ignore[arg-type]

    def _to_what_was_recognised(self, request: HttpRequest, outcome: Outcome) -> HttpResponse:
        article = outcome.article
        assert article
        if outcome.outcome == "created":
            self.log_addition(request, article, f"Imported from {outcome.file_name}.")
        said = {"created": "is now a draft", "updated": "is updated", "unchanged": "was here already, unchanged"}
        number = len(outcome.flags)
        flags = f" There {'is 1 doubt' if number == 1 else f'are {number} doubts'} to look at." if number else ""
        messages.success(request, f"“{article}” {said[outcome.outcome]}.{flags}")
        newest = article.sources.first()
        assert newest
        return HttpResponseRedirect(reverse("admin:articles_article_intake", args=[article.pk, newest.pk]))

    # An article that is being edited already

    def new_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The author sent the manuscript again: it is compared with the article, and changes nothing by itself."""
        article = self._article(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        form = ManuscriptForm(request.POST, request.FILES) if request.method == "POST" else ManuscriptForm()
        if form.is_valid():
            try:
                arrived = form.manuscript()
                name, data = arrived.name or "manuscript", arrived.read()
                return self._beside(request, article, read(name, data), data)
            except Refused as refusal:
                form.add_error("file", str(refusal))
        return self.page(request, "import.html", title="The author’s new version", form=form, original=article)

    def _beside(self, request: HttpRequest, article: Article, manuscript: Manuscript, data: bytes) -> HttpResponse:
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        source = offer(article, manuscript, data)
        self.log_change(request, article, f"A later version came in: {source.file_name}.")
        messages.info(request, f"This is a later version of “{article}”. Nothing is changed until you take it over.")
        return HttpResponseRedirect(reverse("admin:articles_article_version", args=[article.pk, source.pk]))
