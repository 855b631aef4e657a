#!/usr/bin/env python3
"""Compares a collection as a default stac-fastapi-pgstac serves it with the folder that it came from.

    .venv/bin/python Tests/SystemTests/stac_compare.py --pg-url URL --source FOLDER --collection ID --target-prefix PREFIX
                                                       [--without ID]... [--expected FILE]

Starts stac-fastapi-pgstac on loopback with the database of URL (a Unix socket will do: ?host=/folder), reads every page of
items, and compares each item, asset by asset, with its sidecar: every field is what it was, each href of an asset is PREFIX
and the asset's path in FOLDER. `--without` names an item that must not be there;
`--expected` a file of Setup/planted_defects.py, whose items alone must be there. Exit code 0: all equal; 1: differences, one
a line; 2: the server did not start.

Two things may differ, as STAC's readers demand: links that an API makes itself are not compared, and `"datetime": null`
may have become the item's start_datetime.
"""
import argparse
import json
import os
import posixpath
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, quote, unquote, urlsplit

MADE_BY_THE_API = {"self", "root", "parent", "collection", "items", "item", "child", "http://www.opengis.net/def/rel/ogc/1.0/queryables"}


class Differences:
    def __init__(self):
        self.found = []

    def add(self, place, what):
        self.found.append(f"{place}: {what}")

    def compare(self, place, expected, given):
        """Values are compared by meaning: 10 is 10.0, members have no order, true is not 1."""
        if isinstance(expected, dict) and isinstance(given, dict):
            for key in expected.keys() - given.keys():
                self.add(f"{place}.{key}", f"missing, expected {shortened(expected[key])}")
            for key in given.keys() - expected.keys():
                self.add(f"{place}.{key}", f"not expected, given {shortened(given[key])}")
            for key in expected.keys() & given.keys():
                self.compare(f"{place}.{key}", expected[key], given[key])
        elif isinstance(expected, list) and isinstance(given, list) and len(expected) == len(given):
            for index, (one, other) in enumerate(zip(expected, given)):
                self.compare(f"{place}[{index}]", one, other)
        elif isinstance(expected, bool) is not isinstance(given, bool) or expected != given:
            self.add(place, f"expected {shortened(expected)}, given {shortened(given)}")


def shortened(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 120 else text[:117] + "..."


class Source:
    """A container as a folder: documents by path, hrefs resolved to paths."""

    def __init__(self, folder):
        self.folder = folder

    def document(self, path):
        with open(os.path.join(self.folder, path), encoding="utf-8") as file:
            return json.load(file)

    @staticmethod
    def resolve(href, base):
        """The path of the container that `href` of the document `base` names; None if it names something else."""
        if urlsplit(href).scheme:
            return None
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(base), unquote(href)))
        return path.lstrip("/")

    def items(self):
        """Every item that links lead to, by id, with the path of its sidecar; what cannot be read is left out."""
        found, seen, waiting = {}, set(), ["collection.json"]
        while waiting:
            path = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            for link in self.document(path)["links"]:
                target = self.resolve(link.get("href", ""), path) if link.get("rel") in ("item", "child") else None
                if target is None or not os.path.isfile(os.path.join(self.folder, target)):
                    continue
                if link["rel"] == "child":
                    waiting.append(target)
                    continue
                try:
                    item = self.document(target)
                    found.setdefault(item["id"], (item, target))
                except (ValueError, KeyError, TypeError, RecursionError):
                    continue
        return found


class Server:
    """stac-fastapi-pgstac with its defaults, on a free port of loopback, for as long as the `with` lasts."""

    def __init__(self, pg_url):
        parts = urlsplit(pg_url)
        host = parse_qs(parts.query).get("host", [unquote(parts.hostname or "127.0.0.1")])[0]
        self.environment = dict(
            os.environ, PGUSER=unquote(parts.username or "postgres"), PGPASSWORD=unquote(parts.password or "none"),
            # It becomes part of a URL again, in which a socket's folder must be one word.
            PGHOST=quote(host, safe=""), PGPORT=str(parse_qs(parts.query).get("port", [parts.port or 5432])[0]),
            PGDATABASE=parts.path.lstrip("/") or "postgres", PYTHONDONTWRITEBYTECODE="1")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.root = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "--factory", "stac_fastapi.pgstac.app:create_app", "--host", "127.0.0.1",
             "--port", str(self.port), "--log-level", "warning"],
            env=self.environment, cwd=tempfile.gettempdir(), stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 60
        while True:
            try:
                self.get(f"{self.root}/_mgmt/ping")
                return self
            except (urllib.error.URLError, ConnectionError) as error:
                if self.process.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
                self.__exit__()
                self.log.seek(0)
                print(f"stac-fastapi-pgstac did not start ({error}); it said:\n{self.log.read().decode(errors='replace')}")
                sys.exit(2)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def get(self, url):
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.load(answer)

    def items(self, collection):
        """Every item of the collection, page by page."""
        url = f"{self.root}/collections/{quote(collection, safe='')}/items?limit=50"
        while url:
            page = self.get(url)
            yield from page["features"]
            url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)


def mapped(href, base, prefix):
    """What has become of an href: a path of the container is now below `prefix`; what names another place is as it was."""
    path = Source.resolve(href, base)
    return href if path is None else f"{prefix.rstrip('/')}/{path}"


