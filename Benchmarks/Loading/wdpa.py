#!/usr/bin/python3
"""Makes what looks like a release of the World Database on Protected Areas: its columns since November 2025, its packaging, its faults.

    wdpa.py FOLDER [--polygons N] [--points N] [--release Nov2026] [--vertices 40] [--revision 1] FORM...

FORM is gpkg (both layers in wdpa.gpkg), shp (three zips of shapefiles in a zip, as Protected Planet ships it) or gdb (a geodatabase in a
tar.gz, where SITE_ID is a real number). Prints the path of each. The same arguments make the same features.

A quarter of the polygons has several parts; of 1,000, 20 have a hole, 8 cross themselves, and of 2,000 one has no geometry. Names have all sorts
of letters, ISO3 is a list, and parcels of one site share its SITE_ID. Another revision has other names for one row of 50.
"""
import argparse
import math
import os
import subprocess
import sys
import tempfile
import zipfile

import numpy
from osgeo import ogr, osr

ogr.UseExceptions()
REAL, WHOLE, LONG = "real", "whole", "long"
FIELDS = [
    ("SITE_ID", LONG), ("SITE_PID", 52), ("SITE_TYPE", 20), ("NAME_ENG", 254), ("NAME", 254), ("DESIG", 254), ("DESIG_ENG", 254),
    ("DESIG_TYPE", 20), ("IUCN_CAT", 20), ("INT_CRIT", 100), ("REALM", 20), ("REP_M_AREA", REAL), ("GIS_M_AREA", REAL), ("REP_AREA", REAL),
    ("GIS_AREA", REAL), ("NO_TAKE", 50), ("NO_TK_AREA", REAL), ("STATUS", 100), ("STATUS_YR", WHOLE), ("GOV_TYPE", 254), ("GOVSUBTYPE", 100),
    ("OWN_TYPE", 254), ("OWNSUBTYPE", 100), ("MANG_AUTH", 254), ("MANG_PLAN", 254), ("VERIF", 20), ("METADATAID", WHOLE), ("PRNT_ISO3", 50),
    ("ISO3", 50), ("SUPP_INFO", 254), ("CONS_OBJ", 100), ("INLND_WTRS", 50), ("OECM_ASMT", 50),
]
OF_POLYGONS_ONLY = ("GIS_AREA", "GIS_M_AREA")
COUNTRIES = "DEU USA EST SWE FRA AUS CAN GBR NZL BRA POL FIN CHE AUT NLD COL MEX IDN KEN ZAF JPN RUS NOR ITA ESP".split()
NAMES = ["Réserve naturelle", "Parque Nacional", "Naturschutzgebiet", "Заказник", "自然保護区", "Friðland", 'Ramsar "Site"', "O'Brien's\tWood"]
CATEGORIES = ["Ia", "Ib", "II", "III", "IV", "V", "VI", "Not Reported", "Not Applicable", "Not Assigned"]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("forms", nargs="+", choices=["gpkg", "shp", "gdb"])
    parser.add_argument("--polygons", type=int, default=3000)
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--release", default="Nov2026")
    parser.add_argument("--vertices", type=float, default=40)
    parser.add_argument("--revision", type=int, default=1)
    return parser.parse_args()


def attributes(number, random, given, has_area):
    parcels = number % 20 < 3
    site = 1 + number - (number % 3 if parcels else 0)
    country = COUNTRIES[int(random.integers(len(COUNTRIES)))]
    name = NAMES[number % len(NAMES)]
    is_revised = given.revision != 1 and (number * 2654435761 + given.revision) % 50 == 0
    values = {
        "SITE_ID": site, "SITE_PID": f"{site}_{'ABC'[number % 3]}" if parcels else str(site), "SITE_TYPE": "OECM" if number % 60 == 59 else "PA",
        "NAME_ENG": f"{name} {number}" + (" (revised)" if is_revised else ""), "NAME": f"{name} №{number}", "DESIG": name,
        "DESIG_ENG": "Nature Reserve", "DESIG_TYPE": "National", "IUCN_CAT": CATEGORIES[number % 10], "INT_CRIT": "Not Applicable",
        "REALM": ("Terrestrial", "Coastal", "Marine")[(number % 11 > 8) + (number % 11 > 9)], "REP_M_AREA": 0.0,
        "REP_AREA": float(random.random() * 900), "NO_TAKE": "Not Applicable", "NO_TK_AREA": 0.0, "STATUS": "Designated",
        "STATUS_YR": 1900 + number % 126, "GOV_TYPE": "Federal or national ministry or agency", "OWN_TYPE": "State",
        "MANG_AUTH": "Not Reported", "MANG_PLAN": "Not Reported", "VERIF": "State Verified", "METADATAID": 1 + number % 2000,
        "PRNT_ISO3": country, "ISO3": f"{country};{COUNTRIES[number % 25]}" if number % 400 == 0 else country, "SUPP_INFO": "Not Applicable",
        "CONS_OBJ": "Not Applicable", "INLND_WTRS": "Not Reported", "OECM_ASMT": "Not Applicable",
    }
    if has_area:
        values |= {"GIS_AREA": float(random.random() * 900), "GIS_M_AREA": 0.0}
    return values


def ring(random, x, y, radius, count, is_hole=False):
    turn = numpy.linspace(0, 2 * math.pi, count, endpoint=False)
    reach = radius * (0.7 + 0.3 * numpy.sin(3 * turn + random.random() * 6) + 0.04 * random.standard_normal(count))
    points = numpy.empty((count + 1, 2))
    points[:count, 0] = numpy.clip(x + reach * numpy.cos(turn), -180, 180)
    points[:count, 1] = numpy.clip(y + reach * numpy.sin(turn), -90, 90)
    points[count] = points[0]
    return points[::-1] if is_hole else points


