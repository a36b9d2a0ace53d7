"""Runs notebooks in this one process, without kernels: quick, for the everyday tests.

As a program it reads from standard input, as JSON, a list of notebooks, each a list of its code cells, and
writes the list of their outputs in nbformat's form.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
from typing import Any, cast

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


class Stream(io.TextIOBase):
    """Standard output or error, recorded among the other outputs of the cell."""

    def __init__(self, shell: Shell, name: str) -> None:
        self._shell, self._name = shell, name

    def write(self, text: str) -> int:
        self._shell.gave({"output_type": "stream", "name": self._name, "text": text})
        return len(text)


class Hook(DisplayHook):
    """Records the value of a cell's last line."""

    def quiet(self) -> bool:
        return bool(super().quiet())

    def write_output_prompt(self) -> None:
        """A notebook has none."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        cast(Shell, self.shell).gave({"output_type": "execute_result", "data": format_dict, "metadata": {}})

    def finish_displayhook(self) -> None:
        """Nothing was printed, so nothing needs an end."""


class Publisher(DisplayPublisher):
    """Records what a cell displays."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **rest: Any) -> None:
        cast(Shell, self.shell).gave({"output_type": "display_data", "data": data, "metadata": {}})


class Shell(InteractiveShell):
    """An IPython shell that records the outputs of each cell."""

    def __init__(self, **settings: Any) -> None:
        self.outputs: list[dict[str, Any]] = []
        super().__init__(displayhook_class=Hook, display_pub_class=Publisher, **settings)

    def gave(self, output: dict[str, Any]) -> None:
        self.outputs.append(output)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        error = {"ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)}
        self.gave({"output_type": "error", **error})

    def enable_gui(self, gui: Any = None) -> None:
        """A notebook has no window."""


def run(cells: list[str]) -> list[list[dict[str, Any]]]:
    """The outputs of a notebook's code cells, run one after the other in a fresh shell."""
    Shell.clear_instance()
    for logger in logging.root.manager.loggerDict.values():  # a kernel begins with none that is silenced
        if isinstance(logger, logging.Logger):
            logger.disabled = False
    shell = Shell.instance(config=Config(HistoryManager={"enabled": False}))
    told = []
    with (
        contextlib.redirect_stdout(Stream(shell, "stdout")),
        contextlib.redirect_stderr(Stream(shell, "stderr")),
    ):
        for cell in cells:
            shell.outputs = []
            shell.run_cell(cell, store_history=True)
            told.append(shell.outputs)
    return told


if __name__ == "__main__":
    json.dump([run(cells) for cells in json.load(sys.stdin)], sys.stdout)
