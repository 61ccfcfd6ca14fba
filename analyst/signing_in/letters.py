"""Letters about an account. A link is made when its letter is sent, so that no table holds one."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from articles.jobs import task
from articles.machines import absolute

INVITED, FORGOTTEN = "account_invited", "account_forgotten"
HAPPENED = {
    "password_changed": "Your password was changed.",
    "password_set": "A password was set.",
    "password_reset": "Your password was set anew, by a link that was sent to you.",
    "totp_activated": "An authenticator app was added.",
    "totp_deactivated": "The authenticator app was removed.",
    "webauthn_added": "A passkey was added.",
    "webauthn_removed": "A passkey was removed.",
    "recovery_codes_generated": "New recovery codes were made; the old ones are void.",
}


def link_for(user: User) -> str:
    """Where this person sets a password: once, and for as long as PASSWORD_RESET_TIMEOUT says."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return absolute(reverse("account_reset_password_from_key", kwargs=key))


@task()
def way_in(pk: int, letter: str) -> None:
    """Invite somebody, or let them in who forgot the password."""
    for user in User.objects.filter(pk=pk, is_active=True).exclude(email=""):
        _send(letter, user, link=link_for(user), days=settings.PASSWORD_RESET_TIMEOUT // 86400)


@task()
def told(pk: int, what: str) -> None:
    """Tell somebody that their account was changed, in case it was not they who did it."""
    for user in User.objects.filter(pk=pk).exclude(email=""):
        _send("account_changed", user, what=what, reset=absolute(reverse("account_reset_password")))


def _send(name: str, user: User, **context: object) -> None:
    context |= {"journal": settings.JOURNAL_NAME, "person": user, "desk": absolute(reverse("admin:index"))}
    subject = " ".join(render_to_string(f"emails/{name}_subject.txt", context).split())
    EmailMessage(subject, render_to_string(f"emails/{name}_body.txt", context), to=[user.email]).send()
