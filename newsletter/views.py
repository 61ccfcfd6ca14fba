"""Signing up, confirming, choosing, leaving. A GET shows, and only a POST acts: mail scanners follow every link."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import QueryDict, validate_host
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.visitors import address_of, is_from_elsewhere

from . import tickets
from .forms import REASONS, InterestsForm, SignupForm, one_reason
from .models import NAMES, Consent, Delivery, Edition, Knock, Signup, Subscriber


@csrf_exempt
@require_http_methods(["GET", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "newsletter/newsletter.html", {"editions": Edition.objects.archive()})
    at = timezone.now()
    if is_from_elsewhere(request):
        return _again(request, SignupForm(), ["Another site sent this form. Please sign up here."], 403)
    if "ticket" in request.POST:
        return _pressed(request, at)
    form = SignupForm(request.POST)
    if not form.is_valid():
        return _again(request, form, form.troubles, 400)
    if form.is_by_a_robot:
        return _sent()
    wish = {name: form.cleaned_data[name] for name in ("email", "interests")} | {"form": _page_of(request)}
    must_press, is_too_much = Knock.objects.knock(wish["email"], address_of(request), at)
    if is_too_much:
        return _again(request, form, ["Too many sign-ups come from your network. Please try again in an hour."], 429)
    return _button(request, wish, at) if must_press else _queue(request, wish, at)


def _pressed(request: HttpRequest, at: datetime) -> HttpResponse:
    wish, trouble = tickets.redeem(request.POST["ticket"], at)
    if wish is None:
        return _again(request, SignupForm(), ["This took too long, or was sent before. Please sign up again."], 400)
    return _button(request, wish, at, trouble) if trouble else _queue(request, wish, at)


def _queue(request: HttpRequest, wish: dict[str, Any], at: datetime) -> HttpResponse:
    Signup.objects.ask(wish["email"], wish["interests"], address_of(request), wish["form"], at)
    return _sent()


def _sent() -> HttpResponse:
    return HttpResponseRedirect(reverse("newsletter_sent"), status=303, headers={"Cache-Control": "no-store"})


def _button(request: HttpRequest, wish: dict[str, Any], at: datetime, trouble: str = "") -> HttpResponse:
    return _private(request, "newsletter/press.html", {"ticket": tickets.issue(wish, at), "trouble": trouble})


def _again(request: HttpRequest, form: SignupForm, troubles: list[str], status: int) -> HttpResponse:
    """The form once more, with all that was typed."""
    typed = {"email": form.data.get("email", "")[:300], "interests": _list(form.data, "interests")}
    return _private(request, "newsletter/newsletter.html", {"troubles": troubles, "typed": typed}, status)


def _list(data: Any, name: str) -> list[str]:
    return data.getlist(name) if isinstance(data, QueryDict) else []


def _page_of(request: HttpRequest) -> str:
    """The path of our page on which the form stood."""
    url = urlsplit(request.headers.get("Referer", ""))
    is_ours = validate_host(url.hostname or "", settings.ALLOWED_HOSTS)
    return url.path[:300] if is_ours and url.path else reverse("newsletter")


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "newsletter/sent.html")


def _private(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that no cache may keep, no search engine list, and whose address no link may tell."""
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
    response = render(request, template, context, status=status)
    for name, value in headers.items():
        response[name] = value
    return response


@csrf_exempt
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    at = timezone.now()
    signup = Signup.objects.live(at).filter(token=_storable(token)).first()
    subscriber = None
    if signup and request.method == "POST":
        subscriber = signup.confirm(address_of(request), at)
    if subscriber:
        return _private(request, "newsletter/confirmed.html", {"subscriber": subscriber})
    if signup is None or request.method == "POST":
        return _private(request, "newsletter/stale.html", {}, 404)
    return _private(request, "newsletter/confirm.html", {"signup": signup})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    subscriber = Subscriber.objects.active().filter(choose_token=_storable(token)).first()
    if subscriber is None:
        return _private(request, "newsletter/stale.html", {}, 404)
    context: dict[str, Any] = {"subscriber": subscriber, "names": NAMES, "chosen": subscriber.interests}
    form = InterestsForm(request.POST)
    if request.method == "POST" and form.is_valid():
        subscriber.choose(form.cleaned_data["interests"], timezone.now())
        context |= {"chosen": subscriber.interests, "is_saved": True}
    elif request.method == "POST":
        trouble = "Choose at least one, or leave by the button below."
        return _private(request, "newsletter/preferences.html", context | {"troubles": [trouble]}, 400)
    return _private(request, "newsletter/preferences.html", context)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """By the person's press, or by a mail program's (RFC 8058). Answered alike whether the token is anybody's."""
    if request.method != "POST":
        return _private(request, "newsletter/unsubscribe.html", {})
    at = timezone.now()
    subscriber = Subscriber.objects.filter(leave_token=_storable(token)).first()
    if subscriber and subscriber.stop(Consent.Kind.LEFT, at):
        Delivery.objects.left_by(subscriber, at)
    # Read after the work is done: a mail program's body may be of any kind.
    reason = one_reason(request.POST)
    if subscriber and reason:
        Consent.objects.note(Consent.Kind.LEFT, subscriber.person, at, note=reason)
    return _private(request, "newsletter/unsubscribed.html", {"reasons": REASONS, "is_thanked": bool(reason)})


def _storable(token: str) -> str:
    """PostgreSQL takes no NUL, and no token has one."""
    return token.replace("\0", "")
