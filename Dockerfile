# Base pinned by its full tag. A digest would pin it harder, but could not be looked up when this was
# written (no registry at hand); add @sha256:… here when you can.
ARG BASE=python:3.11.14-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv .venv
COPY requirements/run.lock requirements/
RUN .venv/bin/python -m pip install --require-hashes --only-binary :all: -r requirements/run.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY service service
COPY seed_data seed_data
RUN .venv/bin/python -m pip install --no-deps --no-build-isolation --editable . \
    && mkdir build && .venv/bin/therapy-match kb build

FROM ${BASE}
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin therapy
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY --from=build /app/service service
COPY --from=build /app/build/kb.sqlite build/kb.sqlite
COPY gunicorn.conf.py LICENSE NOTICE ./
COPY seed_data/LICENSE.md seed_data/LICENSE.md
USER therapy
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 CMD \
    [".venv/bin/python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD [".venv/bin/gunicorn", "--config", "gunicorn.conf.py"]
