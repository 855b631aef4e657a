#!/usr/bin/env python3
"""How fast pypgstac and a bare COPY put STAC items into PostgreSQL, for Weir's registration to be measured by.

    .venv/bin/python Benchmarks/peers/stac_load.py make FOLDER [--items 10000]       items.ndjson and collection.json
    .venv/bin/python Benchmarks/peers/stac_load.py measure FOLDER --pg-url URL [--repeats 3]

`make` writes the same bytes for the same number: items like MapSPAM's, of 1.7 KB, valid, hrefs absolute, one collection. `measure`
prints one JSON object a line, medians of the repeats, each in a database of its own:

    {"peer": "pypgstac", "settings": "load items --method upsert", "items", "seconds", "items_per_s", "cpu_ms_per_item", ...}
    {"peer": "raw copy", "settings": "jsonb column, no index", ...}

pypgstac's clock runs inside its process, from the first byte read to the last commit: Python's start is not counted against it.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import psycopg

from meter import CPU, fresh_database

CROPS = "WHEA RICE MAIZ BARL MILL SORG POTA SWPO YAMS CASS BEAN CHIC COWP PIGE LENT SOYB GROU CNUT OILP SUNF".split()
GLOBE = [[[-180.0, -90.0], [180.0, -90.0], [180.0, 90.0], [-180.0, 90.0], [-180.0, -90.0]]]


def item(number):
    year, rest = 2024 - number // 2000, number % 2000
    identity = f"spam{year}_{CROPS[rest % 20]}_{rest // 20:03}"
    share = (number * 7919 % 10007) / 10007   # spread over 0 to 1, the same every time
    return {
        "type": "Feature", "stac_version": "1.1.0", "id": identity, "collection": "mapspam-10k",
        "stac_extensions": ["https://stac-extensions.github.io/projection/v2.0.0/schema.json",
                            "https://stac-extensions.github.io/raster/v2.0.0/schema.json"],
        "geometry": {"type": "Polygon", "coordinates": GLOBE}, "bbox": [-180.0, -90.0, 180.0, 90.0],
        "properties": {
            "datetime": f"{year}-01-01T00:00:00Z", "start_datetime": f"{year}-01-01T00:00:00Z", "end_datetime": f"{year}-12-31T23:59:59Z",
            "title": f"Crop statistics {year} {identity}", "created": "2026-01-05T12:00:00Z", "proj:code": "EPSG:4326",
            "proj:bbox": [-180.0, -90.0, 180.0, 90.0], "proj:shape": [2160, 4320],
            "proj:transform": [0.08333333333333333, 0.0, -180.0, 0.0, -0.08333333333333333, 90.0],
            "mapspam:crop": CROPS[rest % 20], "mapspam:variable": "production", "mapspam:technology": "all", "mapspam:unit": "t"},
        "links": [{"rel": "collection", "href": "https://silver.example.net/mapspam/collection.json", "type": "application/json"}],
        "assets": {name: {
            "href": f"https://silver.example.net/mapspam/{identity}{suffix}.tif", "title": name,
            "type": "image/tiff; application=geotiff; profile=cloud-optimized", "roles": [role], "bands": [{
                "name": name, "data_type": "float32", "nodata": -1, "raster:sampling": "area", "statistics": {
                    "minimum": 0.0, "maximum": round(share * 1e5, 4), "mean": round(share * 2700.0, 4), "stddev": round(share * 9e3, 4),
                    "valid_percent": round(share * 30, 3)}}]} for name, suffix, role in (("data", "", "data"), ("quicklook", "_q", "overview"))},
    }


def make(folder, count):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "items.ndjson"), "w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps(item(number), separators=(",", ":")) + "\n")
    with open(os.path.join(folder, "collection.json"), "w", encoding="utf-8") as file:
        json.dump({
            "type": "Collection", "stac_version": "1.1.0", "id": "mapspam-10k", "description": "Made-up items.", "license": "CC0-1.0",
            "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [["2000-01-01T00:00:00Z", None]]}},
            "links": []}, file)
        file.write("\n")


def pypgstac_process(url, path):
    """A process that says it is ready, loads when told to, and says how long that took."""
    from pypgstac.db import PgstacDB
    from pypgstac.load import Loader, Methods
    loader = Loader(PgstacDB(url))
    loader.check_version()
    print("ready", flush=True)
    sys.stdin.readline()
    start = time.monotonic()
    loader.load_items(path, insert_mode=Methods.upsert)
    print(time.monotonic() - start, flush=True)
    sys.stdin.readline()   # alive until its CPU has been read


def measure_pypgstac(server_url, folder):
    with fresh_database(server_url, "pypgstac") as url:
        tool = [sys.executable, "-m", "pypgstac.pypgstac"]
        for command in (["migrate"], ["load", "collections", os.path.join(folder, "collection.json"), "--method", "upsert"]):
            subprocess.run([*tool, *command, "--dsn", url], check=True, stdout=subprocess.DEVNULL)
        command = [sys.executable, __file__, "pypgstac", folder, "--pg-url", url]
        with psycopg.connect(url, autocommit=True) as connection, \
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "ready\n", "pypgstac did not start"
            cpu = CPU(connection, [process])
            process.stdin.write("go\n")
            process.stdin.flush()
            seconds = float(process.stdout.readline())
            used = cpu.used()
            process.communicate("end\n")
            count = connection.execute("SELECT count(*) FROM pgstac.items").fetchone()[0]
        return seconds, used, count


def measure_raw_copy(server_url, folder):
    with open(os.path.join(folder, "items.ndjson"), "rb") as file:
        lines = file.read()
    with fresh_database(server_url, "raw_copy") as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE items (content jsonb NOT NULL)")
        cpu = CPU(connection, [])
        start = time.monotonic()
        # Quote and delimiter are letters that JSON does not have, so that no line needs an escape.
        with connection.cursor().copy("COPY items FROM STDIN (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')") as copy:
            copy.write(lines)
        seconds = time.monotonic() - start
        return seconds, cpu.used(), connection.execute("SELECT count(*) FROM items").fetchone()[0]


def measure(server_url, folder, repeats):
    with open(os.path.join(folder, "items.ndjson"), "rb") as file:
        items = sum(1 for _ in file)
    for name, settings, way in (("pypgstac", "load items --method upsert", measure_pypgstac), ("raw copy", "jsonb column, no index", measure_raw_copy)):
        runs = []
        for _ in range(repeats):
            seconds, used, count = way(server_url, folder)
            assert count == items, f"{name}: {count} of {items} items are there"
            runs.append({"seconds": seconds, "items_per_s": items / seconds, "cpu_ms_per_item": sum(used.values()) / items,
                         "postgres_cpu_ms_per_item": used["postgres"] / items})
        medians = {key: round(statistics.median(run[key] for run in runs), 4) for key in runs[0]}
        print(json.dumps({"peer": name, "settings": settings, "work": "stac items", "items": items, **medians, "runs": repeats}), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=["make", "measure", "pypgstac"], metavar="make | measure")
    options.add_argument("folder")
    options.add_argument("--items", type=int, default=10_000)
    options.add_argument("--pg-url")
    options.add_argument("--repeats", type=int, default=3)
    given = options.parse_args()
    if given.what == "make":
        make(given.folder, given.items)
    elif not given.pg_url:
        options.error("--pg-url is missing: the server to measure on, as postgresql://user@/postgres?host=/folder")
    elif given.what == "measure":
        measure(given.pg_url, given.folder, given.repeats)
    else:
        pypgstac_process(given.pg_url, os.path.join(given.folder, "items.ndjson"))


if __name__ == "__main__":
    main()
