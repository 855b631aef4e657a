#!/bin/bash
# Installs the Debian package into a fresh Debian 12 without Swift (debootstrap, root, a mirror), and runs it there as an operator would:
# the demo, the doctor, a removal. Two minutes, most of them apt's.
#
#     Packaging/try-deb.sh [.build/dist/weir_*.deb]      ROOT: where the root is made; MIRROR; BASE: a root to copy instead
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() { printf 'try-deb: %s\n' "$@" >&2; exit 1; }
say() { printf 'try-deb: %s\n' "$@"; }

DEB=${1:-$(ls -t .build/dist/weir_*.deb 2>/dev/null | head -1)}
ROOT=${ROOT:-/var/tmp/weir-try}
MIRROR=${MIRROR:-http://deb.debian.org/debian}
[ -f "${DEB:-}" ] || fail "there is no package: make dist"
((EUID == 0)) || fail "debootstrap and chroot want root"
command -v debootstrap >/dev/null || [ -n "${BASE:-}" ] || fail "there is no debootstrap: apt-get install debootstrap"
[ ! -e "$ROOT" ] || fail "$ROOT is there already: remove it, or name another by ROOT"

# mounts of our own, gone with this process
[ -n "${WEIR_TRY_UNSHARED:-}" ] || WEIR_TRY_UNSHARED=1 exec unshare --mount --propagation private "$0" "$DEB"

inside() { chroot "$ROOT" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
trap 'umount -R "$ROOT/proc" "$ROOT/sys" "$ROOT/dev" 2>/dev/null; rm -rf --one-file-system "$ROOT"' EXIT

say "making a Debian 12 in $ROOT"
if [ -n "${BASE:-}" ]; then cp -a "$BASE" "$ROOT"; else debootstrap --variant=minbase bookworm "$ROOT" "$MIRROR" >/dev/null; fi
mount -t proc proc "$ROOT/proc"
mount --rbind /sys "$ROOT/sys"
mount --rbind /dev "$ROOT/dev"
cp -L /etc/resolv.conf "$ROOT/etc/resolv.conf"
# no service starts in here
printf '#!/bin/sh\nexit 101\n' >"$ROOT/usr/sbin/policy-rc.d"
chmod +x "$ROOT/usr/sbin/policy-rc.d"
cp "$DEB" "$ROOT/tmp/weir.deb"

say "installing the package with what it depends on and recommends"
inside apt-get -q update >/dev/null
inside apt-get -q -y install /tmp/weir.deb >"$ROOT/tmp/apt.log" 2>&1 || { cat "$ROOT/tmp/apt.log"; fail "it cannot be installed"; }
! inside sh -c 'command -v swift' || fail "there is a Swift in here, so this proves nothing"
say "installed: $(inside dpkg-query -W -f '${Package} ${Version}, ${Installed-Size} KiB' weir)"

say "as the user weir, nothing configured: weir demo --once"
inside setpriv --reuid=weir --regid=weir --clear-groups env HOME=/var/lib/weir sh -c 'cd / && weir demo --once' ||
    fail "the demo does not run"
inside test -d /var/lib/weir/demo/silvermapspam || fail "the demo did not write where it should"

say "weir doctor"
inside setpriv --reuid=weir --regid=weir --clear-groups sh -c 'cd / && weir doctor --verbose' ||
    [ $? -eq 1 ] || fail "the doctor finds errors"

say "as root: weir db status, and the plugin through weir-runner"
inside sh -c 'cd / && weir db status' || fail "root cannot use the user's database"
[ "$(inside stat -c %U /var/lib/weir/postgres)" = weir ] || fail "root took the database away from weir"

say "as any other user, in a folder of his own: weir demo --once"
inside adduser --quiet --disabled-password --gecos '' somebody
inside setpriv --reuid=somebody --regid=somebody --clear-groups env HOME=/home/somebody WEIR_FOLDER=/home/somebody/.weir \
    sh -c 'cd && weir demo --once' | tail -n 3 || fail "the demo does not run for a user"

say "the tarball's examples build against the header"
[ -f "$ROOT/usr/include/weir/handler.h" ] || fail "there is no handler.h"

say "removing and purging"
inside apt-get -q -y remove weir >/dev/null
inside test ! -e /usr/lib/weir -a -f /etc/weir/weir.json -a -d /var/lib/weir/postgres || fail "remove takes too much or too little"
inside apt-get -q -y purge weir | grep 'stays in /var/lib/weir' || fail "purge does not say what stays"
inside test ! -e /etc/weir || fail "purge leaves /etc/weir"
say "all is well"
