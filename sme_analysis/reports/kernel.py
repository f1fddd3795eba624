"""Kernels of the running interpreter: an ordinary one, and one forked from a warm process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

import zmq
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from .warm import Warm, WarmError

_LONGEST_SOCKET = 90  # characters of a path; a Unix socket's address takes some 104, name included


def own_kernel(
    env: dict[str, str], log: Path, warm: Warm | None = None
) -> type[AsyncKernelManager]:
    """Return a kernel manager that starts a kernel of `sys.executable`, quietly.

    A notebook names its kernel "python3", which is whatever some installation registered under
    that name. A report must run where its package is, so the specification is given here.

    Parameters
    ----------
    env : dict of str to str
        The kernel's environment.
    log : Path
        Takes what the kernel process itself prints; the output of cells does not pass there.
    warm : Warm, optional
        Fork the kernel from this process instead of running `python -m ipykernel_launcher`.
    """
    base = AsyncKernelManager if warm is None else forked_kernel(warm, log.parent)

    class OwnKernelManager(base):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._kernel_spec = KernelSpec(
                argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                display_name="Python 3",
                language="python",
                metadata={"supported_encryption": ["curve"]},
            )
            # Encrypt the traffic with the kernel where this is to be had (jupyter_client 8.10, a
            # libzmq with CURVE): else any local user may listen, and ipykernel warns of just that.
            # The sockets of a forked kernel are files in a folder that is closed to others.
            encrypts = self.transport == "tcp" and zmq.has("curve")
            if self.has_trait("transport_encryption") and encrypts:
                self.transport_encryption = "auto"

        async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
            return await super()._async_pre_start_kernel(**{"env": env, **kwargs})

        async def _async_launch_kernel(self, kernel_cmd: list[str], **kwargs: Any) -> None:
            with log.open("ab") as stream:
                await super()._async_launch_kernel(
                    kernel_cmd, **{**kwargs, "stdout": stream, "stderr": stream}
                )

        # The public names are bound to the base class's methods when that class is made.
        pre_start_kernel = _async_pre_start_kernel
        _launch_kernel = _async_launch_kernel

    return OwnKernelManager


def forked_kernel(warm: Warm, folder: Path) -> type[AsyncKernelManager]:
    """Return a kernel manager whose kernels are children of a warm process.

    All else is Jupyter's own: the client talks to an ordinary IPython kernel over ZeroMQ.

    Parameters
    ----------
    warm : Warm
    folder : Path
        For the connection file and the sockets of one kernel; closed to other users.
    """

    class ForkedKernelManager(AsyncKernelManager):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.connection_file = str(folder / "kernel.json")
            address = str(folder / "kernel")
            if len(address) < _LONGEST_SOCKET:
                self.transport, self.ip = "ipc", address

        async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
            if self.provisioner is None:
                self.provisioner = _Forked(
                    warm, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
                )
            return await super()._async_pre_start_kernel(**kwargs)

        pre_start_kernel = _async_pre_start_kernel

    return ForkedKernelManager


class _Forked(LocalProvisioner):
    """Jupyter's local provisioner with another way to start a process."""

    def __init__(self, warm: Warm, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._warm = warm

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel with the arguments that follow `python -m ipykernel_launcher`."""
        cwd = str(kwargs.get("cwd") or Path.cwd())
        out, err = (_number(kwargs.get(name), n) for n, name in enumerate(("stdout", "stderr"), 1))
        try:
            child = self._warm.kernel(cmd[3:], kwargs["env"], cwd, out, err)
        except WarmError as error:
            raise RuntimeError(f"{error}: {self._warm.log()}") from error
        self.process = cast("Any", child)
        self.pid = self.pgid = child.pid
        self.cwd = cwd
        return self.connection_info


def _number(stream: Any, default: int) -> int:
    return default if stream is None else int(stream.fileno())
