"""`rclone serve s3` over a folder: the sloppy peer. It answers 200 to a part copy of which it keeps no byte."""
import os
import re
import sys

from accounts import ACCOUNTS

ADDRESS = re.compile(r"server on \[?http://127\.0\.0\.1:(\d+)/")


def start(keeper):
    data = os.path.join(keeper.folder, "data")
    os.makedirs(data)
    keys = [part for key, secret in ACCOUNTS.values() for part in ("--auth-key", f"{key},{secret}")]
    keeper.spawn(
        "rclone", os.path.join(os.path.dirname(sys.executable), "rclone"), "serve", "s3", data, "--addr", "127.0.0.1:0",
        "--config", os.devnull, *keys)

    def port():
        with open(keeper.log("rclone"), encoding="utf-8", errors="replace") as log:
            found = ADDRESS.search(log.read())
        return int(found.group(1)) if found else None

    found = keeper.until("address in rclone's log", port)
    keeper.until_answers(found)
    return {"port": found}
