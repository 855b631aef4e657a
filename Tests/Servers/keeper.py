"""The processes and the folder of one server: they live no longer than the process that keeps them."""
import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PR_SET_PDEATHSIG = 1
PATIENCE = 120  # seconds until a server that does not answer is given up; on an idle machine the slowest takes three


class Failed(Exception):
    """The server cannot be started, and why."""


class Keeper:
    def __init__(self):
        home = os.path.join(tempfile.gettempdir(), f"weir-servers-{os.geteuid()}")
        os.makedirs(home, exist_ok=True)
        remove_leftovers(home)
        self.folder = os.path.join(home, str(os.getpid()))
        os.makedirs(self.folder)
        self.children = []
        self.libc = ctypes.CDLL(None)

    def log(self, name):
        return os.path.join(self.folder, name + ".log")

    def spawn(self, name, *command, **environment):
        """Starts a program that lives no longer than we do; its words go to a log."""
        with open(self.log(name), "ab") as log:
            child = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **environment},
                preexec_fn=lambda: self.libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        child.name = name
        self.children.append(child)
        return child

    def run(self, name, *command):
        """Runs a program to its end, which must be a good one; gives what it printed."""
        child = self.spawn(name, *command)
        status = child.wait(timeout=PATIENCE)
        self.children.remove(child)
        if status:
            raise Failed(f"{' '.join(command)}: ended with {status}")
        with open(self.log(name), encoding="utf-8", errors="replace") as log:
            return log.read()

    def until(self, what, holds):
        """Waits until `holds` gives something, as long as all children live."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for child in self.children:
                if child.poll() is not None:
                    raise Failed(f"{child.name} ended with {child.returncode}")
            found = holds()
            if found:
                return found
            time.sleep(0.02)
        raise Failed(f"no {what} within {PATIENCE} s")

    def until_answers(self, port):
        """Waits for an HTTP answer, of whatever status."""
        def answers():
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            except urllib.error.HTTPError:
                pass
            except OSError:
                return False
            return True
        self.until(f"answer on port {port}", answers)

    def stop_children(self):
        for child in self.children:
            child.kill()
        for child in self.children:
            child.wait()
        self.children = []

    def log_ends(self):
        ends = []
        for name in sorted(os.listdir(self.folder)):
            if name.endswith(".log"):
                with open(os.path.join(self.folder, name), encoding="utf-8", errors="replace") as log:
                    ends += [f"{name}: {line}" for line in log.read().splitlines()[-8:]]
        return "\n".join(ends)

    def end(self, status):
        self.stop_children()
        shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(status)


def remove_leftovers(home):
    for name in os.listdir(home):
        try:
            os.kill(int(name), 0)
        except ProcessLookupError:
            shutil.rmtree(os.path.join(home, name), ignore_errors=True)
        except (ValueError, PermissionError):
            pass


def free_ports(count):
    """Ports that nobody listens on, below those that the kernel hands out: nobody gets them by chance before they are used."""
    sockets, ports = [], []
    while len(ports) < count:
        port = random.randrange(10_000, 30_000)
        listener = socket.socket()
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            continue
        sockets.append(listener)
        ports.append(port)
    for listener in sockets:
        listener.close()
    return ports
