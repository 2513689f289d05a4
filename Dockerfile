# Two steps, so that what builds is not in what runs: the image holds Python, the pinned packages and our wheel.
# The step that builds has a compiler, so that edi's optional C core is in the wheel; both steps are the same Python.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements-uv.txt requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
    && python -m venv /opt/claimloop \
    && uv pip install --no-cache --python /opt/claimloop/bin/python --require-hashes -r requirements.txt
COPY . .
RUN uv build --wheel --out-dir /dist \
    && uv pip install --no-cache --python /opt/claimloop/bin/python --no-deps /dist/*.whl \
    && /opt/claimloop/bin/python -I -c "import edi.model._core"

FROM python:3.11-slim-bookworm
COPY --from=build /opt/claimloop /opt/claimloop
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/claimloop claimloop
USER claimloop
WORKDIR /var/lib/claimloop
ENV PATH=/opt/claimloop/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CLAIMLOOP_DATA_DIR=/var/lib/claimloop/data \
    CLAIMLOOP_DATABASE_URL=sqlite:////var/lib/claimloop/claimloop.db
VOLUME /var/lib/claimloop
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["claimloop", "serve", "--host", "0.0.0.0", "--port", "8000"]
