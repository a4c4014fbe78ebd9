# One image for web, worker, beat and migration; docker-compose.yml says which container does what.
FROM python:3.11-slim-bookworm

# Pango and a Chinese font: the PDF reports.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

# An image is never the demo: without its settings it stops instead of making a database of its own.
ENV PRTRAS_ENV=production \
    PRTRAS_VAR=/var/lib/prtras \
    LC_ALL=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

WORKDIR /srv/prtras
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock

# With --build-arg EXTRA=ocr the image also reads photographed laboratory sheets (docs/lab-import).
ARG EXTRA=
COPY requirements-ocr.lock ./
RUN if [ -n "$EXTRA" ]; then \
        pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement "requirements-$EXTRA.lock"; \
    fi

COPY manage.py ./
COPY prtras prtras
COPY enrollment enrollment
COPY visits visits
COPY labs labs
COPY endpoint_review endpoint_review
COPY analysis analysis
COPY templates templates
COPY static static
COPY docker/start docker/start

# The settings want every value; collecting the static files uses none of them, and none of them stays.
RUN useradd --system --uid 10001 --home-dir "$PRTRAS_VAR" --create-home prtras \
    && SECRET_KEY=unused PRTRAS_SIGNING_KEY=unused ALLOWED_HOSTS=unused DATABASE_URL=postgresql://unused \
        DATABASE_READER_URL=postgresql://unused REDIS_URL=redis://unused \
        python manage.py collectstatic --no-input \
    && mkdir -p "$PRTRAS_VAR/files" "$PRTRAS_VAR/sheets" "$PRTRAS_VAR/uploads" \
    && chown -R prtras:prtras "$PRTRAS_VAR"

USER prtras
EXPOSE 8000
ENTRYPOINT ["docker/start"]
CMD ["web"]
