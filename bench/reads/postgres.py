"""A PostgreSQL of our own, which can be stopped and started."""

import os
import shutil
import socket
import subprocess
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A server of our own, whose data outlive its being stopped."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        self.programs = Path(shutil.which("initdb") or found[-1] / "initdb").parent
        self.folder, self.port = folder, port or free_port()
        self.who = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to be run by root
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        self.folder.mkdir()
        if self.who:
            shutil.chown(self.folder, self.who)
        self._run("initdb", "-D", self.folder / "data", "-U", "postgres", "--auth=trust", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._control("-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")  # as when the power fails

    def _control(self, *words: object) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-w", *words)

    def _run(self, program: str, *words: object) -> None:
        command = [str(self.programs / program), *map(str, words)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, user=self.who)
