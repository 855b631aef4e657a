#!/usr/bin/env python3
"""The demo's collection: crop rasters like MapSPAM's, as real COGs with STAC sidecars.

    demo_data.py FOLDER          makes FOLDER/bronzemapspam: 72 items, each with two COGs

The same bytes for the same GDAL. Needs Debian's python3-gdal and python3-numpy. What real collections do is in it:
items listed as ./ID.json, items in a catalog one folder down, links and assets that go up by ../, `datetime` null
beside a start and an end, and size and checksum of every asset by STAC's file extension.
"""
import hashlib
import json
import multiprocessing
import os
import shutil
import sys

import numpy
from osgeo import gdal, osr

WIDTH, HEIGHT, NODATA = 1080, 540, -1.0
YEAR, COLLECTION, CONTAINER = 2020, "mapspam", "bronzemapspam"
CROPS = {
    "WHEA": "Wheat", "RICE": "Rice", "MAIZ": "Maize", "BARL": "Barley", "SORG": "Sorghum", "CASS": "Cassava",
    "BEAN": "Beans", "SOYB": "Soybean", "GROU": "Groundnut", "COTT": "Cotton", "COCO": "Cocoa", "BANA": "Banana",
}
VARIABLES = {"P": ("production", "t", 900.0), "H": ("harvested area", "ha", 310.0)}
TECHNOLOGIES = {"A": ("all systems together", 1.0), "I": ("irrigated", 0.35), "R": ("rainfed", 0.65)}
BBOX = [-180.0, -90.0, 180.0, 90.0]
GLOBE = {"type": "Polygon", "coordinates": [[[-180.0, -90.0], [180.0, -90.0], [180.0, 90.0], [-180.0, 90.0], [-180.0, -90.0]]]}
COG = "image/tiff; application=geotiff; profile=cloud-optimized"
EXTENSIONS = [
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/raster/v2.0.0/schema.json",
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
]


class Item:
    """One crop, variable and technology, and where its files are inside the container."""

    def __init__(self, crop, variable, technology):
        self.crop, self.variable, self.technology = crop, variable, technology
        self.id = f"spam{YEAR}_v1r0_global_{variable}_{crop}_{technology}"
        # Irrigated crops have a catalog of their own, one folder down; their quicklooks lie beside it.
        self.folder = "irrigated" if technology == "I" else "."
        self.data = os.path.normpath(f"{self.folder}/{self.id}.tif")
        self.quicklook = f"quicklooks/{self.id}.tif" if technology == "I" else f"{self.id}_quicklook.tif"
        self.sidecar = os.path.normpath(f"{self.folder}/{self.id}.json")

    def href(self, path):
        """How the sidecar names a path of the container."""
        relative = os.path.relpath(path, self.folder)
        return relative if relative.startswith("../") else f"./{relative}"


def every_item():
    return [Item(c, v, t) for c in CROPS for v in VARIABLES for t in TECHNOLOGIES]


def field(item):
    """The item's raster: smooth patches where the crop grows, no data elsewhere; whole tenths, so that it packs well."""
    number = list(CROPS).index(item.crop)
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype("f4")
    latitude = 90.0 - (y + 0.5) * 180.0 / HEIGHT
    patches = (numpy.sin(x / (31 + number)) * numpy.cos(y / (19 + number % 5))
               + 0.6 * numpy.sin((x + 2 * y) / (67 + 3 * number)) + 0.3 * numpy.cos((3 * x - y) / (11 + number)))
    suits = patches - numpy.abs(latitude - 12.0 + 3 * number) / 60.0
    share = TECHNOLOGIES[item.technology][1]
    amount = numpy.round((suits - 0.45) * VARIABLES[item.variable][2] * share * 10.0) / 10.0
    return numpy.where(suits > 0.45, amount, NODATA).astype("f4")


def write_cog(path, array, kind, nodata, options):
    height, width = array.shape
    source = gdal.GetDriverByName("MEM").Create("", width, height, 1, kind)
    source.SetGeoTransform((-180.0, 360.0 / width, 0.0, 90.0, 0.0, -180.0 / height))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    source.SetProjection(reference.ExportToWkt())
    band = source.GetRasterBand(1)
    band.SetNoDataValue(nodata)
    band.WriteArray(array)
    gdal.GetDriverByName("COG").CreateCopy(
        path, source, options=["COMPRESS=DEFLATE", "BLOCKSIZE=256", "OVERVIEW_RESAMPLING=NEAREST", "NUM_THREADS=1"] + options)


def asset(container, item, path, title, role, shape, band):
    with open(f"{container}/{path}", "rb") as file:
        content = file.read()
    height, width = shape
    return {
        "href": item.href(path), "type": COG, "title": title, "roles": [role],
        "file:size": len(content),
        "file:checksum": "1220" + hashlib.sha256(content).hexdigest(),   # a multihash: SHA-256, 32 bytes
        "proj:shape": [height, width],
        "proj:transform": [360.0 / width, 0.0, -180.0, 0.0, -180.0 / height, 90.0],
        "bands": [band],
    }


