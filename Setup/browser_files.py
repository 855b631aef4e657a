#!/usr/bin/env python3
"""Brings the scripts that pages use and others wrote, out of wheels of PyPI: both the wheel and each file must have the hash given here.

    browser_files.py FOLDER           loads what is missing or differs
    browser_files.py --check FOLDER   ends with 1 when something is or does

Licences: htmx and its extensions 0BSD (Zero-Clause BSD), by Big Sky Software; Idiomorph 0BSD; MapLibre GL JS BSD-3-Clause.
"""
import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

# requirement, hash of the wheel, files: (member, name here, hash)
WHEELS = [
    ("django-htmx==1.29.0", "0ec5be1645ed71e6787bd75e0250624f00274ac3bb1730f07b6629a95688929b", [
        ("django_htmx/static/django_htmx/htmx-2.min.js", "htmx.min.js",
         "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"),
        ("django_htmx/static/django_htmx/ext/hx-sse-2.min.js", "htmx-sse.min.js",
         "98a46496de0c3605fbffdce9167ba427bdd9553184f83f149c261891a92c0136"),
    ]),
    ("djhtmx==1.3.6", "124b2d466d887454dd37b01aa8fad615efdfd8e26361e300430304b65b6c835b", [
        ("djhtmx/static/htmx/2.0.4/ext/idiomorph-ext.min.js", "idiomorph-ext.min.js",
         "a6437e55b1b6a07bc421f0d230266a39399b6826c6ed19e0ed9c63b707444a5f"),
    ]),
    ("maplibre==0.3.6", "eeafab617d4a1b71c0c174c71405f67c4b4e494fe1b27968d4d2359bc160e277", [
        ("maplibre/srcjs/maplibre-gl.js", "maplibre-gl.js",
         "e380deae560bc5d182be4124a1b9cdd5086304b0cb82c92a5af23d018aa81015"),
        ("maplibre/srcjs/maplibre-gl.css", "maplibre-gl.css",
         "792ac997dcf6ae6f643eb4e2dee4630c85e7056526bd8fb85ffe83c67d6c41b4"),
    ]),
]


def has(path, wanted):
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == wanted


def is_complete(folder):
    return all(has(folder / name, wanted) for _, _, files in WHEELS for _, name, wanted in files)


def load(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        pins = place / "pins.txt"
        pins.write_text("".join(f"{requirement} --hash=sha256:{wheel}\n" for requirement, wheel, _ in WHEELS))
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps",
             "--only-binary=:all:", "--require-hashes", "-d", place, "-r", pins], check=True)
        for requirement, _, files in WHEELS:
            name = requirement.split("==")[0].replace("-", "_")
            with zipfile.ZipFile(next(place.glob(f"{name}-*.whl"))) as wheel:
                for member, target, wanted in files:
                    content = wheel.read(member)
                    if hashlib.sha256(content).hexdigest() != wanted:
                        sys.exit(f"browser_files: {member} of {requirement} is not the file that Weir was written for")
                    (folder / target).write_bytes(content)


def main():
    if sys.argv[1:2] == ["--check"]:
        sys.exit(0 if is_complete(pathlib.Path(sys.argv[2])) else 1)
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    if not is_complete(folder):
        load(folder)


main()
