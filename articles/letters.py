"""Letters of the desk to those who are waited for: one function each, its words in templates/emails/.

A letter is a job in the database, written with what it tells of: so neither is without the other, and a mail server
that is away holds nobody up. It carries its Message-ID from the start: sent twice by a worker that died, it is one.
"""

from collections.abc import Iterable
from datetime import timedelta
from email.utils import make_msgid
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from articles.jobs import task
from articles.machines import absolute

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from articles.models import Article, SignOff

# When a mail server does not take a letter, it is tried again after these.
PAUSES = [timedelta(minutes=5), timedelta(hours=1), timedelta(hours=12)]


def _people() -> "QuerySet[User]":
    people: Any = get_user_model()._default_manager
    found: QuerySet[User] = people.filter(is_active=True).exclude(email="")
    return found


def those_who_may(right: str) -> "list[User]":
    people: Any = get_user_model()._default_manager
    return list(people.with_perm(right).filter(is_staff=True))


def review_asked(text: "Article", by: "User | None") -> None:
    readers = [person for person in those_who_may("articles.publish_article") if person != by]
    send("review_asked", readers, "reviews", text=text, by=by)


def sent_back(text: "Article", by: "User | None", asked: "User | None") -> None:
    if asked and asked != by:
        send("sent_back", [asked], "answers", text=text, by=by)


def sign_off_answered(sign_off: "SignOff") -> None:
    """To whoever asked for it."""
    if sign_off.asked_by:
        text = sign_off.revision.article
        send("sign_off_answered", [sign_off.asked_by], "answers", text=text, sign_off=sign_off)


def ask_to_sign_off(sign_off: "SignOff", url: str) -> None:
    """To a person without an account, at once: no job may hold the address. Raises SMTPException or OSError."""
    context = {"sign_off": sign_off, "url": url, "journal": settings.JOURNAL_NAME}
    subject = " ".join(render_to_string("emails/sign_off_asked_subject.txt", context).split())
    body = render_to_string("emails/sign_off_asked_body.txt", context)
    answers_to = [sign_off.asked_by.email] if sign_off.asked_by and sign_off.asked_by.email else []
    EmailMessage(subject, body, to=[sign_off.email], reply_to=answers_to).send()


def came_out(person: "User", texts: "list[Article]") -> None:
    """To whoever gave the date: one letter about all that came out together."""
    send("came_out", [person], "published", texts=[(text, absolute(text.get_absolute_url())) for text in texts])


def jobs_failed(failures: Iterable[str]) -> None:
    send("jobs_failed", those_who_may("articles.publish_article"), "failures", failures=list(failures))


def send(name: str, to: "list[User]", about: str, **context: Any) -> None:
    """Have a letter sent to those of these people who want letters about that; see Preferences."""
    unwanted = {f"preferences__mail_{about}": False}
    wanted = _people().filter(pk__in=[person.pk for person in to]).exclude(**unwanted)
    preferences = absolute(reverse("admin:articles_preferences_changelist"))
    context |= {"journal": settings.JOURNAL_NAME, "preferences": preferences}
    if "text" in context:
        context["url"] = absolute(reverse("admin:articles_article_change", args=[context["text"].pk]))
    for pk in wanted.values_list("pk", flat=True):
        subject = " ".join(render_to_string(f"emails/{name}_subject.txt", context).split())
        body = render_to_string(f"emails/{name}_body.txt", context)
        post.enqueue(pk, subject, body, make_msgid(domain=urlsplit(settings.SITE_URL).hostname))


@task()
def post(user: int, subject: str, body: str, message_id: str, tries: int = 0) -> None:
    for person in _people().filter(pk=user):
        try:
            EmailMessage(subject, body, to=[person.email], headers={"Message-ID": message_id}).send()
        except (SMTPException, OSError):
            if tries == len(PAUSES):
                raise
            later = post.using(run_after=timezone.now() + PAUSES[tries])
            later.enqueue(user, subject, body, message_id, tries + 1)
