"""Real processes for the tests of the background work: a Celery worker and beat, on a Redis database of their own."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import redis
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
MARK = "accord-test"


@contextmanager
def own_redis(url):
    """An empty database of this Redis server that nobody else uses, wiped afterwards. Yields (url, client)."""
    server = url.rsplit("/", 1)[0] if url.count("/") > 2 else url.rstrip("/")
    for number in range(15, 0, -1):
        broker = redis.Redis.from_url(f"{server}/{number}")
        if broker.dbsize() == 0 and broker.set(MARK, os.getpid(), nx=True):
            break
        broker.close()
    else:
        raise RuntimeError("Every database of this Redis server holds something; none is free for the tests.")
    try:
        yield f"{server}/{number}", broker
    finally:
        broker.flushdb()
        broker.close()


class Crew:
    """Worker and beat in production's settings, on the test's database, with a tick of one second."""

    def __init__(self, broker_url, mail_port, folder):
        self.children = []
        self.environment = os.environ | {
            "MODE": "production",
            "SECRET_KEY": "only-in-this-run-" + os.urandom(32).hex(),
            "ALLOWED_HOSTS": "accord.example",
            "SITE_URL": "https://accord.example",
            "DEFAULT_FROM_EMAIL": "Accord <accord@accord.example>",
            "DATABASE_URL": database_url(),
            "REDIS_URL": broker_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "EMAIL_TIMEOUT": "30",
            "DIGEST_HOUR": "0",
            "REMINDERS_EVERY": "1",
            "VAR_DIR": str(folder),
        }

    def worker(self):
        return self.start("worker", "--concurrency", "1", "--loglevel", "WARNING")

    def beat(self):
        return self.start("beat", "--loglevel", "WARNING")

    def start(self, *words):
        child = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "agency", *words], cwd=ROOT, env=self.environment, start_new_session=True
        )
        self.children.append(child)
        return child

    def kill(self, child):
        """End it and its own children as a power cut would."""
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def __enter__(self):
        return self

    def __exit__(self, *gone):
        for child in self.children:
            if child.poll() is None:
                self.kill(child)


def database_url():
    """The address of the database in which this test lives."""
    there = connection.settings_dict
    who = f"{there['USER']}:{there['PASSWORD']}" if there["PASSWORD"] else there["USER"]
    return f"postgres://{who}@{there['HOST']}:{there['PORT'] or 5432}/{there['NAME']}"


def until(what, seconds=40):
    """Wait until `what()` is true."""
    end = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.1)
    return answer
