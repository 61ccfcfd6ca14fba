from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "publications"
    verbose_name = "Staff publications and partners"
    default_auto_field = "django.db.models.BigAutoField"
