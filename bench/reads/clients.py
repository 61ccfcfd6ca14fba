"""Readers' browsers, in a process of their own: each read is told again, with the same nonce, until it is answered 204.

Takes one JSON object as its argument, prints one; ends when all is told, or when its standard input is closed.
"""

import json
import random
import statistics
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from uuid import UUID

PATIENCE = 20  # seconds for an answer
AGENT = "Mozilla/5.0 (Linux; Android 14; SM-{}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.{}.17 Mobile Safari/537.36"


@dataclass
class Plan:
    port: int
    paths: list[str]
    number: int
    first: int = 0  # the number of the first reader: no two have the same address
    clients: int = 16
    agents: int = 20
    times: int = 1  # that each read is told
    dropped: float = 0  # share of answers that are never looked at
    pages: list[str] = field(default_factory=list)  # looked at before the read is told


def address_of(n: int) -> str:
    return f"100.{64 + (n >> 16)}.{n >> 8 & 255}.{n & 255}"


def agent_of(n: int) -> str:
    return AGENT.format(1000 + n, n)


class Clients:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.stop = threading.Event()
        self.told_at: list[float] = []
        self.times: list[float] = []
        self.refused: list[float] = []
        self.seen: Counter[str] = Counter()

    def run(self) -> dict[str, object]:
        started = time.perf_counter()
        threads = [threading.Thread(target=self._client, args=(n,)) for n in range(self.plan.clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {
            "acknowledged": len(self.told_at), "seconds": time.perf_counter() - started, "seen": self.seen,
            "p50": quantile(self.times, 50), "p99": quantile(self.times, 99), "refused_p99": quantile(self.refused, 99),
            "told_at": [round(at, 2) for at in self.told_at],
        }  # fmt: skip

    def _client(self, client: int) -> None:
        connection = HTTPConnection("127.0.0.1", self.plan.port, timeout=PATIENCE)
        chance = random.Random(f"{self.plan.first} {client}")
        for n in range(client, self.plan.number, self.plan.clients):
            nonce, number = UUID(int=chance.getrandbits(128)).hex, self.plan.first + n
            for _ in range(self.plan.times):
                if chance.random() < self.plan.dropped:
                    self._ask(connection, n, number, nonce, look=False)
                while not self.stop.is_set() and not self._ask(connection, n, number, nonce):
                    self.seen["told again"] += 1
                    time.sleep(0.1)
            if self.stop.is_set():
                return

    def _ask(self, connection: HTTPConnection, n: int, number: int, nonce: str, look: bool = True) -> bool:
        """Whether it is stored, as far as this client knows."""
        headers = {"User-Agent": agent_of(number % self.plan.agents), "X-Forwarded-For": address_of(number)}
        body = json.dumps({"nonce": nonce, "format": "html", "from": "news.example"})
        try:
            if self.plan.pages:
                connection.request("GET", self.plan.pages[n % len(self.plan.pages)], headers=headers)
                page = connection.getresponse()
                page.read()
                self.seen[f"page {page.status} {page.headers.get('X-Cache')}"] += 1
            started = time.perf_counter()
            connection.request("POST", self.plan.paths[n % len(self.plan.paths)], body, headers)
            if not look:
                connection.close()
                return False
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            connection.close()
            self.seen["no answer"] += 1
            return False
        milliseconds = (time.perf_counter() - started) * 1000
        self.seen[str(answer.status)] += 1
        if answer.status != 204:
            self.refused.append(milliseconds)
            return False
        self.times.append(milliseconds)
        self.told_at.append(time.time())
        return True


def quantile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else 0.0


def until_closed(stop: threading.Event) -> None:
    with suppress(OSError):
        sys.stdin.read()
    stop.set()


def as_argument(plan: Plan) -> str:
    return json.dumps(asdict(plan))


if __name__ == "__main__":
    clients = Clients(Plan(**json.loads(sys.argv[1])))
    threading.Thread(target=until_closed, args=(clients.stop,), daemon=True).start()
    print(json.dumps(clients.run()))
