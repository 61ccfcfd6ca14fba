"""Editions in the desk: composed, looked at, tried out, sent, watched."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from articles.admin.desk import DeskAdmin, DeskFields
from articles.admin.moment import MomentField
from articles.models import Issue
from articles.moments import named
from newsletter import composing
from newsletter.composing import Letter, contents_of
from newsletter.mime import Marks
from newsletter.models import Delivery, Edition, Item
from newsletter.preflight import problems_of

UNSURE_SHOWN = 500
NIGHT = "(prefers-color-scheme: dark)"  # in templates/emails/letter.html
NO_MARKS = Marks("only-in-the-mail", "only-in-the-mail")


class NotDone(Exception):
    """The message tells the editor what stood in the way."""


class ComposeForm(forms.Form):
    issue = forms.ModelChoiceField(
        Issue.objects.order_by("-date"), empty_label=None, error_messages={"required": "Choose the issue."}
    )


class SendForm(forms.Form):
    send_at = MomentField(label="Goes out")


class ItemInline(DeskFields[Item], admin.StackedInline[Item, Edition]):
    model = Item
    fields = [("position", "article", "publication", "event")]
    autocomplete_fields = ["article", "publication", "event"]
    extra = 1
    verbose_name_plural = "what it tells of, in order: in each row one article, staff publication or event"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Chosen among what is there; each noun is written at its own page."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(formfield, "widget", None), RelatedFieldWidgetWrapper):
            formfield.widget.can_add_related = formfield.widget.can_change_related = False
        return formfield

    def get_queryset(self, request: HttpRequest) -> QuerySet[Item]:
        return super().get_queryset(request).select_related("article", "publication", "event")


@admin.register(Edition)
class EditionAdmin(DeskAdmin[Edition]):
    list_display = ["subject", "state", "goes_out", "recipients", "sent", "failed", "bounced", "unsubscribed", "unsure"]
    list_filter = ["state"]
    list_per_page = 20
    search_fields = ["subject"]
    fieldsets = [
        (None, {"fields": ["subject", "preheader", "body"]}),
        ("To whom: nothing ticked is everybody", {"fields": [("wants_events", "wants_news", "wants_articles")]}),
        ("Where it stands afterwards", {"fields": ["slug", "issue"]}),
    ]
    autocomplete_fields = ["issue"]
    inlines = [ItemInline]

    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        # A mail has its styles in it, and stands in a frame beside the form; it runs nothing.
        pictures = [SELF, settings.SITE_URL]  # whatever name of this machine the desk was asked by
        styled = csp_replace(
            {"img-src": pictures, "style-src": [UNSAFE_INLINE], "script-src": [NONE], "frame-ancestors": [SELF]}
        )
        mail = xframe_options_sameorigin(styled(require_safe(self.mail)))  # type: ignore[arg-type]
        return [
            path("compose/", own(self.compose), name="newsletter_edition_compose"),
            path("<int:pk>/send/", own(self.send), name="newsletter_edition_send"),
            path("<int:pk>/mail.<slug:form>", own(mail), name="newsletter_edition_mail"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        def those(**fields: Any) -> Count:
            return Count("deliveries", filter=Q(**{f"deliveries__{name}": value for name, value in fields.items()}))

        rows = super().get_queryset(request).defer("mail_html", "mail_text")
        if request.resolver_match and request.resolver_match.url_name == "newsletter_edition_changelist":
            rows = rows.annotate(
                n_sent=those(state="sent"), n_failed=those(state="failed"), n_unsure=those(state="unsure"),
                n_bounced=those(bounced_at__isnull=False), n_left=those(left_at__isnull=False),
            )  # fmt: skip
        return rows

    @admin.display(description="goes out", ordering="send_at")
    def goes_out(self, edition: Edition) -> datetime | None:
        return edition.started_at or edition.send_at

    sent = admin.display(lambda self, edition: edition.n_sent or "", description="sent")  # noqa: E731
    failed = admin.display(lambda self, edition: edition.n_failed or "", description="failed")
    bounced = admin.display(lambda self, edition: edition.n_bounced or "", description="bounced")
    unsubscribed = admin.display(lambda self, edition: edition.n_left or "", description="unsubscribed")
    unsure = admin.display(lambda self, edition: edition.n_unsure or "", description="unsure")

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """What has begun to go out stays as it went."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def must_stay(self, row: Edition) -> str:
        return "" if row.is_open else f"“{row}” has gone out, so readers may know its address."

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if request.method == "GET" and "issue" in request.GET:
            return HttpResponseRedirect(f"{reverse('admin:newsletter_edition_compose')}?{request.GET.urlencode()}")
        return super().add_view(request, form_url, extra_context)

    def _page(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"admin/newsletter/edition/{template}", frame | context)

    def _edition(self, request: HttpRequest, pk: int) -> Edition:
        edition = get_object_or_404(Edition, pk=pk)
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        return edition

    def compose(self, request: HttpRequest) -> HttpResponse:
        """From an issue, by one press."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ComposeForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
        if request.method == "POST" and form.is_valid():
            edition = composing.compose_from(form.cleaned_data["issue"], timezone.now())
            self.log_addition(request, edition, f"Composed from the issue of {edition.issue}.")
            return HttpResponseRedirect(reverse("admin:newsletter_edition_change", args=[edition.pk]))
        return self._page(request, "compose.html", title="Compose an edition from an issue", form=form)

    def mail(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """The mail alone, for the frames of the preview."""
        letter = _letter(self._edition(request, pk))
        if form == "txt":
            return HttpResponse(letter.text, content_type="text/plain; charset=utf-8")
        # A frame cannot be told that it is night, but the mail can.
        return HttpResponse(letter.html.replace(NIGHT, "all") if "night" in request.GET else letter.html)

    def send(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All that is between composing and the archive."""
        edition = self._edition(request, pk)
        form = SendForm(request.POST if request.POST.get("do") == "schedule" else None)
        if request.method == "POST":
            if not super().has_change_permission(request):
                raise PermissionDenied
            try:
                told = self._do(request, edition, form)
            except NotDone as reason:
                self.message_user(request, str(reason), messages.ERROR)
                return HttpResponseRedirect(request.path)
            if told is not None:
                self.message_user(request, told, messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        at = timezone.now()
        context = {
            "edition": edition, "original": edition, "form": form, "tally": edition.tally(),
            "pace": Pace.of(edition, at),
            "problems": problems_of(edition, at) if edition.is_open else [], "audience": edition.audience().count(),
            "unsure": _unsure(edition), "may": super().has_change_permission(request), "zone": named(at),
            "refresh": edition.state == Edition.State.SENDING,
        }  # fmt: skip
        return self._page(request, "send.html", title=f"Send “{edition}”", **context)

    def _do(self, request: HttpRequest, edition: Edition, form: SendForm) -> str | None:
        """What was done, in words; None when the form must be filled in again. Raises NotDone."""
        what, at = request.POST.get("do"), timezone.now()
        if what == "test":
            return self._test(request, edition)
        if what in ("now", "schedule") and any(problem.stops for problem in problems_of(edition, at)):
            raise NotDone("It is not sent: mend first what stops it, below.")
        if what == "schedule" and not form.is_valid():
            return None
        moment = form.cleaned_data["send_at"] if what == "schedule" else at
        verbs: dict[str, tuple[Callable[[], object], str]] = {
            "now": (lambda: edition.schedule(moment), "It goes out within seconds."),
            "schedule": (lambda: edition.schedule(moment), f"Goes out on {named(moment)}."),
            "unschedule": (edition.unschedule, "It is a draft again."),
            "pause": (edition.pause, "Paused. Who has not got it waits."),
            "resume": (edition.resume, "It goes on."),
            "stop": (lambda: edition.stop(at), "Stopped for good."),
            "again": (lambda: edition.send_unsure_again(at), "The unsure ones are sent once more."),
        }
        verb, words = verbs.get(what or "", (lambda: False, ""))
        if not verb():
            raise NotDone("Nothing was done: it has moved on in the meantime.")
        self.log_change(request, edition, words)
        return words

    def _test(self, request: HttpRequest, edition: Edition) -> str:
        """A copy to whoever asks, with links that do nothing."""
        to = getattr(request.user, "email", "")
        if not to:
            raise NotDone("There is no address to send a test to. Ask an administrator to enter yours, under People.")
        letter = _letter(edition)
        mail = EmailMultiAlternatives(f"[Test] {edition.subject}", letter.text, to=[to])
        mail.attach_alternative(letter.html, "text/html")
        try:
            mail.send()
        except OSError as problem:  # smtplib's errors are some, too
            raise NotDone(f"The mail server did not take the test: {problem}. Ask your operator to look.") from problem
        return f"A test was sent to {to}."


def _letter(edition: Edition) -> Letter:
    return composing.write(edition, contents_of(edition, timezone.now()), NO_MARKS)


def _unsure(edition: Edition) -> list[str]:
    """By name, as far as they are still here."""
    rows = edition.deliveries.filter(state=Delivery.State.UNSURE).order_by("pk")
    return [email or "an erased person" for email in rows.values_list("subscriber__email", flat=True)[:UNSURE_SHOWN]]


class Pace:
    """How fast an edition goes, by the last two minutes, and how long it takes yet."""

    def __init__(self, a_second: float, left: int) -> None:
        self.a_second = a_second
        self.minutes_left = round(left / a_second / 60) if a_second else None

    @classmethod
    def of(cls, edition: Edition, at: datetime) -> "Pace":
        since = max(edition.started_at or at, at - timedelta(minutes=2))
        done = edition.deliveries.filter(done_at__gt=since).count()
        seconds = max(1.0, (at - since).total_seconds())
        tally = edition.tally()
        return cls(round(done / seconds, 1), tally.recipients - tally.done)
