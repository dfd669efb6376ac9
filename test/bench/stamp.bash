# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# The image whose only program tells the time at which it is executed: example.com/stamp, in the store of the
# test host. $build is where the programs are.

: "${build:?}"

prepare_image() {
    local layout=/var/lib/rkt/bench
    mkdir -p "$layout"/rootfs/{dev,proc,run,sys,tmp,etc}
    cp "$build/test/bench/stamp" "$layout/rootfs/stamp"
    cat >"$layout/manifest" <<'MANIFEST'
{"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/stamp",
 "app": {"exec": ["/stamp"], "user": "0", "group": "0"}}
MANIFEST
    tar -C "$layout" -cf "$layout/stamp.aci" manifest rootfs
    "$build/rkt" --insecure-options=image fetch "$layout/stamp.aci" >/dev/null
}
