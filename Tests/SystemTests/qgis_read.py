"""Reads a curated table and its vector tiles with QGIS, and prints what it saw as one JSON object.

    qgis_read.py URL TABLE KEY TILES

URL is libpq's, of the database; TABLE is `schema.name`, KEY the column that tells its rows apart, TILES a URL with {z}, {x} and {y}. The answer has `features` (number of
rows), `keys` (different values of KEY), `invalid` (geometries that GEOS refuses), `crs`, `extent` ([west, south, east, north]) and `painted`
(share of the pixels of a world map, drawn from the tiles alone, that are not background). A layer that QGIS calls invalid ends it with 1.
"""
import json
import os
import sys
import urllib.parse

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")
from qgis.core import (  # noqa: E402
    QgsApplication, QgsCoordinateReferenceSystem, QgsDataSourceUri, QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle,
    QgsVectorLayer, QgsVectorTileLayer)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

MERCATOR = 20037508.342789244


def table(url, name, key):
    schema, bare = name.split(".")
    parts = urllib.parse.urlsplit(url)
    options = urllib.parse.parse_qs(parts.query)
    host = options.get("host", [parts.hostname or ""])[0]
    port = options.get("port", [str(parts.port or "")])[0]
    uri = QgsDataSourceUri()
    uri.setConnection(host, port, parts.path.lstrip("/"), parts.username, "")
    uri.setDataSource(schema, bare, "geom", "", key)
    layer = QgsVectorLayer(uri.uri(), bare, "postgres")
    if not layer.isValid():
        sys.exit(f"QGIS cannot open the table {name}: {layer.error().summary()}")
    keys, features, invalid = set(), 0, 0
    for feature in layer.getFeatures():
        features += 1
        keys.add(str(feature[key]))
        invalid += not feature.geometry().isGeosValid()
    extent = layer.extent()
    return {
        "features": features, "keys": len(keys), "invalid": invalid, "crs": layer.crs().authid(),
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]}


def painted(tiles):
    layer = QgsVectorTileLayer(f"type=xyz&url={tiles}&zmin=0&zmax=4", "tiles")
    if not layer.isValid():
        sys.exit(f"QGIS cannot open the tiles {tiles}")
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(QgsRectangle(-MERCATOR, -MERCATOR, MERCATOR, MERCATOR))
    settings.setOutputSize(QSize(512, 512))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    background = QColor("white").rgb()
    drawn = sum(image.pixel(x, y) != background for x in range(image.width()) for y in range(image.height()))
    return drawn / (image.width() * image.height())


def main():
    url, name, key, tiles = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    answer = table(url, name, key)
    answer["painted"] = painted(tiles)
    print(json.dumps(answer))
    application.exitQgis()


main()
