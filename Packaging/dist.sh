#!/bin/bash
# Makes what is installed on machines without Swift: a tarball and a Debian package, in .build/dist.
#
#     Packaging/dist.sh [tree | tarball | deb]...
#
# CONFIG=debug takes a debug build, BUILD any folder with one; OUT is another folder than .build/dist; COMPRESSION=none makes a large
# package quickly.
#
# `tree` stops after OUT/weir-VERSION-linux-ARCH, the tarball's content. Everything of one folder, lib/weir: the program, the runner,
# plugins and the Swift runtime, each found by the others through $ORIGIN.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

CONFIG=${CONFIG:-release}
OUT=${OUT:-.build/dist}
BUILD=${BUILD:-.build/$CONFIG}
PLUGINS=(Ingest Curated)
VERSION=$(sed -n 's/.*static let version = "\(.*\)".*/\1/p' Sources/Host/Weir.swift)
NAME=weir-$VERSION-linux-$(uname -m)
MAINTAINER="${DEBFULLNAME:-The authors of Weir} <${DEBEMAIL:-weir@localhost}>"
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

fail() { printf 'dist: %s\n' "$@" >&2; exit 1; }

# What programs of the build need of the Swift runtime, and what that needs in turn: all that lies beside libswiftCore.so.
swift_runtime() {
    local found folder
    found=$(ldd "$@" | sed -n 's/.* => \(.*\) (0x.*/\1/p' | sort -u)
    folder=$(sed -n 's|/libswiftCore.so$||p' <<<"$found" | head -1)
    [ -z "$folder" ] || grep "^$folder/[^/]*$" <<<"$found"
}

