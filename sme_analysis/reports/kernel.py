"""A kernel of the running interpreter, whatever kernels are installed on the machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager


def own_kernel(env: dict[str, str], log: Path) -> type[AsyncKernelManager]:
    """Return a kernel manager that starts `sys.executable -m ipykernel_launcher`, quietly.

    A notebook names its kernel "python3", which is whatever some installation registered under
    that name. A report must run where its package is, so the specification is given here.

    Parameters
    ----------
    env : dict of str to str
        The kernel's environment.
    log : Path
        Takes what the kernel process itself prints; the output of cells does not pass there.
    """

    class OwnKernelManager(AsyncKernelManager):
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
            if self.has_trait("transport_encryption") and zmq.has("curve"):
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
