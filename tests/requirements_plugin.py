"""With REQUIRE_SERVICES=1 no test that needs PostgreSQL, Redis, Chromium, Pango or the Nu checker may be skipped: CI has them.

Either way the closing words say how many were skipped.
"""

import os

import pytest

NEEDS = {
    "postgres": "PostgreSQL (DATABASE_URL)",
    "redis": "Redis (REDIS_URL)",
    "browser": "Chromium",
    "paper": "Pango",
    "nu": "VNU_JAR",
}
REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if REQUIRED and report.skipped and not hasattr(report, "wasxfail") and (missing := needs_of(item)):
        report.outcome = "failed"
        report.longrepr = f"Skipped, though REQUIRE_SERVICES=1 promises {missing}: {call.excinfo.value}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if REQUIRED and report.skipped:
        report.outcome, report.longrepr = "failed", f"{collector.nodeid} was skipped whole, though REQUIRE_SERVICES=1."
    return report


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"Tests skipped: {len(terminalreporter.stats.get('skipped', ()))}")


def needs_of(item):
    return ", ".join(needed for marker, needed in NEEDS.items() if item.get_closest_marker(marker))
