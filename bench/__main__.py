"""`make bench`: the measurements that are too slow for the suite, one table each. Machines are noisy: read medians.

Those of many articles use the database in BENCH_DATABASE_URL, a scratch one, which is filled if it is empty.
"""

import os
import subprocess
import sys

DATABASE = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/analyst_bench")


def main() -> int:
    environment = os.environ | {"DATABASE_URL": DATABASE}
    failed = [
        name
        for name in ("docx", "imports", "many", "sitemaps", "search", "reads")
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], env=environment).returncode
    ]
    if failed:
        print(f"Not measured: {', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
