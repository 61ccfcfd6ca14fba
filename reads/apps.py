from django.apps import AppConfig


class ReadsConfig(AppConfig):
    name = "reads"
    default_auto_field = "django.db.models.BigAutoField"
