"""How gunicorn runs: two workers of 128 threads: a hundred slow uploads keep nobody waiting, not even all at one."""

import os
from typing import Any

from contest.infra.logs import begin_logging

workers = int(os.environ.get("WEB_WORKERS", "2"))  # noqa: TID251  gunicorn reads this file by itself
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "128"))  # noqa: TID251  gunicorn reads this file by itself
graceful_timeout = 30
timeout = 120
keepalive = 5
accesslog = None
errorlog = "-"
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108  a heartbeat file, no data
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1"


def on_starting(server: Any) -> None:
    """Lines of a real contest are read by programs and tell nobody's data; people read what a demonstration says."""
    del server
    if os.environ.get("CHALKAK_MODE") == "production":  # noqa: TID251  gunicorn reads this file by itself
        begin_logging()


def post_fork(server: Any, worker: Any) -> None:
    """Gunicorn sets its own logging up in each worker."""
    del worker
    on_starting(server)
