from django.apps import AppConfig


class AnalystConfig(AppConfig):
    name = "analyst"
    verbose_name = "The journal"
    default_auto_field = "django.db.models.BigAutoField"
