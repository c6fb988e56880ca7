# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrate; what it does is the command. It holds no secret and no test tool.

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.lock /tmp/requirements.lock
RUN /venv/bin/pip install --require-hashes -r /tmp/requirements.lock
WORKDIR /app
COPY . .
RUN /venv/bin/python -P agency/catalogues.py
# The settings want to know production; these values live for this one line and connect to nothing.
RUN MODE=production SECRET_KEY="$(/venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    ALLOWED_HOSTS=build.invalid SITE_URL=https://build.invalid DEFAULT_FROM_EMAIL=build@build.invalid \
    DATABASE_URL=postgres://build.invalid/none REDIS_URL=redis://build.invalid EMAIL_URL=smtp://build.invalid:25 \
    /venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp MODE=production VAR_DIR=/var/lib/accord MEDIA_ROOT=/var/lib/accord/files
# Documents become PDF by Pango, in Latin and Chinese letters.
RUN apt-get update && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home accord \
    && install -d -o accord -g accord -m 0700 /var/lib/accord /var/lib/accord/files
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER accord
EXPOSE 8000
# Django answers only to its own hosts, so the probe asks as SITE_URL.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "agency/probe.py"]
CMD ["gunicorn", "agency.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
