#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What `meson install` puts in place works without the build tree. The root of a test host is thrown away.

load lib

@test "installed, rkt has its programs, its stage1, its units and its man pages" {
    meson install -C "$(dirname "$RKT")" --no-rebuild >"$BATS_TEST_TMPDIR/log" || cat "$BATS_TEST_TMPDIR/log"
    for file in /usr/bin/rkt /usr/lib/rkt/rkt-image /usr/lib/rkt/rkt-gpg /usr/lib/rkt/rkt-metadata /usr/lib/rkt/stage1-systemd/manifest \
        /usr/lib/rkt/stage1-systemd/rootfs/rkt/run /usr/lib/rkt/stage1-images/stage1-systemd.aci \
        /usr/lib/systemd/system/rkt-pod@.service /usr/lib/systemd/system/rkt-gc.service \
        /usr/lib/systemd/system/rkt-gc.timer /usr/lib/systemd/system/rkt-metadata.socket \
        /usr/lib/systemd/system/rkt-metadata.service /usr/lib/sysusers.d/rkt-metadata.conf /usr/share/man/man1/rkt-run.1; do
        [ -e "$file" ] || fail "$file was not installed"
    done
    assert_contains "$(/usr/bin/rkt version)" /usr/lib/rkt/stage1-systemd
    # What was installed is trusted without a signature, and what lies elsewhere is not.
    /usr/bin/rkt --insecure-options=image fetch "$(make_aci example.com/app 'echo as ever')"
    run /usr/bin/rkt run --stage1-from-dir=stage1-systemd.aci example.com/app
    assert_status 0
    assert_equal "$output" 'as ever'
    run /usr/bin/rkt run --stage1-path="$(dirname "$RKT")/stage1-systemd/stage1-systemd.aci" example.com/app
    assert_status 254
    assert_contains "$output" 'there is no signature'
    systemctl daemon-reload
    uuid=$(/usr/bin/rkt --insecure-options=image run --detach --name=web "$(make_aci example.com/web 'echo installed; exit 3')")
    assert_contains "$(/usr/bin/rkt status --wait=10s "$uuid")" app-web=3
    assert_equal "$(/usr/bin/rkt logs web)" installed
    assert_contains "$(journalctl -u rkt-pod@web -o cat)" 'Started rkt-pod@web'
    systemctl start rkt-gc.service
    assert_contains "$(/usr/bin/rkt list --no-legend)" 'exited garbage'
    /usr/bin/rkt rm web
    /usr/bin/rkt image rm example.com/web
}
