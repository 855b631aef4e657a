"""Starts one object server for the tests, says where it is, and ends it with whoever started us.

    start.py swift|ceph|rclone|azure < a pipe that stays open as long as the server is wanted

One line of JSON comes out once the server answers: {"port": ..}, Ceph's with its configuration, TLS port and authority, or {"error": ..} with the
end of its logs. When our input ends, be it because the process at its other end was killed, server and folder go. Should we be killed
ourselves, the kernel ends the server, and the next keeper removes the folder.
"""
import importlib
import json
import os
import signal
import sys
import threading

from keeper import Keeper


def main(kind):
    keeper = Keeper()

    def watch():
        os.set_blocking(0, True)
        while os.read(0, 4096):
            pass
        keeper.end(0)

    threading.Thread(target=watch, daemon=True).start()
    try:
        answer = importlib.import_module(kind + "_server").start(keeper)
    except Exception as problem:  # whatever it is, whoever waits for the server has to hear of it
        answer = {"error": f"{type(problem).__name__}: {problem}\n{keeper.log_ends()}"}
    print(json.dumps(answer), flush=True)
    if "error" in answer:
        keeper.end(1)
    while True:  # a server that dies early shows in the tests as a connection refused
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1])
