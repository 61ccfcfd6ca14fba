from anymail.signals import tracking
from django.apps import AppConfig
from django.utils.module_loading import import_string


class NewsletterConfig(AppConfig):
    name = "newsletter"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A library's signal, and the only one: anymail has no other way to tell what a provider said."""
        tracking.connect(import_string("newsletter.webhooks.told"), dispatch_uid="newsletter")