def document(container, item, array):
    variable, unit, _ = VARIABLES[item.variable]
    technology = TECHNOLOGIES[item.technology][0]
    grown = array[array != NODATA].astype("f8")
    statistics = {
        "minimum": round(float(grown.min()), 1), "maximum": round(float(grown.max()), 1),
        "mean": round(float(grown.mean()), 4), "stddev": round(float(grown.std()), 4),
        "valid_percent": round(100.0 * grown.size / array.size, 3),
    }
    return {
        "type": "Feature", "stac_version": "1.1.0", "stac_extensions": EXTENSIONS, "id": item.id, "collection": COLLECTION,
        "geometry": GLOBE, "bbox": BBOX,
        "properties": {
            "datetime": None, "start_datetime": f"{YEAR}-01-01T00:00:00Z", "end_datetime": f"{YEAR}-12-31T23:59:59Z",
            "title": f"{CROPS[item.crop]}, {variable}, {technology}, {YEAR}", "created": "2026-01-05T12:00:00Z",
            "proj:code": "EPSG:4326",
            "mapspam:crop": item.crop, "mapspam:variable": variable, "mapspam:technology": technology, "mapspam:unit": unit,
        },
        "links": [
            {"rel": "root", "href": item.href("collection.json"), "type": "application/json"},
            {"rel": "collection", "href": item.href("collection.json"), "type": "application/json"},
            {"rel": "parent", "href": item.href("collection.json" if item.folder == "." else "irrigated/catalog.json"),
             "type": "application/json"},
            {"rel": "about", "href": "https://mapspam.info", "type": "text/html", "title": "The real MapSPAM"},
        ],
        "assets": {
            "data": asset(container, item, item.data, variable.capitalize(), "data", (HEIGHT, WIDTH), {
                "name": variable.replace(" ", "_"), "data_type": "float32", "nodata": NODATA, "unit": unit,
                "statistics": statistics, "raster:sampling": "area", "raster:scale": 1.0, "raster:offset": 0.0}),
            "quicklook": asset(container, item, item.quicklook, "Quicklook", "overview", (HEIGHT // 2, WIDTH // 2), {
                "name": "quicklook", "data_type": "uint8", "nodata": 0}),
        },
    }


def make(work):
    container, item = work
    gdal.UseExceptions()
    array = field(item)
    write_cog(f"{container}/{item.data}", array, gdal.GDT_Float32, NODATA, ["PREDICTOR=YES"])
    half = array[::2, ::2]
    shades = numpy.where(half == NODATA, 0, 1 + numpy.clip(half / (array.max() + 1.0) * 255.0, 0, 254)).astype("u1")
    write_cog(f"{container}/{item.quicklook}", shades, gdal.GDT_Byte, 0, [])
    write_json(f"{container}/{item.sidecar}", document(container, item, array))


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1)
        file.write("\n")


def collection(items):
    top = [item for item in items if item.folder == "."]
    return {
        "type": "Collection", "stac_version": "1.1.0", "stac_extensions": [], "id": COLLECTION,
        "title": "Crop statistics on a grid, like MapSPAM's",
        "description": "Made-up rasters in the shape of the Spatial Production Allocation Model, for the demo of Weir.",
        "license": "CC0-1.0", "keywords": ["agriculture", "crops", "mapspam"],
        "providers": [{"name": "The demo of Weir", "roles": ["producer", "host"]}],
        "extent": {"spatial": {"bbox": [BBOX]},
                   "temporal": {"interval": [[f"{YEAR}-01-01T00:00:00Z", f"{YEAR}-12-31T23:59:59Z"]]}},
        "summaries": {"mapspam:crop": list(CROPS), "mapspam:variable": [v[0] for v in VARIABLES.values()],
                      "mapspam:technology": [t[0] for t in TECHNOLOGIES.values()]},
        "item_assets": {"data": {"title": "Crop raster", "type": COG, "roles": ["data"]},
                        "quicklook": {"title": "Quicklook", "type": COG, "roles": ["overview"]}},
        "links": [{"rel": "root", "href": "./collection.json", "type": "application/json"},
                  {"rel": "license", "href": "https://creativecommons.org/publicdomain/zero/1.0/", "type": "text/html"},
                  {"rel": "child", "href": "./irrigated/catalog.json", "type": "application/json", "title": "Irrigated crops"}]
        + [{"rel": "item", "href": f"./{item.sidecar}", "type": "application/geo+json"} for item in top],
    }


def irrigated_catalog(items):
    return {
        "type": "Catalog", "stac_version": "1.1.0", "id": "mapspam-irrigated", "title": "Irrigated crops",
        "description": "The irrigated part of the collection above.",
        "links": [{"rel": "root", "href": "../collection.json", "type": "application/json"},
                  {"rel": "parent", "href": "../collection.json", "type": "application/json"}]
        + [{"rel": "item", "href": f"./{item.id}.json", "type": "application/geo+json"}
           for item in items if item.folder == "irrigated"],
    }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    container = os.path.join(sys.argv[1], CONTAINER)
    shutil.rmtree(container, ignore_errors=True)
    for folder in (container, f"{container}/irrigated", f"{container}/quicklooks"):
        os.makedirs(folder)
    items = every_item()
    with multiprocessing.Pool() as pool:
        pool.map(make, [(container, item) for item in items], chunksize=4)
    write_json(f"{container}/irrigated/catalog.json", irrigated_catalog(items))
    write_json(f"{container}/collection.json", collection(items))


if __name__ == "__main__":
    main()
