"""Checks one program after the other in one process, as `learn.py check --json` would, in a fraction of the time.

    echo solutions/03_users | python tests/batch.py 03_users

Each line of standard input is a folder; each line of standard output the object that `--json` prints. Behind the
folder and a tab may stand the one check that is to run, with those that it waits for.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Batch:
    """A process that has collected a step's checker."""

    def __init__(self, step: str) -> None:
        command = [sys.executable, "-I", "-X", "utf8", __file__, step]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def check(self, folder: Path, only: str = "") -> dict:
        """The verdict on the program in a folder; with `only`, of that check and those that it waits for."""
        assert self.process.stdin and self.process.stdout
        print(folder, only, sep="\t", file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        """Ends the process."""
        self.process.communicate()


def main() -> None:
    """Answers line by line until standard input ends."""
    from workbook import course
    from workbook.checking.run import examine
    from workbook.program import intake

    step = course.find(sys.argv[1])

    def serve(exam) -> None:
        for line in sys.stdin:
            folder, _, only = line.rstrip("\n").partition("\t")
            result = exam.check(step, intake.read(Path(folder)), only=[only] if only else ())
            print(json.dumps(result.to_json()), flush=True)

    examine([step], serve, width=1)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