def polygon(number, random, given):
    """WKB of one area; None for one without."""
    chance = random.random(8)
    x, y, radius = -179.9 + 359.8 * chance[0], -60 + 135 * chance[1], 0.003 + 0.25 * chance[2] ** 6
    parts = 1 if chance[3] > 0.25 else 2 + int(chance[4] * 5)
    count = max(4, int(random.lognormal(math.log(given.vertices * 0.7), 0.85)))
    areas = [[ring(random, x + part * radius * 2.3, y, radius, max(4, count // parts))] for part in range(parts)]
    if number % 1000 < 20:
        areas[0].append(ring(random, x, y, radius * 0.2, 8, is_hole=True))
    elif number % 1000 < 28:
        points = areas[0][0]
        points[[1, 2]] = points[[2, 1]]
        points[1:4, 0] += radius
    if number % 2000 == 1999:
        return None
    length = lambda rows: numpy.array([len(rows)], "<u4").tobytes()
    bodies = [
        b"\x01\x03\x00\x00\x00" + length(rings) + b"".join(length(one) + numpy.ascontiguousarray(one, "<f8").tobytes() for one in rings)
        for rings in areas
    ]
    return bodies[0] if len(bodies) == 1 else b"\x01\x06\x00\x00\x00" + length(bodies) + b"".join(bodies)


def point(random):
    shape = ogr.Geometry(ogr.wkbMultiPoint)
    place = ogr.Geometry(ogr.wkbPoint)
    place.AddPoint_2D(float(-179 + 358 * random.random()), float(-60 + 135 * random.random()))
    shape.AddGeometry(place)
    return shape


def write_layer(source, name, kind, count, feature_of, system, has_area):
    layer = source.CreateLayer(name, system, kind, ["GEOMETRY_NAME=geom"])
    types = {LONG: ogr.OFTInteger64, WHOLE: ogr.OFTInteger, REAL: ogr.OFTReal}
    for field, what in FIELDS:
        if has_area or field not in OF_POLYGONS_ONLY:
            definition = ogr.FieldDefn(field, types.get(what, ogr.OFTString))
            if isinstance(what, int):
                definition.SetWidth(what)
            layer.CreateField(definition)
    source.StartTransaction()
    for number in range(count):
        values, shape = feature_of(number)
        feature = ogr.Feature(layer.GetLayerDefn())
        for field, value in values.items():
            feature.SetField(field, value)
        if shape is not None:
            feature.SetGeometryDirectly(shape)
        layer.CreateFeature(feature)
    source.CommitTransaction()


def write_package(path, given):
    system = osr.SpatialReference()
    system.ImportFromEPSG(4326)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(path)

    def area(number):
        random = numpy.random.default_rng(number)
        shape = polygon(number, random, given)
        return attributes(number, random, given, True), shape and ogr.CreateGeometryFromWkb(shape)

    def place(number):
        random = numpy.random.default_rng(10**7 + number)
        return attributes(10**6 + number, random, given, False), point(random)

    write_layer(source, f"WDPA_WDOECM_poly_{given.release}_all", ogr.wkbUnknown, given.polygons, area, system, True)
    write_layer(source, f"WDPA_WDOECM_point_{given.release}_all", ogr.wkbMultiPoint, given.points, place, system, False)


def translate(*words):
    subprocess.run(["ogr2ogr", "-q", *words], check=True, stderr=subprocess.DEVNULL)


def write_shapefiles(package, given):
    name = f"WDPA_WDOECM_{given.release}_Public_all_shp"
    path = f"{given.folder}/{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as whole:
        for part in range(3):
            with tempfile.TemporaryDirectory() as folder:
                for layer, ending, kind in (("poly", "polygons", "MULTIPOLYGON"), ("point", "points", "MULTIPOINT")):
                    translate(
                        "-f", "ESRI Shapefile", f"{folder}/{name}-{ending}.shp", package, "-nlt", kind, "-lco", "ENCODING=UTF-8", "-sql",
                        f'SELECT * FROM "WDPA_WDOECM_{layer}_{given.release}_all" WHERE fid % 3 = {part}')
                inner = f"{folder}/part.zip"
                with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                    for file in sorted(os.listdir(folder)):
                        if file != "part.zip":
                            archive.write(f"{folder}/{file}", file)
                whole.write(inner, f"{name}_{part}.zip")
    return path


def write_geodatabase(package, given):
    path = f"{given.folder}/wdpa.tar.gz"
    with tempfile.TemporaryDirectory() as folder:
        for layer, kind in (("poly", "MULTIPOLYGON"), ("point", "MULTIPOINT")):
            update = ["-update"] if os.path.exists(f"{folder}/wdpa.gdb") else []
            translate(*update, "-f", "OpenFileGDB", f"{folder}/wdpa.gdb", package, f"WDPA_WDOECM_{layer}_{given.release}_all", "-nlt", kind)
        subprocess.run(["tar", "-czf", path, "-C", folder, "wdpa.gdb"], check=True)
    return path


def main():
    given = arguments()
    os.makedirs(given.folder, exist_ok=True)
    package = f"{given.folder}/wdpa.gpkg"
    if os.path.exists(package):
        os.unlink(package)
    write_package(package, given)
    for form in given.forms:
        print({"gpkg": lambda: package, "shp": lambda: write_shapefiles(package, given), "gdb": lambda: write_geodatabase(package, given)}[form]())


main()
