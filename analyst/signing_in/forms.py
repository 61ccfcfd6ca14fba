"""Codes of the second step: few may be tried, and each is good for one time."""

from datetime import timedelta
from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from analyst.models import Tries

from . import recovery_codes
from .refusals import WRONG_CODE, refuse

CODES, WHILE = 10, timedelta(minutes=10)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Name, or address of mail"
        self.fields["password"].help_text = ""  # the page itself has the link
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class OneTime:
    """The library remembers both in the cache, which each process has for itself."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        at, user = timezone.now(), self.user  # type: ignore[attr-defined]
        if not Tries.objects.take(f"codes {user.pk}", CODES, WHILE, at):
            raise ValidationError("Too many codes were tried. Wait ten minutes, or use a passkey.")
        typed = self.cleaned_data["code"]  # type: ignore[attr-defined]
        if recovery := recovery_codes.use(user, typed):
            self.authenticator = recovery
            return str(typed)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            is_app = self.authenticator.type == Authenticator.Type.TOTP
            if is_app and not Tries.objects.take(f"code {user.pk} {code.strip()}", 1, timedelta(minutes=3), at):
                raise ValidationError("This code was used already. Wait for the next one.")
        except ValidationError:
            refuse(context.request, user, WRONG_CODE)
            raise
        return code


class CodeForm(OneTime, mfa.AuthenticateForm):
    pass


class CodeAgainForm(OneTime, mfa.ReauthenticateForm):
    pass


class PasskeyForm(AddWebAuthnForm):
    name = forms.CharField(label="Name", required=False, max_length=100)
    passwordless = forms.BooleanField(label="Sign in with it alone, without a password", required=False, initial=True)
