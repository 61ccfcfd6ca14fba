"""Jobs that failed: the desk is told of each once."""

from typing import Any

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from articles import letters
from articles.moments import named

from .models import ToldFailure


@transaction.atomic
def tell_of_failed_jobs() -> int:
    """One letter about all that failed since the last one. A letter that could not be sent is only in the log."""
    failed = DBTaskResult.objects.failed().exclude(pk__in=ToldFailure.objects.values("job"))
    jobs = list(failed.exclude(task_path=letters.post.module_path).select_for_update(skip_locked=True))
    if jobs:
        ToldFailure.objects.bulk_create([ToldFailure(job=job.pk) for job in jobs])
        letters.jobs_failed(_sentence(job) for job in jobs)
    return len(jobs)


def _sentence(job: "DBTaskResult[Any, Any]") -> str:
    name, about = job.task_path.rpartition(".")[2], ", ".join(map(str, job.args_kwargs["args"]))
    when = f", {named(job.finished_at)}" if job.finished_at else ""
    return f"{name} ({about}): {job.exception_class_path.rpartition('.')[2]}{when}"
