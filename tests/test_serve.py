"""`make run` in one piece: it starts on an empty folder, answers, and leaves nothing behind when it is told to end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from agency.management.commands.serve import open_door, refuse_a_database_of_an_earlier_accord

pytestmark = pytest.mark.real_time


@contextmanager
def serving(folder, **environment):
    """`manage.py serve` in a folder of its own on a free port, with its output; whatever happens, it is ended."""
    base = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"VAR_DIR": str(folder), "PORT": "0", "LOAD_DEMO": "off", "PYTHONUNBUFFERED": "1", **environment}
    command = [sys.executable, "manage.py", "serve"]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=base | given, start_new_session=True, **output) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def address_of(process):
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    raise AssertionError("it ended without naming its address")


def answer(address):
    with urllib.request.urlopen(address, timeout=30) as response:  # noqa: S310 (our own address)
        return response.status, response.read()


def offspring(pid):
    """The processes that this one started, and those that they started, as far as they still run."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    parents = {int(child): int(parent) for child, parent in (line.split() for line in listed.stdout.splitlines())}
    found = {pid}
    for _ in range(4):
        found |= {child for child, parent in parents.items() if parent in found}
    return found - {pid}


def still_run(pids):
    listed = subprocess.run(["ps", "-eo", "pid=,stat="], capture_output=True, text=True, check=True)
    return pids & {int(pid) for pid, stat in (line.split() for line in listed.stdout.splitlines()) if not stat.startswith("Z")}


def wait_for(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.2)
    assert condition()


@pytest.mark.thorough
def test_it_starts_on_an_empty_folder_answers_and_ends_clean_on_ctrl_c(tmp_path):
    with serving(tmp_path / "var") as process:
        address = address_of(process)
        assert answer(f"{address}/healthz") == (200, b'{"process": "ok"}')
        assert answer(f"{address}/readyz") == (200, b'{"database": "ok", "broker": "embedded"}')
        wait_for((tmp_path / "var" / "broker" / "control" / "celery.exchange").exists)
        started = offspring(process.pid)
        assert len(started) >= 4  # web server and its worker, background work and its beat
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert still_run(started) == set()
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0


@pytest.mark.thorough
def test_when_the_web_server_dies_everything_ends_with_a_fault(tmp_path):
    (tmp_path / "beat-schedule.db").write_bytes(b"cut off")
    with serving(tmp_path) as process:
        answer(f"{address_of(process)}/healthz")
        wait_for(lambda: len(offspring(process.pid)) >= 4)
        started = offspring(process.pid)
        web = next(pid for pid in sorted(started) if "gunicorn" in command_of(pid))
        os.kill(web, signal.SIGKILL)
        said = process.stdout.read()
        assert process.wait(30) == 1
    assert "The web server ended by itself" in said
    wait_for(lambda: not still_run(started))


def command_of(pid):
    return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def test_a_taken_port_is_told_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(CommandError, match=f"Port {port} on 127.0.0.1 cannot be used: Address already in use"):
            open_door("127.0.0.1", port)


@pytest.mark.parametrize("port", ["eighty", "-1", "70000", ""])
def test_a_port_that_is_none_is_told_in_a_sentence(port):
    with pytest.raises(CommandError, match="PORT is"):
        open_door("127.0.0.1", port)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "accord.test"])  # noqa: S104 (refused is what they are)
def test_a_trial_stays_on_its_machine(host, settings):
    settings.TRIAL, settings.FORCE_TRIAL_HOST = True, False
    with pytest.raises(CommandError, match="stays on this machine"):
        open_door(host, "0")


def test_a_database_whose_tables_were_made_otherwise_is_refused_with_what_to_do(db):
    refuse_a_database_of_an_earlier_accord()
    MigrationRecorder(connection).record_applied("briefs", "0099_of_long_ago")
    with pytest.raises(CommandError, match="Move it away and start again"):
        refuse_a_database_of_an_earlier_accord()
