"""Who must have a second step, and whether this session took it. No way into the desk leads past this."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

# Whoever has one of these can change what readers see, or can give that right.
GUARDED = ("articles.publish_article", "articles.release_issue", "newsletter.change_edition", "auth.change_user")
# Of a session: it has taken the step, or there is none to take; one is to be set up first; one would be good.
TAKEN, TO_BE_SET_UP, ADVISED = "taken", "to be set up", "advised"
KEY = "second_step"


def is_guarded(user: User) -> bool:
    return any(user.has_perm(right) for right in GUARDED)


def must_have_one(user: User) -> bool:
    """In development a banner says so instead."""
    return settings.PRODUCTION and is_guarded(user)


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class Standing:
    """What a signed-in session has shown."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.is_missing = self.must_be_set_up = False
        known = request.session.get(KEY)
        if known in (TAKEN, ADVISED):
            return
        stands = TAKEN
        if has_one(user):
            shown = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
            # Who was led to set one up, and has done so since, is the one who has it.
            self.is_missing = not shown and known != TO_BE_SET_UP
        elif is_guarded(user):
            self.must_be_set_up = settings.PRODUCTION
            stands = TO_BE_SET_UP if self.must_be_set_up else ADVISED
        if not self.is_missing:
            request.session[KEY] = stands
