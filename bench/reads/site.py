"""A journal that runs as `manage.py run` runs it, and what may happen to it: processes die, a cache stands in front."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from analyst.management.commands.run import _processes
from bench.reads.clients import Plan, as_argument
from bench.reads.postgres import free_port

WEB_DIES, WORKER_DIES = 1, 5  # seconds from one death to the next


class Site:
    """Web and worker, with what they say in one file."""

    def __init__(self, folder: Path, application: str = "analyst.wsgi") -> None:
        self.port, self.folder = free_port(), folder
        web, self.worker_command = _processes(self.port)
        self.web_command = [word.replace("analyst.wsgi", application) for word in web]
        self.log = (folder / "site.log").open("ab")
        self.environment = os.environ | {"TRUSTED_PROXIES": "1"}
        self.deaths = 0

    def __enter__(self) -> "Site":
        self.web, self.worker = self._start(self.web_command), self._start(self.worker_command)
        deadline = time.monotonic() + 60
        while not self._answers() and time.monotonic() < deadline:
            time.sleep(0.2)
        return self

    def __exit__(self, *problem: object) -> None:
        for process in (self.web, self.worker):
            process.terminate()
        for process in (self.web, self.worker):
            process.wait(30)

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0 and len(self._web_workers()) == 2

    def _web_workers(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()]

    def number(self, path: str, port: int | None = None) -> dict[str, Any]:
        with urlopen(f"http://127.0.0.1:{port or self.port}{path}") as answer:
            return json.load(answer)

    @contextmanager
    def dying(self) -> Iterator[None]:
        """Kill a web worker every second and the worker every five, until the block ends."""
        over = threading.Event()
        thread = threading.Thread(target=self._die, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _die(self, over: threading.Event) -> None:
        second = 0
        while not over.wait(WEB_DIES):
            second += WEB_DIES
            if workers := self._web_workers():
                os.kill(random.choice(workers), signal.SIGKILL)
                self.deaths += 1
            if second % WORKER_DIES == 0:
                self.worker.kill()
                self.worker.wait()
                self.worker = self._start(self.worker_command)


@contextmanager
def load(plan: Plan) -> Iterator["Load"]:
    running = Load(plan)
    try:
        yield running
    finally:
        running.end()


class Load:
    """Clients at work, in a process of their own."""

    def __init__(self, plan: Plan) -> None:
        command = [sys.executable, "-m", "bench.reads.clients", as_argument(plan)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def wait(self) -> dict[str, Any]:
        assert self.process.stdout
        found = json.loads(self.process.stdout.read())
        self.end()
        return found

    def stop(self) -> dict[str, Any]:
        """Before all is told."""
        assert self.process.stdin
        self.process.stdin.close()
        return self.wait()

    def end(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()
        self.process.wait()


def told(plan: Plan) -> dict[str, Any]:
    with load(plan) as running:
        return running.wait()


NGINX = """
daemon off; error_log {folder}/nginx-error.log; pid {folder}/nginx.pid; worker_processes 1; {user}
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nginx-body; proxy_temp_path {folder}/nginx-proxy; fastcgi_temp_path {folder}/nginx-f;
    uwsgi_temp_path {folder}/nginx-u; scgi_temp_path {folder}/nginx-s;
    proxy_cache_path {folder}/nginx-cache keys_zone=pages:10m;
    server {{
        listen 127.0.0.1:{port};
        proxy_set_header Host localhost;
        proxy_cache pages;
        add_header X-Cache $upstream_cache_status;
        location ~ /read$ {{ proxy_pass http://127.0.0.1:{site}; }}
        location / {{
            proxy_pass http://127.0.0.1:{site};
            proxy_ignore_headers Cache-Control; proxy_cache_valid 200 300s; proxy_cache_lock on;
        }}
    }}
}}
"""


@contextmanager
def nginx(site: Site) -> Iterator[int]:
    """A cache in front, which keeps pages for five minutes; its port."""
    port, configuration = free_port(), site.folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(NGINX.format(folder=site.folder, port=port, site=site.port, user=user))
    server = subprocess.Popen(["nginx", "-c", str(configuration)], stderr=site.log)
    try:
        time.sleep(1)
        yield port
    finally:
        server.terminate()
        server.wait()
