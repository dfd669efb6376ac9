# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# A pod without rkt: what stage0 would prepare is prepared here, and stage1's entry points are called as
# the interface says, so that stage1 is tested alone.

stage1=${RKT_BUILD:-$project/build}/stage1-systemd/rootfs

# ---- Preparing

# Makes $pod, the directory of a pod without apps.
new_pod() { # [NAME]
    uuid=$(cat /proc/sys/kernel/random/uuid)
    pod=$data/pods/run/$uuid
    upper=$pod/overlay/stage1/upper
    apps=()
    mkdir -p "$pod"/{appsinfo,stage1/rootfs,overlay/stage1/{upper/rkt/status,upper/etc,work},overlay/apps,"journal/${uuid//-/}"}
    echo "${uuid//-/}" >"$upper/etc/machine-id"
    listening=''
    if [ -n "${1:-}" ]; then echo "$1" >"$pod/name"; fi
}

# Adds an app that runs LINES in a shell. APP-MEMBERS are put into its "app", POD-MEMBERS into the pod's entry.
add_app() { # [-u USER] [-g GROUP] [-a APP-MEMBERS] [-p POD-MEMBERS] [-x EXEC] NAME [LINE]...
    local user=0 group=0 app='' entry='' exec='' option OPTIND=1 name
    while getopts u:g:a:p:x: option; do
        case $option in
            u) user=$OPTARG ;;
            g) group=$OPTARG ;;
            a) app=", $OPTARG" ;;
            p) entry=", $OPTARG" ;;
            x) exec=$OPTARG ;;
            *) return 1 ;;
        esac
    done
    shift $((OPTIND - 1))
    name=$1
    shift
    exec=${exec:-[\"/bin/sh\", \"-c\", $(json_string "$(printf '%s\n' "$@")")]}
    mkdir -p "$pod/appsinfo/$name" "$pod/overlay/apps/$name"/{lower,upper,work}
    fill_rootfs "$pod/overlay/apps/$name/lower"
    cat >"$pod/appsinfo/$name/manifest" <<MANIFEST
{"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/$name",
 "app": {"exec": $exec, "user": "$user", "group": "$group"$app}}
MANIFEST
    apps+=("{\"name\": \"$name\", \"image\": {\"id\": \"sha512-$(printf '%0128d' 0)\"}$entry}")
}

# ---- Running

# COMMAND in a mount namespace of its own, in the pod's directory, with everything mounted.
in_pod_mounts() { # COMMAND...
    local IFS=,
    echo "{\"acKind\": \"PodManifest\", \"acVersion\": \"0.8.11\", \"apps\": [${apps[*]}]}" >"$pod/pod"
    stage1=$stage1 listening=$listening unshare --mount --propagation slave bash -euc '
        cd "$0"
        overlay() { mount -t overlay -o "nodev,lowerdir=$1,upperdir=$2/upper,workdir=$2/work" overlay "$3"; }
        overlay "$stage1" overlay/stage1 stage1/rootfs
        mount --bind journal stage1/rootfs/var/log/journal
        for app in appsinfo/*; do
            app=${app##*/}
            mkdir -p "stage1/rootfs/opt/stage2/$app/rootfs"
            overlay "overlay/apps/$app/lower" "overlay/apps/$app" "stage1/rootfs/opt/stage2/$app/rootfs"
        done
        [ -p stage1/rootfs/rkt/events ] || mkfifo stage1/rootfs/rkt/events
        if [ "$listening" ]; then
            while read -r what app; do
                status=$(cat "overlay/stage1/upper/rkt/status/$app" 2>/dev/null) || status=none
                echo "$what $app $status"
            done \
                <>stage1/rootfs/rkt/events >heard 2>&1 3>&- &
            echo $! >listener
        fi
        exec "$@"' "$pod" "$@"
}

# Runs the pod to its end; bats gives status and output. With $listening set, what is told of the apps' ends, and
# their statuses then, come to $pod/heard until the process in $pod/listener is ended.
boot_pod() { # [ARGUMENT-OF-RUN...]
    run in_pod_mounts stage1/rootfs/rkt/run --net=none "$@" "$uuid" 3>&-
}

# Starts the pod behind us, in $runner.
start_pod() { # [ARGUMENT-OF-RUN...]
    in_pod_mounts stage1/rootfs/rkt/run --net=none "$@" "$uuid" >"$pod/console" 2>&1 </dev/null 3>&- &
    runner=$!
}

# Waits for the end of what start_pod started, and gives its status as bats does.
end_pod() {
    status=0
    wait "$runner" || status=$?
    output=$(cat "$pod/console")
}

# Waits until COMMAND succeeds, lets the app go on that waits for /go, and waits for the pod's end.
release_app() { # APP COMMAND...
    await 20 "${@:2}"
    touch "/proc/$(leader_pid)/root/opt/stage2/$1/rootfs/go"
    end_pod
}

# Waits until an app says so by `touch /ready`.
await_app() { # APP
    await 20 test -e "$pod/overlay/apps/$1/upper/ready"
}

# ---- Looking

status_of() { # APP
    cat "$upper/rkt/status/$1"
}

# Exactly what the app wrote, in order.
lines_of() { # APP
    journalctl -q -D "$pod/journal" -o cat "_SYSTEMD_UNIT=$1.service" "SYSLOG_IDENTIFIER=$1"
}

nspawn_pid() {
    cat "$pod/ppid"
}

# The pod's PID 1.
leader_pid() {
    local child children
    read -r -a children <"/proc/$(nspawn_pid)/task/$(nspawn_pid)/children"
    for child in "${children[@]}"; do
        if grep -qE '^NSpid:.*[[:space:]]1$' "/proc/$child/status"; then echo "$child"; fi
    done
}

# An entry point, called as stage0 calls it.
entry_point() { # NAME ARGUMENT...
    local name=$1
    shift
    (cd "$pod" && exec "$stage1/rkt/$name" "$@")
}
