"""How gunicorn runs: two workers of 64 threads, so that a hundred slow uploads keep nobody waiting."""

import os

workers = int(os.environ.get("WEB_WORKERS", "2"))  # noqa: TID251  gunicorn reads this file by itself
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "64"))  # noqa: TID251  gunicorn reads this file by itself
graceful_timeout = 30
timeout = 120
keepalive = 5
accesslog = None
errorlog = "-"
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108  a heartbeat file, no data
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1"
