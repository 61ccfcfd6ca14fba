import threading
from datetime import timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from analyst.management.commands.worker import Command, LibraryCommand, count_for_the_planner, repeat, take_back
from analyst.models import SILENT, Worker
from articles.models import Image
from tests.factories import make_article, make_author, make_image

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


def test_what_is_due_all_the_time_goes_on_after_the_database_was_away():
    stop, done = threading.Event(), []

    def work():
        done.append(1)
        if len(done) == 1:
            raise OperationalError("the server closed the connection")
        stop.set()

    repeat(timedelta(0), work, stop)
    assert len(done) == 2


def test_what_is_due_all_the_time_is_due_at_the_start():
    stop, done = threading.Event(), []

    def work():
        done.append(1)
        stop.set()

    repeat(timedelta(hours=1), work, stop)
    assert done


def test_the_worker_begins_again_when_the_database_was_away():
    away = mock.patch.object(LibraryCommand, "handle", side_effect=[OperationalError, InterfaceError, None])
    with away as work, mock.patch("analyst.management.commands.worker.time.sleep"):
        Command()._work(worker_id="w1")
    assert work.call_count == 3


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
def test_sqlite_is_told_how_many_rows_there_are():
    make_article(authors=[make_author()])
    count_for_the_planner()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'byline_latest'")
        assert cursor.fetchall()
