"""OpenStack Swift with its S3 interface, all four of its servers in one process, objects in memory.

The strictest of the S3 servers: signatures, payload hashes, checksums, aws-chunked bodies, regions, accounts. Run as a program it is
that process: it binds ports of the kernel's choice first, writes Swift's configuration for them, and prints the proxy's.
"""
import os
import sys
import time
import types

from accounts import ACCOUNTS

PARTS = ("proxy", "object", "container", "account")
FILTERS = "catch_errors gatekeeper cache listing_formats bulk s3api keys tempauth copy slo dlo versioned_writes symlink".split()
OPTIONS = {
    "s3api": "location = us-east-1\nstorage_domain = localhost\nmax_upload_part_num = 10000\ncheck_bucket_owner = true\n",
    "tempauth": "".join(f"user_{name}_{name} = {secret} .admin\n" for name, (_, secret) in ACCOUNTS.items()),
    "slo": "max_manifest_segments = 10000\nrate_limit_after_segment = 10000\n",
    "versioned_writes": "allow_object_versioning = true\n",
}


def start(keeper):
    keeper.spawn("swift", sys.executable, "-W", "ignore", os.path.abspath(__file__), keeper.folder, TZ="UTC+0")

    def port():
        with open(keeper.log("swift"), encoding="utf-8", errors="replace") as log:
            ready = [line for line in log if line.startswith("ready ")]
        return int(ready[0].split()[1]) if ready else None

    found = keeper.until("ready line from Swift", port)
    keeper.until_answers(found)
    return {"port": found}


class Memo(dict):
    """Stands in for memcached."""

    def __bool__(self):
        return True

    def get(self, key, *_, **__):
        value = dict.get(self, key)
        return value[0] if value and value[1] > time.time() else None

    def set(self, key, value, *_, **options):
        self[key] = (value, time.time() + (options.get("time") or 1e9))

    def incr(self, key, delta=1, time=0):
        value = max(0, int(self.get(key) or 0) + delta)
        self.set(key, value, time=time)
        return value

    def decr(self, key, delta=1, time=0):
        return self.incr(key, -delta, time)

    def delete(self, key, *_, **__):
        self.pop(key, None)


def cache_filter(app, memo=Memo()):
    def call(environment, respond):
        environment["swift.cache"] = memo
        return app(environment, respond)
    return call


def keys_filter(app):
    """An AWS key id becomes a user of tempauth, whose names hold a colon."""
    users = {key: f"{name}:{name}" for name, (key, _) in ACCOUNTS.items()}

    def call(environment, respond):
        details = environment.get("s3api.auth_details") or {}
        key = details.get("access_key")
        if key in users:
            environment["PATH_INFO"] = environment["PATH_INFO"].replace(key, users[key], 1)
            details["access_key"] = users[key]
        return app(environment, respond)
    return call


def configure(folder):
    def put(name, text):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    common = (
        f"[DEFAULT]\nswift_dir = {folder}\ndevices = {folder}/devices\nmount_check = false\nlog_level = ERROR\n"
        f"log_address = {folder}/none\nfallocate_reserve = 0\ndisable_fallocate = true\n")
    put("swift.conf", "[swift-hash]\nswift_hash_path_prefix = weir\nswift_hash_path_suffix = weir\n")
    for part, egg in (("account", "account"), ("container", "container"), ("object", "mem_object")):
        put(part + ".conf", f"{common}[pipeline:main]\npipeline = {part}-server\n[app:{part}-server]\nuse = egg:swift#{egg}\n")
    proxy = f"{common}[pipeline:main]\npipeline = {' '.join(FILTERS)} proxy-server\n"
    proxy += "[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n"
    for name in FILTERS:
        own = name in ("cache", "keys")
        use = f"paste.filter_factory = weir_{name}:factory" if own else f"use = egg:swift#{name}"
        proxy += f"[filter:{name}]\n{use}\n{OPTIONS.get(name, '')}"
    put("proxy.conf", proxy)


def provide(name, make):
    """Paste finds filters by module: this makes one for ours."""
    module = types.ModuleType(name)
    module.factory = lambda _, **__: make
    sys.modules[name] = module


def serve(folder):
    import eventlet
    import eventlet.wsgi
    from swift.common import utils
    os.makedirs(os.path.join(folder, "devices", "d1"))
    configure(folder)
    provide("weir_cache", cache_filter)
    provide("weir_keys", keys_filter)
    utils.SWIFT_CONF_FILE = os.path.join(folder, "swift.conf")
    utils.eventlet_monkey_patch()
    eventlet.hubs.use_hub(utils.get_hub())
    utils.validate_hash_conf()
    from swift.common.ring import RingBuilder
    from swift.common.wsgi import SwiftHttpProtocol, loadapp
    listeners = {part: eventlet.listen(("127.0.0.1", 0)) for part in PARTS}
    ports = {part: listener.getsockname()[1] for part, listener in listeners.items()}
    for part in PARTS[1:]:
        ring = RingBuilder(4, 1, 0)
        ring.add_dev({
            "id": 0, "region": 1, "zone": 1, "weight": 1.0, "device": "d1", "meta": "", "ip": "127.0.0.1", "port": ports[part],
            "replication_ip": "127.0.0.1", "replication_port": ports[part]})
        ring.rebalance()
        ring.get_ring().save(os.path.join(folder, part + ".ring.gz"))

    def run(part):
        app = loadapp(os.path.join(folder, part + ".conf"), global_conf={"log_name": part})
        with open(os.devnull, "w", encoding="utf-8") as silence:
            eventlet.wsgi.server(
                listeners[part], app, silence, protocol=SwiftHttpProtocol, capitalize_response_headers=False, log_output=False)

    threads = [eventlet.spawn(run, part) for part in PARTS]
    print("ready", ports["proxy"], flush=True)
    for thread in threads:
        thread.wait()


if __name__ == "__main__":
    serve(sys.argv[1])
