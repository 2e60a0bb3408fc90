# The image of a worker that makes its boxes with bubblewrap. `build-worker.sh` prepares the folder that this is built in.
ARG BASE=python:3.11-slim
FROM ${BASE}
ARG PACKAGES=""
RUN if [ -n "$PACKAGES" ]; then apt-get update \
 && apt-get install -y --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*; fi \
 && python3 -m venv --without-pip /nbjudge
ARG VERSION
COPY site/ /nbjudge/lib/python${VERSION}/site-packages/
ENV PATH=/nbjudge/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 LANG=C.UTF-8 HOME=/tmp \
    NBJUDGE_SANDBOX=bubblewrap
USER 10001:10001
WORKDIR /tmp
CMD ["python", "-m", "nbjudge_worker"]
