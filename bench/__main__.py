"""`make bench`: the measurements that are too slow for the suite, one table each. Machines are noisy: read medians.

Those of many articles use the database in BENCH_DATABASE_URL, a scratch one, which is filled if it is empty; beside it
others are made, whose names begin with its name.
"""

import os
import subprocess
import sys
import tempfile

DATABASE = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/analyst_bench")


def run(name: str, database: str, *words: str) -> bool:
    environment = os.environ | {"DATABASE_URL": database}
    return subprocess.run([sys.executable, "-m", f"bench.{name}", *words], env=environment).returncode == 0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        turns = [
            (name, DATABASE)
            for name in ("docx", "imports", "many", "sitemaps", "search", "lists", "hostile", "reads", "newsletter")
        ]
        turns += [("coming_out", f"{DATABASE}_due"), ("coming_out", f"sqlite:///{folder}/due.sqlite3")]
        turns += [("desk", f"{DATABASE}_desk"), ("desk", f"sqlite:///{folder}/desk.sqlite3")]
        turns += [("pages", f"{DATABASE}_sample")]
        turns += [("pages", f"sqlite:///{folder}/sample.sqlite3"), ("lighthouse", f"sqlite:///{folder}/sample.sqlite3")]
        failed = [" ".join(turn) for turn in turns if not run(*turn)]
    if failed:
        print(f"Not measured: {', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
