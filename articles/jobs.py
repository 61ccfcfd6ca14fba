"""The one door to background work; Django 6 has the same words in `django.tasks`."""

from django_tasks import task

__all__ = ["task"]
