"""How a manuscript comes in: a file becomes a draft, or the form says what is wrong with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from articles.intake.draft import Outcome, take_in

from .article_pages import ArticlePages

MANUSCRIPT_BYTES = 25 * 1024 * 1024


class ManuscriptForm(forms.Form):
    file = forms.FileField(label="manuscript", widget=forms.FileInput({"accept": ".docx,.html,.htm,.txt"}))

    def clean_file(self) -> "UploadedFile[Any]":
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > MANUSCRIPT_BYTES:
            raise forms.ValidationError("This file is larger than 25 MB. Is it the manuscript?")
        return upload


class ManuscriptPages(ArticlePages):
    def get_urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.from_manuscript)
        return [path("import/", self.admin_site.admin_view(view), name="articles_article_import"), *super().get_urls()]

    def from_manuscript(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ManuscriptForm(request.POST, request.FILES) if request.method == "POST" else ManuscriptForm()
        if form.is_valid():
            outcome = self.take_in(request, form.cleaned_data["file"])
            if outcome.outcome != "refused" and outcome.article:
                return self._to_the_article(request, outcome)
            form.add_error("file", f"{outcome.file_name}: {outcome.reason}")
        return self.page(request, "import.html", title="New article from a manuscript", form=form)

    def take_in(self, request: HttpRequest, upload: "UploadedFile[Any]") -> Outcome:
        """Make a draft of it. The house hands on what the file holds for other rooms."""
        return take_in(upload.name or "manuscript", upload.read(), editor=request.user)  # type: ignore[arg-type]

    def _to_the_article(self, request: HttpRequest, outcome: Outcome) -> HttpResponse:
        assert outcome.article
        if outcome.outcome == "created":
            self.log_addition(request, outcome.article, f"Imported from {outcome.file_name}.")
        said = {"created": "is now a draft", "updated": "is updated", "unchanged": "was here already, unchanged"}
        number = len(outcome.flags)
        flags = f" There {'is 1 doubt' if number == 1 else f'are {number} doubts'} to look at." if number else ""
        messages.success(request, f"“{outcome.article}” {said[outcome.outcome]}.{flags}")
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[outcome.article.pk]))
