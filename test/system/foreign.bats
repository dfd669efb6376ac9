#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# A stage1 image that is none of ours, called by the published contract: it only changes its root and executes
# the app, without systemd, and it runs on the host as the first rkt's fly did.

load lib

# An image whose entry points are scripts, with an interface version that knows little.
make_stage1() { # [INTERFACE-VERSION]
    local layout=$BATS_TEST_TMPDIR/stage1
    rm -rf "$layout" && mkdir -p "$layout/rootfs/opt/stage2" "$layout/rootfs/rkt/status"
    cat >"$layout/rootfs/run" <<'RUN'
#!/bin/sh
echo "run $*" >stage1/rootfs/called
root=$(echo stage1/rootfs/opt/stage2/*/rootfs)
app=$(basename "$(dirname "$root")")
[ "$RKT_LOCK_FD" = 3 ] || exit 1
trap 'kill -TERM $child' TERM
mount --rbind /dev "$root/dev"
exec 4<&0
chroot "$root" /bin/sh /app <&4 4<&- &
child=$!
echo $child >pid
wait $child; status=$?
[ $status -le 128 ] || { wait $child; status=$?; }
echo $status >stage1/rootfs/rkt/status/$app
exit $status
RUN
    cat >"$layout/rootfs/enter" <<'ENTER'
#!/bin/sh
pid=${1#--pid=}
while [ "$1" != -- ]; do case $1 in --pid=*) pid=${1#--pid=} ;; esac; shift; done
shift
exec chroot /proc/$pid/root "$@"
ENTER
    printf '#!/bin/sh\nkill -TERM "$(cat pid)"\n' >"$layout/rootfs/stop"
    printf '#!/bin/sh\nfor uuid; do :; done\necho "$uuid $(cat stage1/rootfs/called)" >/run/foreign-gc\n' >"$layout/rootfs/gc"
    chmod 755 "$layout"/rootfs/{run,enter,stop,gc}
    cat >"$layout/manifest" <<MANIFEST
{"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/stage1-chroot",
 "labels": [{"name": "version", "value": "1"}],
 "annotations": [$(for entry in run enter stop gc; do
        printf '{"name": "coreos.com/rkt/stage1/%s", "value": "/%s"}, ' $entry $entry
    done){"name": "coreos.com/rkt/stage1/interface-version", "value": "${1:-1}"}]}
MANIFEST
    pack_aci "$layout" "$images/stage1.aci"
    echo "$images/stage1.aci"
}

# An app whose program is /app.
make_app() { # LINE...
    local root=$BATS_TEST_TMPDIR/root
    mkdir -p "$root"
    printf '%s\n' "$@" >"$root/app"
    make_aci example.com/web -r "$root" unused
}

@test "a foreign stage1 runs an app, with our terminal and its status, and is called as its version knows" {
    stage1=$(make_stage1)
    app=$(make_app 'echo from the app; cat; exit 7')
    run rkt run --stage1-path="$stage1" --hostname=dropped "$app" <<<"from our input"
    assert_status 7
    assert_equal "$output" $'from the app\nfrom our input'
    uuid=$(rkt list --no-legend --full | awk '{ print $1 }')
    assert_equal "$(rkt status "$uuid" | grep ^app-web=)" app-web=7
    assert_equal "$(cat "$data/pods/run/$uuid/overlay/stage1/upper/called")" "run --net=default $uuid"
    # What the pod has put in the place of an entry point is not executed.
    printf '#!/bin/sh\necho replaced >/run/foreign-gc\n' >"$data/pods/run/$uuid/overlay/stage1/upper/gc"
    chmod 755 "$data/pods/run/$uuid/overlay/stage1/upper/gc"
    rkt rm "$uuid" >/dev/null
    assert_equal "$(cat /run/foreign-gc)" "$uuid run --net=default $uuid"
    run rkt run --stage1-path="$(make_stage1 6)" --hostname=kept "$app" </dev/null
    uuid=$(rkt list --no-legend --full | awk '{ print $1 }')
    assert_equal "$(cat "$data/pods/run/$uuid/overlay/stage1/upper/called")" "run --net=default --hostname=kept $uuid"
}

@test "a foreign pod is listed, entered and stopped by the image's own entry points, and its images are pinned" {
    stage1=$(make_stage1)
    rkt fetch "$stage1" >/dev/null
    rkt run --name=foreign --stage1-name=example.com/stage1-chroot "$(make_app 'echo up; trap "echo stopping; exit 3" TERM; sleep 1000 & wait')" \
        >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 grep -q up "$BATS_TEST_TMPDIR/out"
    assert_contains "$(rkt list --no-legend)" running
    assert_equal "$(rkt enter foreign /bin/cat /etc/passwd | head -n 1)" 'root:x:0:0:root:/:/bin/sh'
    run rkt image rm example.com/stage1-chroot
    assert_contains "$output" 'is used by'
    rkt stop foreign
    tail --pid="$pod" -f /dev/null
    assert_contains "$(cat "$BATS_TEST_TMPDIR/out")" stopping
    assert_contains "$(rkt status foreign)" app-web=3
}

@test "SIGTERM ends a foreign pod as its contract says" {
    "$RKT" --dir="$data" --insecure-options=image run --stage1-path="$(make_stage1)" "$(make_app 'echo up; trap "exit 4" TERM; sleep 1000 & wait')" \
        >"$BATS_TEST_TMPDIR/out" 2>&1 &
    pod=$!
    await 10 grep -q up "$BATS_TEST_TMPDIR/out"
    kill -TERM "$pod"
    status=0
    wait "$pod" || status=$?
    assert_equal "$status" 4
}

@test "a stage1 that cannot be used is refused, and nothing is left" {
    app=$(make_app true)
    run rkt run --stage1-path="$app" "$app"
    assert_status 254
    assert_contains "$output" 'it has no entry point coreos.com/rkt/stage1/run'
    run rkt run --stage1-path=/not/there "$app"
    assert_status 254
    run rkt run --stage1-path="$app" --stage1-name=x "$app"
    assert_status 254
    assert_contains "$output" 'only one of the flags'
    run rkt run --stage1-url=https://example.com/stage1.aci "$app"
    assert_status 254
    assert_contains "$output" 'fetching https://example.com/stage1.aci'
    run rkt run --strict-isolators --stage1-path="$(make_stage1)" "$app"
    assert_status 254
    assert_contains "$output" 'only our own stage1 knows --strict-isolators'
    for flag in --dns=192.0.2.1 --dns=none --hosts-entry=192.0.2.1=db; do
        run rkt run $flag --stage1-path="$(make_stage1)" "$app"
        assert_status 254
        assert_contains "$output" 'only our own stage1 knows --dns and --hosts-entry'
    done
    run rkt run --stage1-path="$(make_stage1)" "$app" --stdin=stream
    assert_status 254
    assert_contains "$output" 'only our own stage1 knows --interactive, and stream and tty'
    assert_equal "$(rkt list --no-legend)" ''
}

@test "our own stage1 works as an archive too" {
    archive=$(dirname "$RKT")/stage1-systemd/stage1-systemd.aci
    run rkt run --stage1-path="$archive" "$(make_aci example.com/web 'echo as ever; exit 5')"
    assert_status 5
    assert_equal "$output" 'as ever'
    run rkt run --stage1-from-dir=stage1-systemd.aci "$(make_aci example.com/web 'echo as ever')"
    assert_status 0
}

# configure_stage1 MEMBERS: for those who are told of that directory by --user-config.
configure_stage1() {
    mkdir -p "$BATS_TEST_TMPDIR/config/stage1.d"
    echo "{\"rktKind\": \"stage1\", \"rktVersion\": \"v1\", $1}" >"$BATS_TEST_TMPDIR/config/stage1.d/a.json"
}

run_configured() { # IMAGE: says which stage1 was called
    rkt --user-config="$BATS_TEST_TMPDIR/config" run --uuid-file-save="$BATS_TEST_TMPDIR/uuid" "$@" </dev/null &&
        if grep -qs "run --net=" "$data/pods/run/$(cat "$BATS_TEST_TMPDIR/uuid")/overlay/stage1/upper/called"; then echo foreign; else echo ours; fi
}

@test "the configured stage1 is the one in the store of that name, else the one at the location, else our own" {
    app=$(make_app 'exit 0')
    configure_stage1 '"name": "example.com/stage1-chroot", "version": "1"'
    run run_configured "$app"
    assert_status 254
    assert_contains "$output" 'looking for the stage1 image example.com/stage1-chroot:1 that the configuration names: it is not in the store'
    configure_stage1 "\"name\": \"example.com/stage1-chroot\", \"version\": \"1\", \"location\": \"$(make_stage1)\""
    assert_equal "$(run_configured "$app")" foreign
    rm "$images/stage1.aci"
    assert_equal "$(run_configured "$app")" foreign
    configure_stage1 '"location": "/gone/stage1-none.aci"'
    run run_configured "$app"
    assert_status 254
    assert_contains "$output" 'looking for the stage1 image at the location that the configuration names: fetching /gone/stage1-none.aci'
    hello=$(make_aci example.com/hello 'echo hello')
    configure_stage1 '"location": "/gone/stage1-systemd.aci"'
    assert_equal "$(run_configured "$hello")" $'hello\nours'
    configure_stage1 "\"name\": \"coreos.com/rkt/stage1-systemd\", \"version\": \"$("$RKT" version | awk '/^rkt Version/ { print $3 }')\""
    assert_equal "$(run_configured "$hello")" $'hello\nours'
    configure_stage1 '"location": "/gone/stage1-none.aci"'
    assert_equal "$(run_configured --stage1-hash="$(rkt image list --full --no-legend --fields=name,id | awk '/stage1-chroot/ { print $2 }')" "$app")" foreign
}

@test "--stage1-from-dir looks in the configured directory" {
    app=$(make_app 'exit 0')
    mkdir -p "$BATS_TEST_TMPDIR/config/paths.d"
    echo "{\"rktKind\": \"paths\", \"rktVersion\": \"v1\", \"stage1-images\": \"$images\"}" >"$BATS_TEST_TMPDIR/config/paths.d/a.json"
    make_stage1 >/dev/null
    assert_equal "$(run_configured --stage1-from-dir=stage1.aci "$app")" foreign
}

# fetch_installed STATUS: the archive in that directory, with signatures asked for.
fetch_installed() {
    run "$RKT" --dir="$data" --user-config="$BATS_TEST_TMPDIR/config" --local-config=/nowhere fetch "$stage1_dir/stage1.aci"
    assert_status "$1"
    if [ "$1" = 0 ]; then
        "$RKT" --dir="$data" image rm example.com/stage1-chroot
    else
        assert_contains "$output" "there is no signature $stage1_dir/stage1.aci.asc"
    fi
}

@test "a stage1 that was installed needs no signature, if root alone can have put it there" {
    stage1_dir=/srv/stage1-images
    mkdir -p "$BATS_TEST_TMPDIR/config/paths.d" /srv/stage1-images
    configure() {
        echo "{\"rktKind\": \"paths\", \"rktVersion\": \"v1\", \"stage1-images\": \"$1\"}" >"$BATS_TEST_TMPDIR/config/paths.d/a.json"
    }
    configure /srv/stage1-images
    make_stage1 >/dev/null
    archive=/srv/stage1-images/stage1.aci
    install -m 644 "$images/stage1.aci" "$archive"
    fetch_installed 0
    configure /srv/stage1-images/
    fetch_installed 0
    # Another owner, and others who may write: to the file, to its directory, or above.
    refused_after() { # COMMAND...: which root undoes
        "$@"
        fetch_installed 254
        chown 0 "$archive" /srv/stage1-images
        chmod 644 "$archive"
        chmod 755 /srv /srv/stage1-images
    }
    refused_after chown 1000 "$archive"
    refused_after chmod 664 "$archive"
    refused_after chmod 646 "$archive"
    refused_after chown 1000 /srv/stage1-images
    refused_after chmod 1777 /srv/stage1-images
    refused_after chmod 775 /srv
    fetch_installed 0
    # A link within the directory is its vendor's; one that leaves it may be anybody's.
    mv "$archive" /srv/stage1-images/stage1-1.aci
    ln -s stage1-1.aci "$archive"
    fetch_installed 0
    for target in /srv/stage1-images/stage1-1.aci ../stage1-images/stage1-1.aci "$images/stage1.aci"; do
        ln -sf "$target" "$archive"
        fetch_installed 254
    done
    ln -sf stage1.aci "$archive"
    run "$RKT" --dir="$data" --user-config="$BATS_TEST_TMPDIR/config" fetch "$archive"
    assert_status 254
    # Nor is there one on the way to it, and nothing else is among them.
    mv -f /srv/stage1-images/stage1-1.aci "$archive"
    ln -s stage1-images /srv/link
    configure /srv/link
    fetch_installed 254
    stage1_dir=/srv/link
    fetch_installed 254
    configure /srv
    stage1_dir=/srv/stage1-images
    fetch_installed 254
}

@test "of a stage1 that was installed what it depends on, and what is given a signature, is verified all the same" {
    mkdir -p "$BATS_TEST_TMPDIR/config/paths.d" /srv/stage1-images
    echo '{"rktKind": "paths", "rktVersion": "v1", "stage1-images": "/srv/stage1-images"}' >"$BATS_TEST_TMPDIR/config/paths.d/a.json"
    install -m 644 "$(make_aci example.com/stage1 -m '"dependencies": [{"imageName": "nowhere.invalid/base"}]')" /srv/stage1-images/
    run "$RKT" --dir="$data" --user-config="$BATS_TEST_TMPDIR/config" fetch /srv/stage1-images/stage1.aci
    assert_status 254
    assert_contains "$output" "fetching nowhere.invalid/base"
    echo garbage >"$images/signature"
    run "$RKT" --dir="$data" --user-config="$BATS_TEST_TMPDIR/config" fetch /srv/stage1-images/stage1.aci --signature="$images/signature"
    assert_status 254
    assert_contains "$output" "there is no OpenPGP signature in it"
}
