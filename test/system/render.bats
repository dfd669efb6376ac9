#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Images with dependencies and path whitelists: what apps see, what is kept for them, and their files on the
# way out of the store.

bats_require_minimum_version 1.5.0
load lib

# Puts an image without an app into the store and prints its ID. Each PATH becomes a file that holds the
# image's name; "dir/" a directory; "link>target" a link.
put() { # NAME MANIFEST-MEMBERS [PATH]...
    local name=$1 members=$2 path layout=$BATS_TEST_TMPDIR/$1.layout
    shift 2
    rm -rf "$layout" && mkdir -p "$layout/rootfs"
    for path in "$@"; do
        mkdir -p "$layout/rootfs/$(dirname "$path")"
        case $path in
            */) mkdir -p "$layout/rootfs/$path" ;;
            *'>'*) ln -s "${path#*>}" "$layout/rootfs/${path%%>*}" ;;
            *) echo "$name" >"$layout/rootfs/$path" ;;
        esac
    done
    echo "{\"acKind\": \"ImageManifest\", \"acVersion\": \"0.8.11\", \"name\": \"example.com/$name\"${members:+, $members}}" \
        >"$layout/manifest"
    pack_aci "$layout" "$images/$name.aci"
    rkt fetch --full --no-dependencies "$images/$name.aci"
}

needs() { # NAME...
    local list
    list=$(printf ', {"imageName": "example.com/%s"}' "$@")
    printf '"dependencies": [%s]' "${list#, }"
}

only() { # PATH...
    local list
    list=$(printf ', "%s"' "$@")
    printf '"pathWhitelist": [%s]' "${list#, }"
}

count() { # DIR...: of what lies in them
    find "$@" -mindepth 1 -maxdepth 1 | wc -l
}

# What a tree is, without times: a line a file.
listing() { # DIR
    (cd "$1" && find . -printf '%p %y %m %U:%G %l\n' -type f -exec cat {} \; | LC_ALL=C sort)
}

@test "IMG-30, IMG-31: dependencies lie below, and one that is shared is applied again: D, B, D, C, A" {
    put d '' 1 2 3 4
    put b "$(needs d)" 1 2 3
    put c "$(needs d)" 1 2
    aci=$(make_aci example.com/a -m "$(needs b c)" 'cat /1 /2 /3 /4')
    run --separate-stderr rkt run "$aci"
    assert_status 0
    assert_equal "$output" $'c\nc\nd\nd'
    assert_equal "$(ls "$data/trees")" ""
}

@test "IMG-32, IMG-33: what lies above replaces what lies below, whatever the two are" {
    put base '' dir/a file 'lib>usr/lib' usr/lib/below
    put middle "$(needs base)" dir file/b lib/above
    rkt image render example.com/middle "$images/out"
    assert_equal "$(cd "$images/out/rootfs" && find . ! -type d | sort)" $'./dir\n./file/b\n./lib/above\n./usr/lib/below'
    aci=$(make_aci example.com/top -m "$(needs middle)" 'cat /dir /file/b /lib/above; ls /lib')
    run --separate-stderr rkt run "$aci"
    assert_equal "$output" $'middle\nmiddle\nmiddle\nabove'
}

