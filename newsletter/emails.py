"""The letters that the newsletter writes by itself. Editions are sent by `sending.py`."""

from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse

from articles.machines import absolute

from .models import Signup

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_link_tags=False)


def styled(html: str) -> str:
    """The letter with its styles at each element, where every mail program reads them."""
    return _inliner.inline(html)


def ask_to_confirm(signup: Signup, connection: BaseEmailBackend) -> None:
    """Nothing that was typed into the form stands in it, but the address that it goes to."""
    url = absolute(reverse("newsletter_confirm", args=[signup.token]))
    subject = f"Confirm that you would like to hear from {settings.JOURNAL_NAME}"
    _send("emails/confirm", subject, signup.email, connection, url=url, interests=signup.interest_names)


def _send(template: str, subject: str, to: str, connection: BaseEmailBackend, **context: Any) -> None:
    context |= {"journal": settings.JOURNAL_NAME, "publisher": settings.JOURNAL_PUBLISHER, "site": settings.SITE_URL}
    mail = EmailMultiAlternatives(
        " ".join(subject.split()), render_to_string(f"{template}.txt", context).strip() + "\n", to=[to],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}, connection=connection,
    )  # fmt: skip
    mail.attach_alternative(styled(render_to_string(f"{template}.html", context)), "text/html")
    mail.send()
