"""Sign-off in the desk: a link is made for a person, mailed, taken back; the answer stands beside the text."""

from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import letters
from articles.compare import compare
from articles.machines import absolute
from articles.models import Article, Author, SignOff
from articles.models.sign_off import AT_MOST, USUALLY
from articles.sign_off import Proof, pictures_of

from .versions import Versions

HOUR = timedelta(hours=1)


class AskForm(forms.Form):
    author = forms.TypedChoiceField(label="Who is asked", coerce=int, empty_value=None, required=False)
    person = forms.CharField(
        label="or somebody else", max_length=200, required=False, help_text="Their name, as you address them."
    )
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="The link is mailed there; left empty, to the address that the desk has of an author. "
        "Without any, you pass it on yourself.",
    )
    hours = forms.IntegerField(
        label="Hours that the link works", min_value=1, max_value=AT_MOST // HOUR, initial=USUALLY // HOUR
    )

    def __init__(self, authors: list[Author], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authors = {author.pk: author for author in authors}
        choices = [(author.pk, str(author)) for author in authors]
        self.fields["author"].choices = [*choices, ("", "somebody else")]  # type: ignore[attr-defined]
        if len(authors) == 1:
            self.initial.update(author=authors[0].pk, email=authors[0].email)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        author = self.authors.get(cleaned.get("author") or 0)
        if author is None and not cleaned.get("person"):
            self.add_error("person", "Name who is asked.")
        if author:
            cleaned |= {"person": author.name, "email": cleaned.get("email") or author.email}
        return cleaned | {"author": author}


class SignOffs(Versions):
    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        asked = require_http_methods(["GET", "POST"])(self.sign_offs)
        one = "<int:pk>/sign-offs/<int:sign_off>/"
        return [
            path("<int:pk>/sign-offs/", own(asked), name="articles_article_sign_offs"),
            path(one, own(require_safe(self.sign_off)), name="articles_article_sign_off"),
            path(f"{one}revoke/", own(require_POST(self.revoke)), name="articles_article_revoke"),
            path(f"{one}take-over/", own(require_POST(self.take_over)), name="articles_article_take_over"),
            *super().get_urls(),
        ]

    def sign_offs(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = self._article(request, pk)
        authors = self._authors(article)
        form = AskForm(authors, request.POST if request.method == "POST" else None)
        url = ""
        if form.is_bound and not self.has_change_permission(request, article):
            raise PermissionDenied
        if form.is_valid():
            url = self._ask(request, article, form)
            form = AskForm(authors)
        context = {
            "original": article,
            "sign_offs": SignOff.objects.of(article),
            "form": form,
            "url": url,
            "now": timezone.now(),
            "may_change": self.has_change_permission(request, article),
        }
        return self.page(request, "sign_offs.html", title="Sign-off", **context)

    def sign_offs_of(self, article: Article) -> list[dict[str, str]]:
        """For the list beside the form: who was asked last, what they said, and the way to it."""
        found = SignOff.objects.of(article)[:5]
        return [{"says": row.says(timezone.now()), "url": self._address_of(article, row)} for row in found]

    def _address_of(self, article: Article, row: SignOff) -> str:
        one = [article.pk, row.pk] if row.answer else [article.pk]
        return reverse(f"admin:articles_article_sign_off{'' if row.answer else 's'}", args=one)

    def _authors(self, article: Article) -> list[Author]:
        pks = [row["author"] for row in article.newest_text()["bylines"]]
        found = Author.objects.in_bulk(pks)
        return [found[pk] for pk in pks if pk in found]

    def _ask(self, request: HttpRequest, article: Article, form: AskForm) -> str:
        """Make the link, mail it if there is an address, and show it: it cannot be shown again."""
        asked = form.cleaned_data
        person = {name: asked[name] for name in ("author", "person", "email")}
        with transaction.atomic():
            revision = article.newest or article.revise(request.user, note="As it was sent to be signed off")  # type: ignore[arg-type]
            lasts = asked["hours"] * HOUR
            made, token = SignOff.objects.ask(revision, request.user, timezone.now(), lasts, **person)  # type: ignore[arg-type]
            self.log_change(request, article, f"Asked {made.person} to sign off revision {revision.number}.")
        url = absolute(reverse("sign_off", args=[token]))
        if made.email:
            self._mail(request, made, url)
        return url

    def _mail(self, request: HttpRequest, made: SignOff, url: str) -> None:
        try:
            letters.ask_to_sign_off(made, url)
            messages.success(request, f"The link was mailed to {made.email}.")
        except (SMTPException, OSError):
            messages.error(request, f"The mail to {made.email} could not be sent. Pass the link below on yourself.")

    def _one(self, request: HttpRequest, pk: int, sign_off: int) -> SignOff:
        article = self._article(request, pk)
        found = get_object_or_404(SignOff.objects.of(article), pk=sign_off)
        found.revision.article = article
        return found

    def sign_off(self, request: HttpRequest, pk: int, sign_off: int) -> HttpResponse:
        """What was answered, with the comments beside the paragraphs that they are on."""
        found = self._one(request, pk, sign_off)
        article = found.revision.article
        images = {key: shown.image for key, shown in pictures_of(found).items()}
        proof = Proof(found, images, view="admin:article_image")
        context = {
            "original": article,
            "sign_off": found,
            "parts": proof.parts(),
            "corrections": compare(found.revision.snapshot, found.corrected(found.revision.snapshot), ["bylines"]),
            "newest": self._newest(article),
            "may_change": self._may_change_byline(request, found),
            "may_change_author": self._may_change_author(request, found),
        }
        return self.page(request, "sign_off.html", title=f"Sign-off by {found.person}", **context)

    def _may_change_author(self, request: HttpRequest, sign_off: SignOff) -> bool:
        people = self.admin_site.get_model_admin(Author)
        return sign_off.author is not None and people.has_change_permission(request, sign_off.author)

    def revoke(self, request: HttpRequest, pk: int, sign_off: int) -> HttpResponse:
        found = self._one(request, pk, sign_off)
        if not self.has_change_permission(request, found.revision.article):
            raise PermissionDenied
        found.revoke(timezone.now())
        self.log_change(request, found.revision.article, f"Took back the link of {found.person}.")
        messages.success(request, f"The link of {found.person} leads nowhere any more.")
        return self._to_list(pk)

    def take_over(self, request: HttpRequest, pk: int, sign_off: int) -> HttpResponse:
        """What the person corrected of themselves: into the byline of this text, or onto their own page."""
        found = self._one(request, pk, sign_off)
        is_for_author = request.POST.get("where") == "author"
        may_change = self._may_change_author if is_for_author else self._may_change_byline
        if not may_change(request, found):
            raise PermissionDenied
        if not found.corrections or found.author is None:
            messages.error(request, "There is nothing to take over.")
        elif is_for_author:
            self._correct_author(request, found, found.author)
        else:
            self._correct_byline(request, found)
        return HttpResponseRedirect(reverse("admin:articles_article_sign_off", args=[pk, sign_off]))

    def _may_change_byline(self, request: HttpRequest, sign_off: SignOff) -> bool:
        return self.has_change_permission(request, sign_off.revision.article)

    def _correct_author(self, request: HttpRequest, found: SignOff, author: Author) -> None:
        for name, value in found.corrections.items():
            setattr(author, name, value)
        author.save()
        people = self.admin_site.get_model_admin(Author)
        people.log_change(request, author, [{"changed": {"fields": sorted(found.corrections)}}])
        messages.success(request, f"The page of {author} says it now.")

    def _correct_byline(self, request: HttpRequest, found: SignOff) -> None:
        with transaction.atomic():
            article = self._locked(request, found.revision.article_id)
            if self._is_stale(request, article):
                messages.error(request, "Somebody saved the article in the meantime. Look at it, and press again.")
                return
            note = f"Corrected by {found.person}"
            article.rewrite(found.corrected(article.newest_text()), request.user, None, note)  # type: ignore[arg-type]
            self.log_change(request, article, f"{note}, at the sign-off.")
        messages.success(request, "The byline of this text says it now.")

    def _to_list(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_article_sign_offs", args=[pk]))
