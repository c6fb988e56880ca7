"""`manage.py serve`: all of Accord on one machine, and one Ctrl-C. Production starts its processes one by one."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

WEB = (
    "-m gunicorn agency.wsgi --workers 1 --threads 8 --graceful-timeout 5 --log-level warning --no-control-socket "
    "--logger-class agency.gunicorn_log.Lines"
)
# Prefork even for one: only there do the tasks' time limits hold. It is alone, so it need not tell other workers that it lives.
WORKER = "-m celery -A agency -q worker -B -c 1 --loglevel WARNING --without-gossip --without-mingle --without-heartbeat"
LOGINS = "helena, omar, marta, tomas, jonas, mei (the six roles), noor (another department) or admin"
PATIENCE = 12  # seconds that a process has to end by itself


class Command(BaseCommand):
    help = "Prepares the database, then runs the web server and the background work until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")

    def handle(self, *, host, port, **options):
        for asked_to_stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked_to_stop, signal.default_int_handler)
        running = {}
        try:
            with open_door(host, port) as door:
                address = "http://{}:{}".format(f"[{host}]" if ":" in host else host, door.getsockname()[1])
                os.environ.setdefault("SITE_URL", address)
                self.stdout.write("Preparing the database; the first time takes up to a minute …")
                prepare()
                self.stdout.write(f"\nAccord answers at {address}")
                if settings.LOAD_DEMO:
                    self.stdout.write(f"Log in as {LOGINS}; the password of all is accord-demo.")
                self.stdout.write("Ctrl-C ends it.\n\n")
                running["web server"] = start(f"{WEB} --bind fd://{door.fileno()}", pass_fds=[door.fileno()])
            running["background work"] = start(WORKER)
            while not (ended := [name for name, process in running.items() if process.poll() is not None]):
                time.sleep(0.3)
            raise CommandError(f"The {ended[0]} ended by itself, so everything was stopped. Its last words stand above.")
        except KeyboardInterrupt:
            self.stdout.write("\nStopping; this takes a few seconds …")
        finally:
            end(running.values())


def open_door(host, port):
    """The listening socket, opened before anything else is done, so that a taken port costs nobody a wait."""
    if settings.TRIAL and host not in {"localhost", "127.0.0.1", "::1"} and not settings.FORCE_TRIAL_HOST:
        raise CommandError(
            f"The trial's passwords are public, so it stays on this machine: HOST={host} is refused. Leave HOST out; "
            "or, on a network you trust, set FORCE_TRIAL_HOST=1 and name the machine in ALLOWED_HOSTS."
        )
    if not port.isdecimal() or int(port) > 65535:
        raise CommandError(f"PORT is {port!r}; it must be a number from 1 to 65535.")
    try:
        return socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise CommandError(f"Port {port} on {host} cannot be used: {error.strerror}. Try make run PORT=8001.") from None


def prepare():
    """Folders, tables, the demo agency. What is there stays; only a beat timetable cut off in writing is thrown away."""
    folders = [settings.BROKER_DIR / name for name in ("queue", "done", "control")] if settings.EMBEDDED_BROKER else []
    for folder in (settings.VAR_DIR, settings.MEDIA_ROOT, settings.STATIC_ROOT, *folders):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for timetable in settings.VAR_DIR.glob("beat-schedule*"):
        timetable.unlink()
    refuse_a_database_of_an_earlier_accord()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if settings.LOAD_DEMO:
        call_command("load_demo")


def refuse_a_database_of_an_earlier_accord():
    """Its tables were made by steps that this version no longer knows, so that nothing could bring them up to date."""
    loader = MigrationLoader(connection)
    if any(app in settings.FLOORS for app, _name in loader.applied_migrations.keys() - loader.disk_migrations.keys()):
        where = settings.VAR_DIR if settings.SQLITE else "DATABASE_URL"
        raise CommandError(
            f"The database ({where}) was made by an earlier Accord, before anybody moved in, and cannot be brought up to date. "
            "Move it away and start again: the demo agency is laid down anew."
        )


def start(command, **options):
    """A process in a group of its own: Ctrl-C reaches it through us, in order, and nothing it starts can outlive us."""
    return subprocess.Popen([sys.executable, *command.split()], start_new_session=True, cwd=settings.BASE_DIR, **options)


def end(processes):
    """Asks all to end, waits, then ends what is left of their groups."""
    for impatience in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(impatience, signal.SIG_IGN)
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0, deadline - time.monotonic()))
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
