# The images of the service and of its workers: Python and our wheels, nothing of a course.
# `build-server.sh` prepares the folder that this is built in, with every wheel that is needed.
ARG BASE=python:3.11-slim
FROM ${BASE} AS built
COPY wheels/ /wheels/
ARG WANTED
RUN python3 -m venv /nbjudge \
 && /nbjudge/bin/pip install --no-cache-dir --no-index --find-links /wheels ${WANTED}

FROM ${BASE}
ARG PACKAGES=""
RUN if [ -n "$PACKAGES" ]; then apt-get update \
 && apt-get install -y --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*; fi
COPY --from=built /nbjudge /nbjudge
ENV PATH=/nbjudge/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 LANG=C.UTF-8 HOME=/tmp
USER 10001:10001
WORKDIR /tmp
EXPOSE 8803
CMD ["python", "-m", "nbjudge_grader_service"]
