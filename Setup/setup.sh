#!/bin/bash
# Brings a clone to the point where `swift build` works: Debian packages, Python parts, pgSTAC's SQL, scripts of pages, demo data, maps.
# Does only what is missing, and says only what it does; with nothing missing it takes a tenth of a second.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PGSTAC_SQL=Sources/CAssets/downloaded/pgstac.0.10.0.sql
PGSTAC_SHA256=c21fdac667c29b05ee02a79a5097658e2290f055e0df4d9a7859a043d15efb21
LOG=$(mktemp)
trap 'rm -f "$LOG"' EXIT

fail() { printf 'setup: %s\n' "$@" >&2; exit 1; }

# quietly WHAT COMMAND...: says WHAT and the seconds it took; shows the command's output only if it fails.
quietly() {
    local what=$1 start=$EPOCHSECONDS
    shift
    printf 'setup: %s ... ' "$what"
    if "$@" >"$LOG" 2>&1; then
        printf '%d s\n' $((EPOCHSECONDS - start))
    else
        printf 'failed\n'
        cat "$LOG" >&2
        fail "could not do this: $what. The command was: $*"
    fi
}

toolchain() {
    command -v swift >/dev/null ||
        fail "there is no swift in PATH. Weir needs Swift 6.3 or newer: https://www.swift.org/install/linux"
}

apt_install() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
    # The lists of a fresh machine are empty, those of an old one name versions that are gone: update, then try again.
    "${apt[@]}" install -y --no-install-recommends "$@" ||
        { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; }
}

# packages [PURPOSE]: those of packages.txt that everything needs, and those that PURPOSE alone does.
packages() {
    local wanted missing purpose=${1:-}
    command -v dpkg-query >/dev/null ||
        fail "this is no Debian. Install what packages.txt lists by your system's means, and put a dpkg-query that answers for it in PATH."
    mapfile -t wanted < <(sed "s/#.*//; s/[[:space:]]//g; ${purpose:+s/^$purpose://;} /:/d; /^$/d" packages.txt)
    mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) \
        <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^installed //p' | sort -u))
    ((${#missing[@]})) || return 0
    ((EUID == 0)) || fail "these Debian packages are missing. Install them, then run this again:" \
        "  sudo apt-get install -y --no-install-recommends ${missing[*]}"
    quietly "installing ${missing[*]}" apt_install "${missing[@]}"
}

# Debian's own interpreter goes first: GDAL's bindings belong to it, and a python3 earlier in PATH does not have them.
find_python() {
    local candidate
    for candidate in "${WEIR_PYTHON:-}" /usr/bin/python3 python3; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    fail "found no python3 of 3.11 or newer that can make a venv. On Debian: apt-get install python3-venv. Elsewhere set WEIR_PYTHON."
}

# venv FOLDER REQUIREMENTS: made anew when the requirements or the folder's place changed, since a venv cannot be moved.
venv() {
    local folder=$1 requirements=$2 stamp=$1/installed
    if [ -f "$stamp" ] && { printf '%s\n' "$PWD/$folder"; cat "$requirements"; } | cmp -s - "$stamp"; then
        return
    fi
    rm -rf "$folder"
    quietly "making $folder" "$(find_python)" -m venv "$folder"
    quietly "installing $requirements" "$folder/bin/python" -m pip install --no-input --disable-pip-version-check -r "$requirements"
    { printf '%s\n' "$PWD/$folder"; cat "$requirements"; } >"$stamp"
}

pgstac() {
    local wheel
    printf '%s  %s\n' "$PGSTAC_SHA256" "$PGSTAC_SQL" | sha256sum --check --status 2>/dev/null && return
    wheel=$(echo .venv/lib/python3*/site-packages/pypgstac/migrations/"${PGSTAC_SQL##*/}")
    [ -f "$wheel" ] || fail "the pypgstac of .venv has no ${PGSTAC_SQL##*/}. Remove .venv and run this again."
    printf '%s  %s\n' "$PGSTAC_SHA256" "$wheel" | sha256sum --check --status ||
        fail "$wheel is not the file that Weir was written for (its SHA-256 differs). requirements.txt pins another pypgstac?"
    mkdir -p "${PGSTAC_SQL%/*}"
    install -m 644 "$wheel" "$PGSTAC_SQL"
}

# The scripts of others that pages bring along, out of wheels that are pinned with them.
browser_files() {
    .venv/bin/python Setup/browser_files.py --check Sources/CAssets/downloaded/browser 2>/dev/null ||
        quietly "loading the scripts of the pages" .venv/bin/python Setup/browser_files.py Sources/CAssets/downloaded/browser
}

demo_data() {
    local stamp=Demo/made-by made_by
    made_by=$(sha256sum <Setup/demo_data.py)
    [ "$(cat "$stamp" 2>/dev/null)" != "$made_by" ] || return 0
    quietly "making the demo's rasters and sidecars" "${WEIR_PYTHON:-/usr/bin/python3}" Setup/demo_data.py Demo
    printf '%s\n' "$made_by" >"$stamp"
}

# Real maps for the tests of curated datasets.
map_data() {
    local stamp=.maps/made-by made_by
    made_by=$(sha256sum <Setup/map_data.py)
    [ "$(cat "$stamp" 2>/dev/null)" != "$made_by" ] || return 0
    quietly "loading maps for the tests" "${WEIR_PYTHON:-/usr/bin/python3}" Setup/map_data.py .maps .venv/bin/python
    printf '%s\n' "$made_by" >"$stamp"
}

case ${1:-all} in
    all) toolchain; packages; venv .venv requirements.txt; venv .venv-servers Tests/Servers/requirements.txt; pgstac; browser_files; demo_data; map_data ;;
    peers) packages; venv .venv-peers Benchmarks/peers/requirements.txt ;;
    soak) packages soak ;;
    *) fail "usage: Setup/setup.sh [all | peers | soak]" ;;
esac
