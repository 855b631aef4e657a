#!/usr/bin/env python3
"""A collection full of planted defects, and of odd things that are right, for the tests.

    planted_defects.py FOLDER    makes FOLDER/bronzedefects, FOLDER/outside.* and FOLDER/expected.json

Needs nothing but Python. The assets are a few bytes each, not rasters. `expected.json` says what an ingest must find:

    {"container": "bronzedefects", "collection": "defects",
     "items":   [{"id", "sidecar", "assets": {key: path in the container}}],      in order of id
     "rejects": [{"subject": id or, where no id can be read, the link's href, "path": the file or null, "reason": a part of it}],
     "files": N, "bytes": N}                                                      of the items' assets, each path once
"""
import hashlib
import json
import os
import shutil
import sys
from urllib.parse import quote

CONTAINER, COLLECTION = "bronzedefects", "defects"
POINT = {"type": "Point", "coordinates": [7.5, 46.25]}
ABSENT = object()


class Container:
    """Writes the files of the container and remembers what is to be expected of them."""

    def __init__(self, folder):
        self.folder = folder
        self.links, self.items, self.rejects = [], [], []
        self.sizes = {}

    def write(self, path, content):
        full = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content)

    def asset(self, path, size=None):
        """An asset of bytes that only this path has."""
        if size is None:
            size = 200 + len(path) * 7
        seed = hashlib.sha256(path.encode()).digest()
        self.write(path, (seed * (size // len(seed) + 1))[:size])
        self.sizes[path] = size

    def json(self, path, value):
        self.write(path, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())

    def good(self, identity, sidecar, href, assets, linked=True, **changes):
        """An item that must be ingested. `assets` has by key the href in the sidecar and the path that it names."""
        for _, path in assets.values():
            if path not in self.sizes:
                self.asset(path)
        self.json(sidecar, item(identity, {key: href for key, (href, _) in assets.items()}, **changes))
        self.items.append({"id": identity, "sidecar": sidecar, "assets": {key: path for key, (_, path) in assets.items()}})
        if linked:
            self.link(href)

    def bad(self, name, reason, subject=None, **changes):
        """An item that must be a reject: sound but for `changes`."""
        self.asset(f"{name}.tif")
        self.json(f"{name}.json", item(name, {"data": f"./{name}.tif"}, **changes))
        self.reject(subject or name, f"{name}.json", reason, f"./{name}.json")

    def reject(self, subject, path, reason, href=None):
        self.rejects.append({"subject": subject, "path": path, "reason": reason})
        if href:
            self.link(href)

    def link(self, href, rel="item"):
        self.links.append({"rel": rel, "href": href, "type": "application/json" if rel == "child" else "application/geo+json"})


def item(identity, hrefs, properties={}, stac_version="1.0.0", up="./collection.json", **changes):
    """A sound item, with members put in place or, where the value is ABSENT, taken out."""
    value = {
        "type": "Feature", "stac_version": stac_version, "stac_extensions": [], "id": identity, "collection": COLLECTION,
        "geometry": POINT, "bbox": [7.5, 46.25, 7.5, 46.25],
        "properties": properties if properties is ABSENT else without_absent({"datetime": "2024-05-01T10:00:00Z", **properties}),
        "links": [{"rel": "collection", "href": up, "type": "application/json"}],
        "assets": {key: {"href": href, "type": "image/tiff; application=geotiff", "roles": ["data"]} for key, href in hrefs.items()},
    }
    value.update(changes)
    return without_absent(value)


def without_absent(members):
    return {key: member for key, member in members.items() if member is not ABSENT}


def catalog(identity, links):
    return {"type": "Catalog", "stac_version": "1.1.0", "id": identity, "description": "A catalog inside the collection.",
            "links": [{"rel": rel, "href": href, "type": "application/json"} for rel, href in links]}


def plant_what_is_right(c):
    c.good("plain", "plain.json", "./plain.json", {"data": ("./plain.tif", "plain.tif")})
    c.good("without-dot", "without-dot.json", "without-dot.json", {"data": ("without-dot.tif", "without-dot.tif")})
    c.good("version-1.1", "version-1.1.json", "./version-1.1.json", {"data": ("./version-1.1.tif", "version-1.1.tif")},
           stac_version="1.1.0")
    c.good("percent", "with space/percent.json", "./with%20space/percent.json",
           {"data": ("./data%20%231.tif", "with space/data #1.tif"), "plus": ("./a+b&c.tif", "with space/a+b&c.tif")},
           up="../collection.json")
    c.good("unicode", "größe/東京.json", "./" + quote("größe/東京.json"),
           {"raw": ("./東京.tif", "größe/東京.tif"), "encoded": ("./" + quote("größe.tif"), "größe/größe.tif")}, up="../collection.json")
    c.good("upward", "folder/upward.json", "./folder/inner/../upward.json", {"data": ("../shared/upward.tif", "shared/upward.tif")},
           up="../collection.json")
    c.good("absolute", "absolute/absolute.json", "/absolute/absolute.json", {"data": ("/absolute/absolute.tif", "absolute/absolute.tif")},
           up="/collection.json")
    c.good("shared-a", "shared-a.json", "./shared-a.json",
           {"data": ("./shared-a.tif", "shared-a.tif"), "legend": ("./shared/legend.tif", "shared/legend.tif")})
    c.good("shared-b", "shared-b.json", "./shared-b.json",
           {"data": ("./shared-b.tif", "shared-b.tif"), "legend": ("./shared/legend.tif", "shared/legend.tif")})
    c.asset("empty-asset.tif", 0)
    c.good("empty-asset", "empty-asset.json", "./empty-asset.json", {"data": ("./empty-asset.tif", "empty-asset.tif")})
    c.good("thirteen-assets", "thirteen-assets.json", "./thirteen-assets.json",
           {f"B{n:02}": (f"./bands/B{n:02}.tif", f"bands/B{n:02}.tif") for n in range(1, 14)})
    c.good("period", "period.json", "./period.json", {"data": ("./period.tif", "period.tif")},
           properties={"datetime": None, "start_datetime": "2020-01-01T00:00:00Z", "end_datetime": "2020-12-31T23:59:59Z"})
    c.good("numbers", "numbers.json", "./numbers.json", {"data": ("./numbers.tif", "numbers.tif")},
           properties={"test:ten": 10.0, "test:short": 0.49, "test:big": 9007199254740993, "test:small": 1.5e-300, "test:negative": -0.0})
    c.good("two-parents", "two-parents.json", "./two-parents.json", {"data": ("./two-parents.tif", "two-parents.tif")})
    c.good("nested", "nested/nested.json", "", {"data": ("./nested.tif", "nested/nested.tif")}, linked=False, up="../collection.json")
    c.good("from-below", "from-below.json", "", {"data": ("./from-below.tif", "from-below.tif")}, linked=False)
    c.good("deep", "nested/deep/deep.json", "", {"data": ("../../shared/deep.tif", "shared/deep.tif")}, linked=False,
           up="../../collection.json")
    # The deeper catalog names its parent as a child: a ring, which must end.
    c.json("nested/catalog.json", catalog("nested", [
        ("root", "../collection.json"), ("item", "./nested.json"), ("item", "../two-parents.json"), ("child", "./deep/catalog.json")]))
    c.json("nested/deep/catalog.json", catalog("deep", [
        ("root", "../../collection.json"), ("item", "./deep.json"), ("item", "../../from-below.json"), ("child", "../catalog.json")]))
    c.link("./nested/catalog.json", "child")


def plant_links_that_lead_nowhere(c):
    leaves = "leaves the container"
    for href in ("../outside.json", "./nested/../../outside.json", "/../outside.json", "%2e%2e/outside.json",
                 "https://example.com/outside.json", "file:///etc/hostname"):
        c.reject(href, None, leaves, href)
    c.reject("./missing.json", "missing.json", "does not exist", "./missing.json")
    c.link("./nested/missing-catalog.json", "child")
    c.reject("./nested/missing-catalog.json", "nested/missing-catalog.json", "does not exist")
    # A way that leaves and comes back has left.
    c.asset("up-and-back.tif")
    c.json("up-and-back.json", item("up-and-back", {"data": "./up-and-back.tif"}))
    c.reject(f"../{CONTAINER}/up-and-back.json", None, leaves, f"../{CONTAINER}/up-and-back.json")
    # The sidecar is sound; the asset is not where it says.
    for name, href, reason in (
            ("asset-missing", "./not-there.tif", "does not exist"), ("asset-outside", "../outside.tif", leaves),
            ("asset-far-outside", "/../../etc/hostname", leaves)):
        c.json(f"{name}.json", item(name, {"data": href}))
        c.reject(name, f"{name}.json", reason, f"./{name}.json")


def plant_what_is_no_item(c):
    whole = json.dumps(item("x", {})).encode()
    for name, content, reason in (
            ("cut-off", whole[: len(whole) // 2], "JSON"), ("no-bytes", b"", "JSON"), ("two-values", whole + whole, "JSON"),
            ("not-utf8", whole.replace(b'"x"', b'"\xff\xfe"'), "UTF-8"), ("key-twice", b'{"type": "Feature", "type": "Feature"}', "type"),
            ("an-array", b"[1, 2]\n", "object"), ("too-deep", b"[" * 5000 + b"]" * 5000, "deep")):
        c.write(f"{name}.json", content)
        c.reject(f"./{name}.json", f"{name}.json", reason, f"./{name}.json")


def plant_items_that_are_not_valid(c):
    def href(name):
        return f"./{name}.json"

    c.bad("type-wrong", "type", type="Collection")
    c.bad("type-absent", "type", type=ABSENT)
    c.bad("version-absent", "stac_version", stac_version=ABSENT)
    c.bad("version-old", "stac_version", stac_version="0.6.0")
    c.bad("id-absent", "id", subject=href("id-absent"), id=ABSENT)
    c.bad("id-empty", "id", subject=href("id-empty"), id="")
    c.bad("id-number", "id", subject=href("id-number"), id=7)
    c.bad("geometry-absent", "geometry", geometry=ABSENT)
    c.bad("geometry-wrong", "geometry", geometry={"type": "Point", "coordinates": ["east", "north"]})
    c.bad("geometry-null", "geometry", geometry=None, bbox=ABSENT)
    c.bad("bbox-absent", "bbox", bbox=ABSENT)
    c.bad("bbox-short", "bbox", bbox=[7.5, 46.25, 7.5])
    c.bad("properties-absent", "properties", properties=ABSENT)
    c.bad("datetime-absent", "datetime", properties={"datetime": ABSENT})
    c.bad("datetime-null", "start_datetime", properties={"datetime": None})
    c.bad("datetime-wrong", "datetime", properties={"datetime": "yesterday"})
    c.bad("datetime-backwards", "start_datetime", properties={
        "datetime": None, "start_datetime": "2021-01-01T00:00:00Z", "end_datetime": "2020-01-01T00:00:00Z"})
    c.bad("links-absent", "links", links=ABSENT)
    c.bad("assets-absent", "assets", assets=ABSENT)
    c.bad("assets-array", "assets", assets=[{"href": "./assets-array.tif"}])
    c.bad("asset-without-href", "href", assets={"data": {"type": "image/tiff"}})
    c.bad("collection-other", "collection", collection="another")


def plant_two_items_with_one_id(c):
    """The first in the order of the links stays; the second is the reject."""
    c.good("twin", "twin-a.json", "./twin-a.json", {"data": ("./twin-a.tif", "twin-a.tif")})
    c.asset("twin-b.tif")
    c.json("twin-b.json", item("twin", {"data": "./twin-b.tif"}))
    c.reject("twin", "twin-b.json", "twin-a.json", "./twin-b.json")


def collection(links):
    return {
        "type": "Collection", "stac_version": "1.0.0", "stac_extensions": [], "id": COLLECTION, "title": "Planted defects",
        "description": "Items that are right in odd ways, and items that are wrong.", "license": "CC0-1.0", "keywords": ["test", "water"],
        "extent": {"spatial": {"bbox": [[7.5, 46.25, 7.5, 46.25]]}, "temporal": {"interval": [["2020-01-01T00:00:00Z", "2024-05-01T10:00:00Z"]]}},
        "links": [{"rel": "root", "href": "./collection.json", "type": "application/json"}] + links,
    }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    shutil.rmtree(os.path.join(folder, CONTAINER), ignore_errors=True)
    c = Container(os.path.join(folder, CONTAINER))
    plant_what_is_right(c)
    plant_links_that_lead_nowhere(c)
    plant_what_is_no_item(c)
    plant_items_that_are_not_valid(c)
    plant_two_items_with_one_id(c)
    c.json("collection.json", collection(c.links))
    # What the links that leave would find: a sound item and its asset, so that a reject is a refusal and not a miss.
    outside = Container(folder)
    outside.json("outside.json", item("outside", {"data": "./outside.tif"}))
    outside.asset("outside.tif")
    paths = {path for i in c.items for path in i["assets"].values()}
    outside.json("expected.json", {
        "container": CONTAINER, "collection": COLLECTION, "items": sorted(c.items, key=lambda i: i["id"]), "rejects": c.rejects,
        "files": len(paths), "bytes": sum(c.sizes[path] for path in paths)})


if __name__ == "__main__":
    main()
