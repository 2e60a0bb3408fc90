# The images of the service and of its workers: Python and wheels, nothing of a course.
# `build-server.sh` prepares the folder that this is built in.
ARG BASE=python:3.11-slim
FROM ${BASE} AS built
ARG WANTED
COPY ours/ /ours/
# Every wheel that is not ours must have one of the hashes that the lock names.
RUN python3 -m venv /nbjudge \
 && /nbjudge/bin/pip download --quiet --no-cache-dir --only-binary :all: --dest /wheels \
      --find-links /ours --constraint /ours/pins.txt ${WANTED} \
 && for wheel in /wheels/*.whl; do \
      [ -e "/ours/$(basename "$wheel")" ] \
        || grep -q "sha256:$(sha256sum "$wheel" | cut -d ' ' -f 1)" /ours/constraints.txt \
        || { echo "$wheel is not in the lock" >&2; exit 1; }; \
    done \
 && /nbjudge/bin/pip install --quiet --no-cache-dir --no-index --find-links /wheels ${WANTED}

FROM ${BASE} AS image
ARG PACKAGES=""
RUN if [ -n "$PACKAGES" ]; then apt-get update \
 && apt-get install -y --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*; fi
COPY --from=built /nbjudge /nbjudge
ENV PATH=/nbjudge/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 LANG=C.UTF-8 HOME=/tmp
USER 10001:10001
WORKDIR /tmp

FROM image AS worker
CMD ["python", "-m", "nbjudge_worker"]

FROM image AS service
EXPOSE 8803
CMD ["python", "-m", "nbjudge_grader_service"]
