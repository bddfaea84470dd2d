"""What a process that decodes untrusted bytes may not do: reach the network, open files, grow, stay."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contest.infra.imaging.results import Limits

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_FIRST_OTHER_FD = 3


def leave_network() -> bool:
    """Move this process into a network namespace without interfaces; False where the kernel forbids it.

    Works for one thread only, so before anything starts another.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        unshare = libc.unshare
    except AttributeError:  # not Linux
        return False
    return any(int(unshare(flags)) == 0 for flags in (_CLONE_NEWUSER | _CLONE_NEWNET, _CLONE_NEWNET))


def confine(limits: Limits, output: int, *, may_thread: bool = False) -> None:
    """Confine this forked child for good; `output` becomes its standard output, every other pipe closes.

    With no descriptor left to open it can reach no file and no socket, whatever the kernel allows.
    may_thread: the HEIC decoder does nothing without threads of its own, which count as processes.
    """
    os.dup2(output, 1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 2)
    os.closerange(_FIRST_OTHER_FD, _highest_fd())
    _control(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _control(_PR_SET_NO_NEW_PRIVS, 1)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        *(() if may_thread else ((resource.RLIMIT_NPROC, 0),)),
        (resource.RLIMIT_NOFILE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)  # noqa: PLW2901  never above what we have
        # Of processor time the soft limit comes first, so that its own signal tells of it, and not a bare kill.
        soft = max(most - 1, 1) if kind == resource.RLIMIT_CPU else most
        resource.setrlimit(kind, (soft, most))


def _highest_fd() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 65_536 if soft == resource.RLIM_INFINITY else soft


def _control(option: int, value: int) -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(option, value, 0, 0, 0)
