from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from analyst.management.commands.worker import SILENT, take_back
from analyst.models import Worker
from articles.models import Image
from tests.factories import make_article, make_image

pytestmark = pytest.mark.django_db


def running_job(worker: str) -> DBTaskResult:
    make_image()
    job = DBTaskResult.objects.get()
    job.claim(worker)
    return job


def test_a_job_of_a_worker_that_beats_is_left_alone():
    job = running_job("w1")
    Worker.objects.create(name="w1")
    assert take_back() == 0
    job.refresh_from_db()
    assert job.status == "RUNNING"


def test_a_job_of_a_silent_worker_is_queued_again():
    job = running_job("w1")
    Worker.objects.create(name="w1", beat_at=timezone.now() - SILENT - timedelta(seconds=1))
    assert take_back() == 1
    job.refresh_from_db()
    assert job.status == "READY"


def test_a_job_of_a_worker_that_was_never_heard_of_is_queued_again():
    running_job("killed before its first beat")
    assert take_back() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)  # the worker closes the connection between two jobs
def test_the_worker_makes_every_width_in_every_format_and_leaves_no_trace_of_itself(client):
    image = make_image(width=1000, height=600)
    make_article(lead_image=image)
    assert image.widths == []
    call_command("worker", batch=True, verbosity=0, reload=False, startup_delay=False)
    image.refresh_from_db()
    assert image.widths == [100, 200, 400, 800, 1000]
    assert not Worker.objects.exists()
    for extension, begins in (("jpg", b"\xff\xd8"), ("webp", b"RIFF"), ("avif", b"\x00\x00\x00")):
        for width in image.widths:
            answer = client.get(f"/media/{image.key}/{width}.{extension}")
            assert b"".join(answer.streaming_content).startswith(begins)


def test_renditions_made_twice_are_the_same_files(client):
    image = make_image(width=500, height=300)
    image.make_renditions()
    image.make_renditions()
    assert Image.objects.get().widths == [100, 200, 400, 500]
