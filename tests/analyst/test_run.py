"""`manage.py run`: site and worker come up together, and leave no process behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://localhost:{port}/", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def processes_of(marker: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if marker.encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    """A journal with an article, so that the sample is not put in: that takes long, and has tests of its own."""
    file = tmp_path_factory.mktemp("journal") / "journal.sqlite3"
    script = (
        "from django.core.management import call_command; call_command('migrate', verbosity=0);"
        "from articles.models import Article; Article.objects.create(title='Here already')"
    )
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{file}"}
    subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", script], cwd=ROOT, env=environment, check=True)
    return file


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are counted through /proc")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_then_leaves_no_process(tmp_path, journal, stop):
    port = free_port()
    shutil.copy(journal, tmp_path / "journal.sqlite3")
    marker = f"MEDIA_ROOT={tmp_path}"
    environment = {
        "PATH": os.environ["PATH"], "PORT": str(port), "MEDIA_ROOT": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/journal.sqlite3", "SITE_URL": f"http://localhost:{port}",
    }  # fmt: skip
    manage = [sys.executable, "manage.py"]
    with subprocess.Popen([*manage, "run"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as run:
        wait_for(lambda: answers(port), seconds=120)  # the first start collects the static files
        assert len(processes_of(marker)) >= 4  # itself, the site and its workers, the worker
        run.send_signal(stop)
        said, _ = run.communicate(timeout=30)
    assert run.returncode == 0
    assert f"http://localhost:{port}" in said
    assert "Sign in as editor" in said
    wait_for(lambda: not processes_of(marker), seconds=5)


def run_at(port: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PORT": port}
    manage = [sys.executable, "manage.py", "run"]
    return subprocess.run(manage, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30)


def test_a_port_that_is_taken_is_told_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_at(str(port))
    assert done.returncode == 1
    assert (
        done.stderr == f"CommandError: Port {port} is taken. Stop what runs there, or say PORT={port + 1} make run.\n"
    )


def test_a_port_that_is_none_is_told_in_one_line():
    done = run_at("zzz")
    assert done.returncode == 2
    assert done.stderr.endswith("PORT must be a number from 1 to 65534, not 'zzz'\n")