# put FILE FOLDER: copies a program or library stripped, with the search path of the place where it will lie.
put() {
    local target=$2/${1##*/}
    strip --strip-unneeded --remove-section=.comment --remove-section=.note -o "$target" "$1" 2>/dev/null || cp -L "$1" "$target"
    [ "${1##*/}" = weir-runner ] || patchelf --set-rpath '$ORIGIN' "$target"
}

programs() {
    local lib=$1 runtime library
    mkdir -p "$lib"
    for library in "${PLUGINS[@]}"; do put "$BUILD/lib$library.so" "$lib"; done
    put "$BUILD/weir" "$lib"
    put "$BUILD/weir-runner" "$lib"
    mapfile -t runtime < <(swift_runtime "$BUILD/weir" $(printf "$BUILD/lib%s.so " "${PLUGINS[@]}"))
    ((${#runtime[@]})) || fail "$BUILD/weir is linked to no Swift runtime: was it built with --static-swift-stdlib?"
    for library in "${runtime[@]}"; do put "$library" "$lib"; done
    chmod 755 "$lib/weir" "$lib/weir-runner"
    chmod 644 "$lib"/*.so
}

documents() {
    local doc=$1
    mkdir -p "$doc/examples"
    cp README.md RUNBOOK.md ARCHITECTURE.md CHANGELOG.md "$doc/"
    cp -r Plugins/Examples "$doc/examples/plugins"
    cp -r Packaging/kubernetes Packaging/slurm Packaging/Containerfile "$doc/examples/"
}

# The tarball: works wherever it is unpacked.
tree() {
    local root=$OUT/$NAME
    is_made=yes
    [ -x "$BUILD/weir" ] || fail "there is no $BUILD/weir: make build CONFIG=$CONFIG"
    rm -rf "$root"
    mkdir -p "$root/bin" "$root/etc/weir/manifests" "$root/include/weir" "$root/share/weir/demo" "$root/share/man/man1" "$root/share/weir/systemd"
    programs "$root/lib/weir"
    ln -s ../lib/weir/weir "$root/bin/weir"
    cp -r manifests/plugins manifests/workflows manifests/datasets "$root/etc/weir/manifests/"
    ln -s ../../etc/weir/manifests "$root/lib/weir/manifests"
    ln -s ../../share/weir/demo "$root/lib/weir/demo"
    [ -d Demo/bronzemapspam ] || fail "there is no sample collection in Demo: make setup"
    cp -r Demo/bronzemapspam "$root/share/weir/demo/"
    cp Sources/HandlerABI/include/weir/handler.h "$root/include/weir/"
    cp Packaging/systemd/*.service "$root/share/weir/systemd/"
    cp Packaging/weir.1 "$root/share/man/man1/"
    documents "$root/share/doc/weir"
    find "$root" -type d -exec chmod 755 {} +
    find "$root" -type f ! -perm -u+x -exec chmod 644 {} +
}

tarball() {
    tree
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$OUT" -cf - "$NAME" | xz -T0 -6 >"$OUT/$NAME.tar.xz"
    (cd "$OUT" && sha256sum "$NAME.tar.xz" >"$NAME.tar.xz.sha256")
    printf 'dist: %s (%s)\n' "$OUT/$NAME.tar.xz" "$(du -h "$OUT/$NAME.tar.xz" | cut -f1)"
}

# What dpkg-shlibdeps finds in the programs themselves; the Swift runtime comes along, so nobody is asked for it.
depends() {
    local stub
    stub=$(mktemp -d)
    mkdir "$stub/debian"
    printf 'Source: weir\n\nPackage: weir\nArchitecture: any\n' >"$stub/debian/control"
    (cd "$stub" && dpkg-shlibdeps -O --ignore-missing-info --warnings=0 -l"$1" $(find "$1" -maxdepth 1 -type f \( -name '*.so' -o -perm -u+x \) -printf '-e %p ') 2>/dev/null) |
        sed -n 's/^shlibs:Depends=//p'
    rm -rf "$stub"
}

deb() {
    local root=$OUT/deb arch file
    arch=$(dpkg --print-architecture)
    # one of an earlier run has an earlier build
    [ -n "$is_made" ] || tree
    rm -rf "$root"
    mkdir -p "$root/DEBIAN" "$root/usr" "$root/lib/systemd/system" "$root/etc/weir" "$root/usr/share/lintian/overrides"
    cp -a "$OUT/$NAME"/{bin,lib,include,share} "$root/usr/"
    cp -a "$OUT/$NAME/etc/weir/manifests" "$root/etc/weir/"
    mv "$root"/usr/share/weir/systemd/*.service "$root/lib/systemd/system/"
    rmdir "$root/usr/share/weir/systemd"
    ln -sfn /etc/weir/manifests "$root/usr/lib/weir/manifests"
    ln -s /etc/weir/weir.json "$root/usr/lib/weir/weir.json"
    install -m 644 Packaging/debian/weir.json "$root/etc/weir/weir.json"
    install -m 640 Packaging/debian/weir.env "$root/etc/weir/weir.env"
    install -m 644 Packaging/debian/copyright "$root/usr/share/doc/weir/copyright"
    install -m 644 Packaging/debian/lintian-overrides "$root/usr/share/lintian/overrides/weir"
    gzip -9n "$root/usr/share/doc/weir/CHANGELOG.md"
    printf 'weir (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- %s  %s\n' "$VERSION-1" "$MAINTAINER" \
        "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$root/usr/share/doc/weir/changelog.Debian.gz"
    gzip -9n "$root/usr/share/man/man1/weir.1"
    for file in postinst prerm postrm; do install -m 755 "Packaging/debian/$file" "$root/DEBIAN/$file"; done
    (cd "$root" && find etc -type f -printf '/%p\n' | sort >DEBIAN/conffiles)
    sed -e "s/@VERSION@/$VERSION-1/; s/@MAINTAINER@/$MAINTAINER/; s/@ARCH@/$arch/; s/@SIZE@/$(du -sk --exclude=DEBIAN "$root" | cut -f1)/" \
        -e "s/@DEPENDS@/$(depends "$(realpath "$root")/usr/lib/weir")/" Packaging/debian/control >"$root/DEBIAN/control"
    (cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
    find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group "-Z${COMPRESSION:-xz}" -b "$root" "$OUT/weir_$VERSION-1_$arch.deb" >/dev/null
    rm -rf "$root"
    printf 'dist: %s (%s)\n' "$OUT/weir_$VERSION-1_$arch.deb" "$(du -h "$OUT/weir_$VERSION-1_$arch.deb" | cut -f1)"
}

((${#VERSION})) || fail "Sources/Host/Weir.swift names no version"
command -v patchelf >/dev/null || fail "there is no patchelf: make setup"
mkdir -p "$OUT"
is_made=
(($#)) || set -- tarball deb
for part in "$@"; do
    case $part in
        tree | tarball | deb) "$part" ;;
        *) fail "usage: Packaging/dist.sh [tree | tarball | deb]..." ;;
    esac
done
