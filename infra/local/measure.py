#!/usr/bin/env python3
"""Measures the release binaries: size when zipped, and time from process start to the first poll of the Lambda
Runtime API. Usage: measure.py <folder with one folder a function, each with its bootstrap>"""

import os
import pathlib
import socket
import statistics
import subprocess
import sys
import time
import zipfile

STARTS = 20
PATIENCE = 10  # seconds for one start
LARGEST = 5_000_000
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_LAMBDA_FUNCTION_NAME": "measured",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_LOG_GROUP_NAME": "none",
    "AWS_LAMBDA_LOG_STREAM_NAME": "none",
    "QUEUE_URL": "http://127.0.0.1/queue",
    "DLQ_URL": "http://127.0.0.1/dead-letters",
    "RECORDS_TABLE": "records",
    "PAYLOADS_TABLE": "payloads",
    "SECRET_PREFIX": "measured",
    "QUIET_SECONDS": "900",
    "API_URL": "http://127.0.0.1/api",
}


def zipped_size(bootstrap: pathlib.Path) -> int:
    """Bytes of a zip file that holds the binary alone, as it is deployed."""
    path = bootstrap.with_suffix(".measured.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.write(bootstrap, "bootstrap")
    size = path.stat().st_size
    path.unlink()
    return size


def start_time(bootstrap: pathlib.Path) -> float:
    """Milliseconds from process start to the first request for an invocation."""
    with socket.create_server(("127.0.0.1", 0)) as api:
        api.settimeout(PATIENCE)
        environment = {**os.environ, **ENVIRONMENT, "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:%d" % api.getsockname()[1]}
        started = time.perf_counter()
        process = subprocess.Popen([bootstrap], env=environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)  # it complains when the API goes away
        try:
            try:
                connection, _ = api.accept()
            except TimeoutError:
                sys.exit(f"{bootstrap}: asked for no invocation in {PATIENCE} s; does it need a setting that "
                         "infra/template.yaml has and ENVIRONMENT here lacks?")
            with connection:
                request = connection.recv(4096)
                elapsed = time.perf_counter() - started
        finally:
            process.kill()
            process.wait()
    if not request.startswith(b"GET /2018-06-01/runtime/invocation/next"):
        sys.exit(f"{bootstrap}: the first request is not for an invocation: {request[:60]!r}")
    return elapsed * 1000


def main() -> None:
    for bootstrap in sorted(pathlib.Path(sys.argv[1]).glob("*/bootstrap")):
        name = bootstrap.parent.name
        size = zipped_size(bootstrap)
        verdict = "met" if size < LARGEST else "MISSED"
        times = [start_time(bootstrap) for _ in range(STARTS)]
        print(f"{name}: {bootstrap.stat().st_size / 1e6:.2f} MB, zipped {size / 1e6:.2f} MB (under 5 MB: {verdict})")
        print(f"{name}: process start to first poll: median {statistics.median(times):.1f} ms, "
              f"fastest {min(times):.1f} ms, of {STARTS} starts")


if __name__ == "__main__":
    main()
