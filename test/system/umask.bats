#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Whatever the umask of the caller: pods and the store are as ever, and only what is the caller's follows it.

load lib

# A fresh data directory that rkt itself makes, where everybody may go.
take_fresh_data() {
    [ -n "${above:-}" ] || above=$data
    chmod 755 "$above"
    data=$above/fresh.$1
}

# An app of another user that tells what it sees and does. The archive says nothing of the root itself.
make_witness() {
    local layout=$BATS_TEST_TMPDIR/witness
    mkdir "$layout"
    tar --extract --file="$(make_aci example.com/witness -u alice -g staff -a '"eventHandlers": [
        {"name": "pre-start", "exec": ["/bin/echo", "pre"]}, {"name": "post-stop", "exec": ["/bin/echo", "post"]}]' \
        'stat -c "%A %u:%g %n" / /etc /etc/hosts /etc/resolv.conf /tmp /shared /new /new/dir /new/dir/file /new/dir/of/host' \
        'grep -c localhost /etc/hosts; grep -q nameserver /etc/resolv.conf && echo resolved' \
        'cat /new/dir/file /new/dir/of/host/file; echo made >/shared/made && cat /shared/made; ls /; umask; exit 3')" \
        --directory="$layout"
    (cd "$layout" && tar --create --file="$images/witness.aci" --owner=0 --group=0 --numeric-owner manifest rootfs/*)
    echo "$images/witness.aci"
}

# Runs the witness with volumes over what the image has not, and says how it ended.
witness() { # UMASK FLAG...
    (
        umask "$1"
        status=0
        rkt run "${@:2}" --dns=192.0.2.53 --volume=shared,kind=empty,mode=0777 --mount=volume=shared,target=/shared \
            --volume=dir,kind=host,source="$BATS_TEST_TMPDIR/host" --mount=volume=dir,target=/new/dir/of/host \
            --volume=file,kind=host,source="$BATS_TEST_TMPDIR/host/file" --mount=volume=file,target=/new/dir/file \
            "$images/witness.aci" 2>&1 || status=$?
        echo "status $status"
    )
}

@test "apps see the same under every umask, with users of their own and without, and with a network" {
    make_witness
    mkdir "$BATS_TEST_TMPDIR/host"
    echo theirs >"$BATS_TEST_TMPDIR/host/file"
    for flags in '--private-users=no --net=none' '--net=none' '--private-users=no' '--net=default'; do
        take_fresh_data usual
        # shellcheck disable=SC2086
        usual=$(witness 022 $flags)
        for part in 'drwxr-xr-x 0:0 /' resolved theirs made pre post 'status 3'; do assert_contains "$usual" "$part"; done
        for umask in 077 000; do
            take_fresh_data "$umask"
            # shellcheck disable=SC2086
            assert_equal "$(witness $umask $flags)" "$usual" "with $flags under $umask"
        done
    done
    # What is in the store and around it, too, and everybody may list.
    for umask in 077 000; do
        for place in '' pods pods/run pods/names images layers; do
            assert_equal "$(stat -c %a "$above/fresh.$umask/$place")" "$(stat -c %a "$above/fresh.usual/$place")" "$place"
        done
        assert_equal "$(setpriv --reuid=1234 --clear-groups "$RKT" --dir="$above/fresh.$umask" list --no-legend --fields=app,state)" \
            "$(for _ in 1 2 3 4; do printf 'witness\texited\n'; done)"
    done
}

@test "a service, an app that comes later and one that is interactive are as ever under a narrow umask" {
    take_fresh_data 077
    aci=$(make_aci example.com/web -u alice -g staff 'cat /etc/hosts >/dev/null && echo read; exec cat')
    (
        umask 077
        rkt run --detach --name=web "$aci"
        systemd-run --quiet --unit=box --property=Type=notify --property=NotifyAccess=main --property=UMask=0077 --collect \
            --property=KillMode=mixed -- "$RKT" --dir="$data" app sandbox --name=box --uuid-file-save="$BATS_TEST_TMPDIR/uuid"
        rkt app add box "$aci" --name=later
        rkt app start box --app=later
    )
    for app in 'web web' 'box later'; do
        await 10 sh -c "'$RKT' --dir='$data' logs $app | grep -q read"
    done
    run sh -c "umask 077; echo in | '$RKT' --dir='$data' --insecure-options=image run --interactive '$aci'"
    assert_equal "$output" $'read\nin'
    assert_equal "$(stat -c %a "$BATS_TEST_TMPDIR/uuid")" 600
    rkt stop web box
}

@test "files that are the caller's follow the caller's umask" {
    aci=$(make_aci example.com/web 'touch /made')
    rkt fetch "$aci" >/dev/null
    for row in '077 600 700' '027 640 750' '022 644 755'; do
        read -r umask file dir <<<"$row"
        out=$BATS_TEST_TMPDIR/$umask
        mkdir "$out"
        (
            umask "$umask"
            rkt run --uuid-file-save="$out/uuid" example.com/web
            rkt export "$(cat "$out/uuid")" "$out/export.aci"
            rkt image export example.com/web "$out/image.aci"
            rkt image extract example.com/web "$out/extracted"
            rkt image render --rootfs-only example.com/web "$out/rendered"
        )
        for name in uuid export.aci image.aci extracted/manifest; do
            assert_equal "$(stat -c %a "$out/$name")" "$file" "$name under $umask"
        done
        assert_equal "$(stat -c %a "$out/extracted")" "$dir" "extracted under $umask"
        assert_equal "$(stat -c %a "$out/rendered/tmp")" 1777 # what the image says
    done
}
