"""Run a commit or a recovery again and again, each time killed one file-system step later, until one survives.

    python killed.py commit|recover|begin SOURCE TARGET

For n = 1, 2, ... the folder SOURCE is copied to TARGET/n, and a child process works there: it stages and commits
the site in SOURCE/new over SOURCE/site, completes what stands in SOURCE/.vijf, or makes SOURCE/site an output that is
swapped. Before its n-th step that changes the file system it is killed by SIGKILL; a step that writes is half done
then. Prints how many were killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from vijf.publish import disk
from vijf.publish.generations import begin
from vijf.publish.journal import recover
from vijf.publish.stage import Stage
from vijf.publish.state import State

STEPS = ("chmod", "fchmod", "link", "mkdir", "replace", "rename", "rmdir", "symlink", "sync", "unlink", "write")


def kill_before(step):
    """Count the file-system steps of this process, and kill it before that many have been taken."""
    taken = 0

    def counted(name, function):
        def call(*arguments, **options):
            nonlocal taken
            taken += 1
            if taken == step:
                if name == "write":
                    descriptor, data = arguments
                    function(descriptor, bytes(data)[: len(data) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return call

    disk.flush = lambda _folder: None  # a kill loses nothing that a process has written; only a power cut does
    open_file = os.open
    creating = counted("open", open_file)
    for name in STEPS:
        setattr(os, name, counted(name, getattr(os, name)))
    os.open = lambda path, flags, *rest, **options: (creating if flags & os.O_CREAT else open_file)(
        path, flags, *rest, **options
    )


def commit(folder):
    """Stage FOLDER/new over FOLDER/site."""
    output, new = folder / "site", folder / "new"
    with Stage(output, State.of(output)) as stage:
        for path in sorted(new.rglob("*")):
            if path.is_file():
                stage.put(path.relative_to(new).as_posix(), path.read_bytes())
        stage.commit((folder / "new.manifest").read_bytes())


def main(action, source, target):
    """Carry out the action, killed at each step in turn."""
    step = 0
    status = -1
    while status != 0:
        step += 1
        folder = target / str(step)
        shutil.copytree(source, folder, symlinks=True)
        child = os.fork()
        if child == 0:
            os.umask(0o077)
            kill_before(step)
            if action == "commit":
                commit(folder)
            elif action == "begin":
                begin(folder / "site")
            else:
                recover(folder / "site", State.of(folder / "site"))
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status not in (0, -signal.SIGKILL):
            sys.exit(f"the child failed at step {step}")
    print(step - 1)  # noqa: T201  the answer to the test that runs this


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
