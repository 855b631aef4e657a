"""Ceph's S3 gateway over one monitor and one object store in memory, from the Debian packages ceph-mon, ceph-osd, radosgw.

S3's second opinion: checks signatures as AWS does, creates atomically, and is quick enough for bulk. No ceph-mgr: nothing here needs it.
"""
import os
import uuid

import authority
from accounts import ACCOUNTS
from keeper import Failed, free_ports

CONFIGURATION = """[global]
fsid = {fsid}
mon host = {monitor}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = {folder}/keyring
run dir = {folder}/run
admin socket =
log file =
log to stderr = true
err to stderr = true
mon cluster log file =
crash dir = {folder}/run
mon data = {folder}/mon
osd data = {folder}/osd
rgw data = {folder}/rgw
osd objectstore = memstore
memstore device bytes = {bytes}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd crush update on start = false
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 1
paxos propose interval = 0.1
paxos min wait = 0.01
rgw dns name = localhost
rgw dynamic resharding = false
rgw frontends = beast endpoint=127.0.0.1:{port} ssl_endpoint=127.0.0.1:{tls} ssl_certificate={certificate} ssl_private_key={key}
"""


def start(keeper):
    problem = None
    for _ in range(3):  # somebody may take a port between our look and Ceph's
        try:
            return attempt(keeper)
        except Failed as failure:
            problem = failure
            keeper.stop_children()
    raise problem


def attempt(keeper):
    folder = os.path.join(keeper.folder, uuid.uuid4().hex[:8])
    for name in ("mon", "osd", "rgw", "run"):
        os.makedirs(os.path.join(folder, name))
    port, tls, first, second = free_ports(4)
    trusted, certificate, key = authority.make(folder)
    fsid, disk = str(uuid.uuid4()), str(uuid.uuid4())
    monitor = f"[v2:127.0.0.1:{first},v1:127.0.0.1:{second}]"
    # The gateway's objects are in this process's memory: the benchmark of copies has 2.5 GB of them at a time.
    size = int(os.environ.get("WEIR_TEST_CEPH_BYTES", 4 << 30))
    configuration, keyring = os.path.join(folder, "ceph.conf"), os.path.join(folder, "keyring")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(
            fsid=fsid, monitor=monitor, folder=folder, bytes=size, port=port, tls=tls, certificate=certificate, key=key))
    os.environ["CEPH_CONF"] = configuration
    open(keyring, "w", encoding="utf-8").close()
    # With `auth = none` the gateway hangs.
    for name in ("mon.", "client.admin", "osd.0"):
        keeper.run("keys", "ceph-authtool", keyring, "-n", name, "--gen-key", "--cap", "mon", "allow *", "--cap", "osd", "allow *")
    map_file = os.path.join(folder, "monmap")
    keeper.run("map", "monmaptool", "--create", "--fsid", fsid, "--addv", "a", monitor, map_file)
    keeper.run("mkfs", "ceph-mon", "-i", "a", "--mkfs", "--monmap", map_file, "--keyring", keyring)
    keeper.spawn("monitor", "ceph-mon", "-f", "-i", "a")
    keeper.run("ceph", "ceph", "--connect-timeout", "60", "osd", "new", disk, "0")
    keeper.run("ceph", "ceph", "--connect-timeout", "60", "osd", "crush", "add", "osd.0", "1", "root=default")
    # With another uuid than the monitor knows the store stays "booting" for ever.
    keeper.run("mkfs", "ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk)
    keeper.spawn("store", "ceph-osd", "-f", "-i", "0")
    for name, (key, secret) in ACCOUNTS.items():
        keeper.run(
            "users", "radosgw-admin", "user", "create", "--uid", name, "--display-name", name, "--access-key", key, "--secret-key", secret)
    keeper.spawn("gateway", "radosgw", "-f", "-n", "client.admin")
    keeper.until_answers(port)
    return {"port": port, "configuration": configuration, "tls_port": tls, "authority": trusted}
