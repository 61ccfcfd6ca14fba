"""The article as it will look, for those who may see it in the desk: the page, and what a mail shows of it."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from articles.models import Article, Autosave
from articles.proofs import first_sentence, proof_of
from articles.views import show_article

from .unsaved import Unsaved, as_shown
from .versions import Versions


class Previews(Versions):
    def get_urls(self) -> list[URLPattern]:
        # It stands beside the form, in a frame; no other page of the site may be shown in one.
        framed = csp_replace({"frame-ancestors": [SELF]})(require_safe(self.preview))  # type: ignore[arg-type]
        view = self.admin_site.admin_view(xframe_options_sameorigin(framed))
        return [path("<int:pk>/preview/", view, name="articles_article_preview"), *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was saved last; or, when asked, what its editor has typed since."""
        article = self._article(request, pk)
        proof = proof_of(article, self._typed(request, article) if "unsaved" in request.GET else as_shown(article))
        with timezone.override(None):  # with the days of the journal, whatever the editor's zone
            response = self._shown(request, proof)
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "no-store, private"
        return response

    def _shown(self, request: HttpRequest, proof: Article) -> HttpResponse:
        if request.GET.get("as") != "mail":
            return show_article(request, proof, view="admin:article_image")
        last = proof.conclusions or proof.body
        context = {"article": proof, "conclusion": first_sentence(last)}
        return TemplateResponse(request, "admin/articles/article/teaser.html", context).render()

    def _typed(self, request: HttpRequest, article: Article) -> dict[str, object]:
        editor = request.user
        typed = Autosave.objects.filter(editor=editor, article=article).first()  # type: ignore[misc]
        if typed is None:
            return as_shown(article)
        return Unsaved(article, editor, typed.base, typed.snapshot).both  # type: ignore[arg-type]