# Makes an archive of files, directories and links at random: ARCHIVE NAME MANIFEST-MEMBERS
put_random() {
    local layout=$BATS_TEST_TMPDIR/random path
    rm -rf "$layout" && mkdir -p "$layout/rootfs"
    chmod $((RANDOM % 2 ? 755 : 711)) "$layout/rootfs"
    for path in a b a/a a/b b/a b/b a/a/a a/a/b a/b/a b/a/b; do
        [ -d "$layout/rootfs/${path%/*}" ] || [[ $path != */* ]] || continue
        case $((RANDOM % 7)) in
            0 | 1 | 2) mkdir -m $((RANDOM % 2 ? 750 : 711)) "$layout/rootfs/$path" ;;
            3 | 4) echo "$1" >"$layout/rootfs/$path" ;;
            5) ln -s "nowhere-$1" "$layout/rootfs/$path" ;;
        esac
    done
    echo "{\"acKind\": \"ImageManifest\", \"acVersion\": \"0.8.11\", \"name\": \"example.com/$1\", $2
        \"app\": {\"exec\": [\"/a\"], \"user\": \"0\", \"group\": \"0\"}}" >"$layout/manifest"
    # Now and then directories have no entry of their own.
    (cd "$layout" && find manifest rootfs | LC_ALL=C sort | while read -r path; do
        if [ ! -L "$path" ] && [ -d "$path" ] && [ "$(ls -A "$path")" ] && ((RANDOM % 12 == 0)); then continue; fi
        echo "$path"
    done) >"$images/list"
    tar --create --file="$images/random.aci" --directory="$layout" --no-recursion --files-from="$images/list"
    rkt fetch "$images/random.aci" 2>/dev/null
}

@test "IMG-30 to IMG-33: stacking gives what laying one over the other gives, on images made at random" {
    RANDOM=4711
    stacked=0 rendered=0
    for i in {1..40}; do
        put_random a ''
        put_random b ''
        put_random c "$(needs a),"
        order=$(for name in a b a c; do echo "$RANDOM $name"; done | sort | cut -d' ' -f2 | tr '\n' ' ')
        # shellcheck disable=SC2086 # names
        put_random t "$(needs $order),"
        rkt image render --overwrite --rootfs-only example.com/t "$images/laid"
        pod=$(rkt prepare example.com/t)
        layers=$data/pods/prepared/$pod/appsinfo/t/layers
        # shellcheck disable=SC2016 # the script's own
        run unshare --mount bash -euc 'cd "$1"
            if [ "$(wc -l <"$2")" -gt 1 ]; then mount -t overlay -o "lowerdir=$(paste -sd: "$2")" overlay "$3"
            else mount --bind "$(cat "$2")" "$3"; fi
            cd "$3"; find . -printf "%p %y %m %U:%G %l\n" -type f -exec cat {} \; | LC_ALL=C sort' \
            stack "$data" "$layers" "$(mktemp -d)"
        assert_status 0
        assert_equal "$output" "$(listing "$images/laid")" "round $i, order $order"
        if grep -q ^trees "$layers"; then rendered=$((rendered + 1)); else stacked=$((stacked + 1)); fi
    done
    # Both ways were taken.
    [ $stacked -gt 5 ] && [ $rendered -gt 5 ]
}

@test "IMG-41, IMG-42, IMG-44, IMG-46: an app sees what every whitelist on the way lets through" {
    put c '' dir/x dir/y dir/z dir/w
    put b "$(only /dir/x /dir/y), $(needs c)" dir/x dir/w
    layout=$BATS_TEST_TMPDIR/layout
    fill_rootfs "$layout"
    mapfile -t all < <(cd "$layout" && find . | sed 's/^\.//; s/^$/\//')
    aci=$(make_aci example.com/a -m "$(only "${all[@]}" /dir/y /dir/z), $(needs b)" 'echo /dir/*; cat /dir/y; echo >/new')
    for _ in 1 2; do # IMG-34
        run --separate-stderr rkt run "$aci"
        assert_status 0
        assert_equal "$output" $'/dir/y\nc'
    done
    # It was rendered once, and nothing was written to it.
    assert_equal "$(count "$data/trees")" 1
    assert_equal "$(ls "$data"/trees/*)" $'images\nrootfs'
    [ ! -e "$(echo "$data"/trees/*)/rootfs/new" ]
    assert_equal "$(ls "$data/tmp")" ""
}

@test "whiteouts and opaque directories of an image of several layers count, stacked and rendered" {
    lower=$(put lower '' gone dir/old kept/a kept/b)
    upper=$(put upper '' dir/new kept/c)
    # As the layers of an image that was not an ACI: what is made by hand here no archive may have.
    mknod "$data/layers/$upper/rootfs/gone" c 0 0
    mknod "$data/layers/$upper/rootfs/kept/a" c 0 0
    setfattr -n trusted.overlay.opaque -v y "$data/layers/$upper/rootfs/dir"
    printf '%s\n' "$upper" "$lower" >"$data/images/$upper/layers"
    expected=$'./dir/new\n./kept/b\n./kept/c'
    rkt image render --rootfs-only "$upper" "$images/out"
    assert_equal "$(cd "$images/out" && find . ! -type d | sort)" "$expected"
    stacked=$(make_aci example.com/stacked -m "$(needs upper)" 'ls -d /gone /dir/* /kept/* 2>/dev/null')
    run --separate-stderr rkt run "$stacked"
    assert_equal "$output" $'/dir/new\n/kept/b\n/kept/c'
    put other "$(needs upper), $(only /gone /dir/old /kept/a /kept/b)"
    rkt image render --rootfs-only example.com/other "$images/filtered"
    assert_equal "$(cd "$images/filtered" && find . ! -type d | sort)" ./kept/b
    # Over another image its whiteouts would hide what is not its own.
    put first '' gone
    put both "$(needs first upper)"
    run rkt image render example.com/both "$images/both"
    assert_status 254
    assert_contains "$output" "image example.com/upper has several layers and lies over another image"
    [ ! -e "$images/both" ]
}

@test "IMG-8: a tree has the owners, modes, times, links and attributes of its layers" {
    layout=$(make_layout base)
    (
        cd "$layout/rootfs"
        echo x >file && chown 1234:5678 file && chmod 6751 file && touch -d @1234567890.5 file
        setfattr -n user.colour -v red file
        cp /bin/true cap && setcap cap_net_bind_service+ep cap
        ln file hard && ln -s /nowhere soft && chown -h 1:2 soft && mkfifo fifo
        mkdir dir && chmod 1731 dir && chown 7:8 dir && touch -d @987654321 dir
        truncate -s 1000000 hole && echo end >>hole
    )
    tar --create --xattrs --xattrs-include='*' --sparse --format=posix --file="$images/base.aci" --directory="$layout" manifest rootfs
    rkt fetch "$images/base.aci"
    put top "$(needs base)" other
    rkt image render example.com/top "$images/out"
    rkt image extract example.com/base "$images/base"
    for out in out base; do
        [ "$(getfattr -n user.colour --only-values "$images/$out/rootfs/file")" = red ]
        assert_contains "$(getcap "$images/$out/rootfs/cap")" cap_net_bind_service
        [ "$(stat -c %b "$images/$out/rootfs/hole")" -lt 100 ]
        [ "$images/$out/rootfs/file" -ef "$images/$out/rootfs/hard" ]
    done
    run tar --compare --xattrs --file="$images/base.aci" --directory="$images/base" rootfs
    assert_equal "$output" ""
    rm "$images/out/rootfs/other"
    run tar --compare --xattrs --file="$images/base.aci" --directory="$images/out" rootfs
    assert_equal "$(grep -v '^rootfs: Mod time differs' <<<"$output")" ""
    # Nothing is shared with the store.
    [ "$(stat -c %h "$images/out/rootfs/file")" -eq 2 ]
}

@test "a dependency that is missing is named, and nothing is made" {
    aci=$(make_aci example.com/web -m '"dependencies": [{"imageName": "example.com/base", "labels": [{"name": "version", "value": "7"}]}]' true)
    rkt fetch --no-dependencies "$aci"
    for command in "run" "prepare"; do
        run rkt $command --pull-policy=never example.com/web
        assert_status 254
        assert_contains "$output" "rendering image example.com/web: image example.com/web depends on example.com/base:7, which is not in the store"
        run rkt $command example.com/web
        assert_status 254
        assert_contains "$output" "rkt: fetching example.com/base:7, on which image example.com/web depends: nothing is found about example.com/base: "
    done
    run rkt image render example.com/web "$images/out"
    assert_status 254
    assert_contains "$output" "depends on example.com/base:7, which is not in the store"
    assert_equal "$(count "$data/tmp" "$data/trees" "$data/pins") $(count "$images")" "0 1"
    run rkt list --no-legend
    assert_equal "$output" ""
    put base '"labels": [{"name": "version", "value": "7"}]' file
    rkt image rm example.com/base
    put base '"labels": [{"name": "version", "value": "8"}]' file
    run rkt run example.com/web
    assert_status 254
    id=$(put base '"labels": [{"name": "version", "value": "7"}]' file)
    pod=$(rkt prepare example.com/web)
    rkt rm "$pod"
    # ACI-31: an ID is an ID.
    put by-id "\"dependencies\": [{\"imageName\": \"example.com/base\", \"imageID\": \"$id\"}]" own
    rkt image render --rootfs-only example.com/by-id "$images/out"
    assert_equal "$(ls "$images/out")" $'file\nown'
    rkt image rm "$id"
    run rkt image render example.com/by-id "$images/other"
    assert_status 254
    assert_contains "$output" "image example.com/by-id depends on example.com/base (${id:0:39}), which is not in the store"
}

@test "IMG-35: circles and depths without end are refused" {
    put a "$(needs b)"
    put b "$(needs a)"
    put self "$(needs self)"
    run rkt image render example.com/a "$images/out"
    assert_status 254
    assert_contains "$output" "image example.com/a depends on itself: example.com/a > example.com/b > example.com/a"
    run rkt image render example.com/self "$images/out"
    assert_status 254
    put n0 ''
    for ((i = 1; i < 200; i++)); do put "n$i" "$(needs "n$((i - 1))")" >/dev/null; done
    rkt image render example.com/n199 "$images/deep"
    put n200 "$(needs n199)" own
    run rkt image render example.com/n200 "$images/out"
    assert_status 254
    assert_contains "$output" "its dependencies are more than 200 deep"
    put w0 ''
    for ((i = 1; i <= 12; i++)); do put "w$i" "$(needs "w$((i - 1))" "w$((i - 1))")" >/dev/null; done
    run rkt image render example.com/w12 "$images/out"
    assert_status 254
    assert_contains "$output" "more than 1000 images"
    [ ! -e "$images/out" ]
}

@test "ACI-33: a dependency that came with another size is refused" {
    put base '' file
    size=$(stat -c %s "$images/base.aci")
    put right "\"dependencies\": [{\"imageName\": \"example.com/base\", \"size\": $size}]" own
    put wrong "\"dependencies\": [{\"imageName\": \"example.com/base\", \"size\": $((size - 1))}]" own
    rkt image render example.com/right "$images/right"
    run rkt image render example.com/wrong "$images/wrong"
    assert_status 254
    assert_contains "$output" "with a size of $((size - 1)) bytes, and the one in the store came with $size"
}

@test "the images a pod needs are kept, and so is its tree" {
    base=$(put base '' greeting hidden)
    aci=$(make_aci example.com/web -m "$(needs base)" 'cat /greeting')
    layout=$BATS_TEST_TMPDIR/layout
    fill_rootfs "$layout"
    mapfile -t all < <(cd "$layout" && find . -mindepth 1 | sed 's/^\.//')
    listed=$(make_aci example.com/listed -m "$(only /greeting "${all[@]}"), $(needs base)" 'cat /greeting; ls /hidden')
    stacked=$(rkt prepare "$aci")
    rendered=$(rkt prepare "$listed")
    run rkt image rm "$base"
    assert_status 254
    assert_contains "$output" "is used by the pod"
    rkt image gc --grace-period=0
    rkt image list --no-legend --fields=name
    assert_equal "$(rkt image list --no-legend --fields=name | sort)" $'example.com/base\nexample.com/listed:1\nexample.com/web:1'
    # Another image of that name changes no pod that is prepared.
    put base '' other
    run --separate-stderr rkt run-prepared "$stacked"
    assert_equal "$output" base
    run --separate-stderr rkt run-prepared "$rendered"
    assert_status 1
    assert_equal "$output" $'base\nls: /hidden: No such file or directory'
    # A tree goes when nobody used it for a while, and not before.
    rkt rm "$stacked" "$rendered"
    rkt image gc
    assert_equal "$(count "$data/trees")" 1
    rkt image gc --grace-period=0
    assert_equal "$(count "$data/trees" "$data/layers" "$data/images" "$data/tmp")" 0
}

@test "debug takes its tools from an image with dependencies, and these are kept meanwhile" {
    base=$(put base '' tools/mark)
    tools=$(rkt fetch --full "$(make_aci example.com/tools -m "$(needs base)" true)")
    pod=$(rkt run --detach "$(make_aci example.com/web 'exec sleep 1000')")
    await 10 rkt enter "$pod" /bin/true
    run --separate-stderr rkt debug --image="$tools" "$pod" web -- /bin/cat /tools/mark
    assert_status 0
    assert_equal "$output" base
    rkt stop "$pod"
    rkt image rm "$base"
}

is_rendering() {
    [ -e "$(echo "$images"/.out-*/rootfs)" ]
}

@test "a rendering that is killed leaves nothing that counts" {
    layout=$(make_layout base)
    mkdir "$layout/rootfs/many"
    (cd "$layout/rootfs/many" && seq 20000 | xargs touch)
    pack_aci "$layout" "$images/base.aci"
    rkt fetch "$images/base.aci"
    put top "$(only /etc/motd), $(needs base)" own
    aci=$(make_aci example.com/web -m "$(needs top base), $(only /bin/busybox /bin/sh)" true)
    rkt fetch "$aci"
    rkt image render example.com/base "$images/out" &
    rendering=$!
    await 10 is_rendering
    kill -9 $rendering
    wait $rendering || ended=$?
    assert_equal "$ended" 137
    [ ! -e "$images/out" ]
    mkdir -p "$data"/tmp/render-dead/tree/rootfs
    rkt run "$aci"
    rkt image gc
    assert_equal "$(ls "$data/tmp")" ""
}

@test "image render and extract: with the manifest or without, only where nothing is, or in its place" {
    put base '' base
    id=$(put web "$(needs base)" own)
    rkt image render "$id" "$images/rendered"
    assert_equal "$(cd "$images/rendered" && find . | sort | tr '\n' ' ')" '. ./manifest ./rootfs ./rootfs/base ./rootfs/own '
    cmp "$BATS_TEST_TMPDIR/web.layout/manifest" "$images/rendered/manifest"
    rkt image extract "$id" "$images/extracted/"
    assert_equal "$(cd "$images/extracted" && find . | sort | tr '\n' ' ')" '. ./manifest ./rootfs ./rootfs/own '
    mkdir "$images/there" && touch "$images/there/old" "$images/file"
    ln -s there "$images/link"
    for verb in render extract; do
        for target in there file link; do
            run rkt image $verb "$id" "$images/$target"
            assert_status 254
            assert_contains "$output" "writing $images/$target: it is there already; --overwrite replaces it"
        done
        for target in / // /usr/..; do
            run rkt image $verb --overwrite "$id" $target
            assert_status 254
            assert_contains "$output" "the root directory is not to be replaced"
        done
        for target in "$data" "$(dirname "$data")"; do
            run rkt image $verb --overwrite "$id" "$target"
            assert_status 254
            assert_contains "$output" "the data directory $data lies in it"
        done
        run rkt image $verb "$id" "$images/gone/out"
        assert_status 254
        run rkt image $verb "$id"
        assert_status 254
        run rkt image $verb example.com/gone "$images/out"
        assert_status 254
        [ ! -e "$images/out" ]
    done
    rkt image extract --overwrite --rootfs-only "$id" "$images/there"
    assert_equal "$(ls -A "$images/there")" own
    rkt image render --overwrite --rootfs-only "$id" "$images/file"
    assert_equal "$(ls -A "$images/file")" $'base\nown'
    assert_equal "$(find "$images" -name '.*')" ""
}

@test "image export: the same bytes, in a file that ends in .aci and was not there" {
    aci=$(make_small_aci web)
    gzip "$aci"
    id=$(rkt fetch --full "$aci.gz")
    rkt image export "$id" "$images/out.aci"
    cmp "$aci.gz" "$images/out.aci"
    assert_equal "$(stat -c %a "$images/out.aci")" 644
    echo old >"$images/out.aci"
    run rkt image export "$id" "$images/out.aci"
    assert_status 254
    assert_contains "$output" "it is there already; --overwrite replaces it"
    assert_equal "$(cat "$images/out.aci")" old
    rkt image export --overwrite "$id" "$images/out.aci"
    cmp "$aci.gz" "$images/out.aci"
    for target in "$images/out" "$images/out.tar" "$images/.aci"; do # IMG-1
        run rkt image export "$id" "$target"
        assert_status 254
        assert_contains "$output" "the name of an archive ends in .aci"
        [ ! -e "$target" ]
    done
    rkt image rm "$id"
    rkt fetch --no-archive "$aci.gz"
    run rkt image export "$id" "$images/other.aci"
    assert_status 254
    assert_contains "$output" "its archive was not kept"
    assert_equal "$(cd "$images" && find . -name '.*' ! -name . -o -name other.aci)" ""
}
