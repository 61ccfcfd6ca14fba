"""How long a session of the desk lasts: an hour without a sign of life, half a day in all, and one set of roles."""

from collections.abc import Callable
from datetime import timedelta
from time import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

from analyst.middleware import DESK
from analyst.roles import roles_of

from .second_step import Standing

IDLE, ABSOLUTE = timedelta(minutes=60), timedelta(hours=12)
NOTED_EVERY = 60  # seconds
BEGAN, SEEN, ROLES = "began", "seen", "roles"
# Where one goes who has to set up a second step first.
SETTING_UP = ("/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/", "/accounts/sessions/")


def desk_sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(DESK) or not request.user.is_authenticated:
            return get_response(request)
        if _is_over(request.session, request.user):
            logout(request)
            return get_response(request)
        standing = Standing(request, request.user)
        if standing.is_missing:
            logout(request)
            return redirect_to_login(request.get_full_path())
        if standing.must_be_set_up and not request.path.startswith(SETTING_UP):
            messages.warning(request, "You can publish, so your account needs a second step. Set it up, then go on.")
            return HttpResponseRedirect(reverse("mfa_index"))
        return get_response(request)

    return middleware


def _is_over(session: Any, user: User) -> bool:
    now, roles = int(time()), _stamp(user)
    began, seen = session.get(BEGAN, now), session.get(SEEN, now)
    if now - began >= ABSOLUTE.total_seconds() or now - seen >= IDLE.total_seconds():
        return True
    if session.get(ROLES, roles) != roles:
        return True
    if BEGAN not in session or now - seen >= NOTED_EVERY:
        _note(session, user, began, now)
    return False


def begin(request: HttpRequest, user: User) -> None:
    """From here on its time runs."""
    _note(request.session, user, int(time()), int(time()))


def _note(session: Any, user: User, began: int, seen: int) -> None:
    session[BEGAN], session[SEEN], session[ROLES] = began, seen, _stamp(user)


def _stamp(user: User) -> str:
    """Of what a person may do: with other roles, one signs in anew."""
    names = "all" if user.is_superuser else sorted(role.name for role in roles_of(user))
    return salted_hmac("analyst.roles", f"{names} {user.is_staff}").hexdigest()[:16]


def end_sessions(user: User) -> int:
    """Sign somebody out everywhere. Returns of how many browsers."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)