def compare_hrefs(differences, place, expected, given):
    if not isinstance(given, str) or unquote(expected) != unquote(given):
        differences.add(place, f"expected {expected}, given {given}")


def compare_links(differences, place, source, base, prefix, given):
    """Links that no API makes are there and lead to where they led; those that it makes are there."""
    served = {(link["rel"], unquote(link["href"])) for link in given}
    for link in source:
        if link["rel"] in MADE_BY_THE_API:
            continue
        href = mapped(link["href"], base, prefix)
        if (link["rel"], unquote(href)) not in served:
            differences.add(place, f"no link {link['rel']} to {href}")
    for rel in ("self", "parent", "root"):
        if not any(link["rel"] == rel for link in given):
            differences.add(place, f"no link {rel}")


def compare_assets(differences, place, source, base, prefix, given):
    for key in source.keys() | given.keys():
        if key not in source or key not in given:
            differences.add(f"{place}.{key}", "missing" if key in source else "not expected")
            continue
        compare_hrefs(differences, f"{place}.{key}.href", mapped(source[key]["href"], base, prefix), given[key].get("href"))
        differences.compare(f"{place}.{key}", without(source[key], "href"), without(given[key], "href"))


def compare_item(differences, source, sidecar, prefix, given):
    place = source["id"]
    compare_assets(differences, f"{place}.assets", source["assets"], sidecar, prefix, given.get("assets", {}))
    compare_links(differences, f"{place}.links", source["links"], sidecar, prefix, given.get("links", []))
    properties = dict(source["properties"])
    when = given.get("properties", {}).get("datetime")
    if properties["datetime"] is None and when is not None and when == properties.get("start_datetime"):
        properties["datetime"] = when
    differences.compare(f"{place}.properties", properties, given.get("properties"))
    differences.compare(place, without(source, "assets", "links", "properties"), without(given, "assets", "links", "properties"))


def compare_collection(differences, source, prefix, given):
    compare_links(differences, "collection.links", source["links"], "collection.json", prefix, given["links"])
    if "assets" in source:
        compare_assets(differences, "collection.assets", source["assets"], "collection.json", prefix, given.get("assets", {}))
    # The extent is that of the items and computed anew; the API adds conformsTo and the like.
    for key in source.keys() - {"links", "assets", "extent"}:
        differences.compare(f"collection.{key}", source[key], given.get(key))


def without(members, *names):
    return {key: value for key, value in members.items() if key not in names}


def flat(box):
    """West, south, east, north of a box that may have heights."""
    return box if len(box) == 4 else box[:2] + box[3:5]


def compare_extent(differences, extent, items):
    west, south, east, north = flat(extent["spatial"]["bbox"][0])
    begin, end = extent["temporal"]["interval"][0]
    for item in items:
        box = flat(item["bbox"])
        if box[0] < west or box[1] < south or box[2] > east or box[3] > north:
            differences.add("collection.extent.spatial", f"does not hold {item['id']} with {box}")
        times = item["properties"]
        first, last = times.get("start_datetime") or times["datetime"], times.get("end_datetime") or times["datetime"]
        # The first 19 letters are the seconds; the API may write the zone in another way.
        if begin is not None and first[:19] < begin[:19] or end is not None and last[:19] > end[:19]:
            differences.add("collection.extent.temporal", f"does not hold {item['id']} with {first} to {last}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pg-url", required=True)
    options.add_argument("--source", required=True)
    options.add_argument("--collection", required=True)
    options.add_argument("--target-prefix", required=True)
    options.add_argument("--without", action="append", default=[])
    options.add_argument("--expected")
    given = options.parse_args()

    source = Source(given.source)
    expected = {key: value for key, value in source.items().items() if key not in given.without}
    if given.expected:
        with open(given.expected, encoding="utf-8") as file:
            expected = {item["id"]: (source.document(item["sidecar"]), item["sidecar"]) for item in json.load(file)["items"]}
    differences = Differences()
    with Server(given.pg_url) as server:
        try:
            collection = server.get(f"{server.root}/collections/{quote(given.collection, safe='')}")
        except urllib.error.HTTPError as error:
            print(f"collection {given.collection}: the API answers {error.code}: {error.read().decode(errors='replace')[:300]}")
            sys.exit(1)
        served = list(server.items(given.collection))

    compare_collection(differences, source.document("collection.json"), given.target_prefix, collection)
    compare_extent(differences, collection["extent"], [item for item, _ in expected.values()])
    by_id = {item["id"]: item for item in served}
    if len(by_id) != len(served):
        differences.add("items", f"{len(served)} are served, with {len(by_id)} ids")
    for identity in sorted(by_id.keys() - expected.keys()):
        differences.add(identity, "is served and should not be")
    for identity, (item, sidecar) in sorted(expected.items()):
        if identity not in by_id:
            differences.add(identity, "is not served")
        else:
            compare_item(differences, item, sidecar, given.target_prefix, by_id[identity])

    for line in differences.found:
        print(line)
    assets = sum(len(item["assets"]) for item, _ in expected.values())
    print(f"{len(served)} items served, {len(expected)} with {assets} assets compared, {len(differences.found)} differences")
    sys.exit(1 if differences.found else 0)


if __name__ == "__main__":
    main()
