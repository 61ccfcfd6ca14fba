"""For an operator, when somebody is locked out and nobody in the desk can help."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from analyst.signing_in.letters import link_for
from analyst.signing_in.throttle import account_of
from articles.audit import Act, note


class Command(BaseCommand):
    help = "Prints a link with which somebody sets a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name or the address that the person signs in with")
        parser.add_argument(
            "--forget-second-step", action="store_true", help="remove their passkeys, app and recovery codes as well"
        )

    def handle(self, *, name: str, forget_second_step: bool, **options: Any) -> str:
        person = account_of(name)
        if person is None:
            raise CommandError(f"Nobody signs in as {name!r}.")
        if not person.is_active:
            raise CommandError(f"The account {person} is closed. Open it in the desk, or: manage.py shell")
        if forget_second_step:
            number, _ = Authenticator.objects.filter(user=person).delete()
            note(Act.SAFETY, person, f"The second step was removed on the server ({number}).")
        note(Act.SAFETY, person, "A link to set a password was made on the server.")
        return link_for(person)
