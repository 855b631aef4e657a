#!/usr/bin/python3
"""Brings real maps for the tests: Natural Earth's countries out of a Debian package, and a wheel of PyPI that has its cities.

    map_data.py FOLDER PYTHON

FOLDER gets ne_110m_admin_0_countries.zip and ne_50m_admin_0_countries.zip, shapefiles with all their columns, and geopandas.whl. PYTHON is an
interpreter whose pip loads wheels. Licences: Natural Earth is in the public domain; geopandas BSD-3-Clause.

The Debian package holds R's objects. R itself would be 300 MB for two tables, so its format is read here.
"""
import bz2
import gzip
import lzma
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

from osgeo import ogr, osr

ogr.UseExceptions()
PACKAGE = "r-cran-rnaturalearthdata"
WHEEL = ("geopandas==0.14.4", "sha256:3bb6473cb59d51e1a7fe2dbc24a1a063fb0ebdeddf3ce08ddbf8c7ddc99689aa")
SCALES = {"countries110": "110m", "countries50": "50m"}


class Value:
    """A value of R: its elements, and its attributes by name."""

    def __init__(self, elements):
        self.elements = elements
        self.attributes = {}

    def __getitem__(self, name):
        return self.attributes[name]


class Reader:
    """R's serialization, version 2 and 3, as XDR. Source: R Internals, section 1.8."""

    def __init__(self, data):
        self.data = data
        self.at = 0
        self.known = []

    def take(self, form):
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return values

    def whole(self):
        return self.take("i")[0]

    def raw(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def document(self):
        assert self.raw(2) == b"X\n", "no XDR"
        version, _, _ = self.take("3i")
        if version == 3:
            self.raw(self.whole())
        return self.value()

    def pairs(self, flags):
        """A pairlist as tags and values."""
        found = []
        while flags & 0xFF in (2, 6):
            if flags & 0x200:
                self.value()
            tag = self.value() if flags & 0x400 else None
            found.append((tag, self.value()))
            flags = self.whole()
        assert flags & 0xFF == 254, "a pairlist that does not end"
        return found

    def value(self):
        flags = self.whole()
        kind = flags & 0xFF
        if kind in (254, 253, 251, 250, 242, 241):
            return None
        if kind == 255:
            return self.known[(flags >> 8 or self.whole()) - 1]
        if kind == 1:
            self.known.append(self.value())
            return self.known[-1]
        if kind in (247, 248, 249):
            self.whole()
            names = [self.value() for _ in range(self.whole())]
            self.known.append("::".join(names))
            return self.known[-1]
        if kind == 4:
            self.known.append("environment")
            self.whole()
            for _ in range(4):
                self.value()
            return "environment"
        if kind == 9:
            length = self.whole()
            return None if length < 0 else self.raw(length).decode("latin-1" if flags >> 12 & 4 else "utf-8")
        if kind in (2, 6):
            return self.pairs(flags)
        result = Value(self.elements(kind))
        if flags & 0x200 or kind == 25:
            result.attributes = dict(self.pairs(self.whole()))
        return result

    def elements(self, kind):
        if kind == 25:
            return []
        count = self.whole()
        if kind in (10, 13):
            return [None if number == -2**31 else number for number in self.take(f"{count}i")]
        if kind == 14:
            return [None if number != number else number for number in self.take(f"{count}d")]
        if kind == 24:
            return self.raw(count)
        assert kind in (16, 19, 20), f"a value of type {kind}"
        return [self.value() for _ in range(count)]


def unpacked(data):
    for opener in (gzip, bz2, lzma):
        try:
            return opener.decompress(data)
        except (OSError, lzma.LZMAError):
            pass
    return data


def entry(data):
    """What stands at a place of an .rdb."""
    if data[4:5] == b"Z":
        return lzma.decompress(data[5:], lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "preset": 6}])
    return bz2.decompress(data[5:]) if data[4:5] == b"2" else zlib.decompress(data[4:])


def objects(folder):
    """R's objects of a package, by name."""
    index = next(folder.rglob("data/Rdata.rdx"))
    database = index.with_suffix(".rdb").read_bytes()
    places = Reader(unpacked(index.read_bytes())).document().elements[0]
    for name, place in zip(places["names"].elements, places.elements):
        if name in SCALES:
            start, length = place.elements
            yield name, Reader(entry(database[start:start + length])).document()


def columns(table):
    for name, column in zip(table["names"].elements, table.elements):
        levels = column.attributes.get("levels")
        values = [None if v is None else levels.elements[v - 1] for v in column.elements] if levels else column.elements
        known = [value for value in values if value is not None]
        if not known or any(isinstance(value, str) for value in known):
            yield name, ogr.OFTString, values
        elif all(value == int(value) for value in known):
            yield name, ogr.OFTInteger64, [None if value is None else int(value) for value in values]
        else:
            yield name, ogr.OFTReal, values


def shape(polygons):
    """A country's rings; a hole belongs to the ring before it."""
    whole = ogr.Geometry(ogr.wkbMultiPolygon)
    parts = []
    for ring in polygons["Polygons"].elements:
        numbers = ring["coords"].elements
        half = len(numbers) // 2
        line = ogr.Geometry(ogr.wkbLinearRing)
        for x, y in zip(numbers[:half], numbers[half:]):
            line.AddPoint_2D(x, y)
        if ring["hole"].elements[0] and parts:
            parts[-1].AddGeometry(line)
        else:
            parts.append(ogr.Geometry(ogr.wkbPolygon))
            parts[-1].AddGeometry(line)
    for part in parts:
        whole.AddGeometry(part)
    return whole


def write(path, name, countries):
    system = osr.SpatialReference()
    system.ImportFromEPSG(4326)
    fields = list(columns(countries["data"]))
    with tempfile.TemporaryDirectory() as folder:
        source = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(f"{folder}/{name}.shp")
        layer = source.CreateLayer(name, system, ogr.wkbMultiPolygon, ["ENCODING=UTF-8"])
        for field, kind, _ in fields:
            layer.CreateField(ogr.FieldDefn(field, kind))
        for row, country in enumerate(countries["polygons"].elements):
            feature = ogr.Feature(layer.GetLayerDefn())
            for position, (_, _, values) in enumerate(fields):
                if values[row] is not None:
                    feature.SetField(position, values[row])
            feature.SetGeometryDirectly(shape(country))
            layer.CreateFeature(feature)
        del layer, source
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for end in ("shp", "shx", "dbf", "prj", "cpg"):
                archive.write(f"{folder}/{name}.{end}", f"{name}.{end}")
            archive.writestr(f"{name}.VERSION.txt", "as in Debian 12\n")


def countries(target):
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        subprocess.run(["apt-get", "-q", "download", PACKAGE], cwd=place, check=True)
        subprocess.run(["dpkg-deb", "-x", next(place.glob("*.deb")), place / "unpacked"], check=True)
        for name, content in objects(place / "unpacked"):
            full = f"ne_{SCALES[name]}_admin_0_countries"
            write(target / f"{full}.zip", full, content)


def cities(target, python):
    with tempfile.TemporaryDirectory() as place:
        pins = pathlib.Path(place) / "pins.txt"
        pins.write_text(f"{WHEEL[0]} --hash={WHEEL[1]}\n")
        subprocess.run(
            [python, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--require-hashes",
             "-d", place, "-r", pins], check=True)
        (target / "geopandas.whl").write_bytes(next(pathlib.Path(place).glob("*.whl")).read_bytes())


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    countries(target)
    cities(target, sys.argv[2])


main()
