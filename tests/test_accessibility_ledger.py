"""`docs/accessibility.md` has a row for each criterion of WCAG 2.2 A and AA, and names only tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEDGER = (ROOT / "docs" / "accessibility.md").read_text()
ROWS = re.findall(r"^\| (\d\.\d+\.\d+) \| [^|]+ \| (AA?) \| [^|]+ \| ([^|]*) \|$", LEDGER, re.MULTILINE)
# How many criteria each guideline has at these two levels (4.1.1 is no longer one).
GUIDELINES = {"1.1": 1, "1.2": 5, "1.3": 5, "1.4": 9, "2.1": 3, "2.2": 2, "2.3": 1, "2.4": 8, "2.5": 6, "3.1": 2, "3.2": 5,
              "3.3": 6, "4.1": 2}  # fmt: skip


def test_each_criterion_has_its_row():
    numbers = [number for number, _, _ in ROWS]
    assert len(set(numbers)) == len(numbers) == 55
    found = {guideline: sum(number.startswith(f"{guideline}.") for number in numbers) for guideline in GUIDELINES}
    assert found == GUIDELINES
    assert [level for _, level, _ in ROWS].count("AA") == 24


def test_the_tests_that_it_names_exist():
    written = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    for _, _, tests in ROWS:
        for name in re.findall(r"`(\w+)`", tests):
            assert f"def {name}(" in written, name
