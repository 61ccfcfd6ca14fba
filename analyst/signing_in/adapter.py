"""What the journal asks of django-allauth that it does not do by itself."""

from base64 import urlsafe_b64encode
from time import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.audit import Act, note

from . import letters
from .recovery_codes import put_away
from .refusals import TOO_MANY, WRONG_NAME, WRONG_PASSWORD, refuse
from .second_step import KEY, must_have_one
from .sessions import begin
from .throttle import account_of, know_browser, may_try, network_of


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Too many passwords were tried. Wait ten minutes, sign in with a passkey, or have a "
        "link sent to you.",
        "username_password_mismatch": "This name and this password do not belong together.",
        "email_password_mismatch": "This address and this password do not belong together.",
        "invalid_login": "This name and this password do not belong together.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # people are invited, in the desk

    # Passwords

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """In the library's place, which would lock an account's owner out with those who guess."""
        if not may_try(request, _name(credentials), timezone.now()):
            refuse(request, account_of(_name(credentials)), TOO_MANY)
            raise ValidationError(self.error_messages["too_many_login_attempts"], code="too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account = account_of(_name(credentials))
        refuse(request, account, WRONG_PASSWORD if account else WRONG_NAME)

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        note(Act.SAFETY, user, "A new password.")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has signed in a moment ago is not asked again."""
        known = get_authentication_records(self.request, self.request.user)
        is_fresh = any(time() - record["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for record in known)
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)

    # Coming and going

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        begin(request, user)
        note(Act.SIGNED_IN, user, f"Signed in from {network_of(request)}.")
        know_browser(response, user, secure=settings.PRODUCTION)
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            note(Act.SIGNED_OUT, request.user, "Signed out.")
        super().logout(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """That one has signed in or out, one sees. Of codes that were just made, no more is kept than tells them."""
        if message_template == "mfa/messages/recovery_codes_generated.txt":
            put_away(request)
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)

    # Letters

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(network_of(request).partition("/")[0])

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        letters.way_in.enqueue(user.pk, letters.FORGOTTEN)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        what = letters.HAPPENED[template_prefix.rpartition("/")[2]]
        if not template_prefix.startswith("account/"):  # of passwords, set_password knows
            note(Act.SAFETY, user, what)
        if template_prefix.endswith(("_removed", "_deactivated")):
            self.request.session.pop(KEY, None)  # it is asked anew whether this account may go on without
        letters.told.enqueue(user.pk, what)


def _name(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")


class SecondSteps(DefaultMFAAdapter):
    """Secrets of apps lie encrypted in the database: its copy alone opens no account."""

    def _get_site_name(self) -> str:
        return settings.JOURNAL_NAME

    def encrypt(self, text: str) -> str:
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _locks().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return not must_have_one(authenticator.user) or others.exclude(type="recovery_codes").exists()


def _locks() -> MultiFernet:
    """The first one locks, all of them open: so the secret key can be replaced."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (salted_hmac("analyst.second-steps", "", secret, algorithm="sha256").digest() for secret in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
