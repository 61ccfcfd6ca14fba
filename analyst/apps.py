from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


def remember_zone(sender: object, request: Any, user: Any, **kwargs: Any) -> None:
    """For the session, so that no page of the desk has to ask for it."""
    if hasattr(user, "preferences"):
        request.session["zone"] = user.preferences.zone


class AnalystConfig(AppConfig):
    name = "analyst"
    verbose_name = "The journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        user_logged_in.connect(remember_zone, dispatch_uid="remember_zone")
