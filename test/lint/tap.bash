# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# What every lint test is made of: checks that are good when they have nothing to say, told as TAP.

set -euo pipefail

checked=0

# A command that succeeds and is silent is ok; what it says is why it is not.
check() { # NAME COMMAND...
    local name=$1 said
    shift
    checked=$((checked + 1))
    if said=$("$@" 2>&1) && [ -z "$said" ]; then
        echo "ok $checked - $name"
    else
        echo "not ok $checked - $name"
        echo "# ${said//$'\n'/$'\n'# }"
    fi
}

skip() { # NAME REASON
    checked=$((checked + 1))
    echo "ok $checked - $1 # SKIP $2"
}

trap 'echo "1..$checked"' EXIT

# The project's files, whether or not git knows them: without what is built, and without git's own.
project_files() { # FIND-EXPRESSION...
    find . \( -name .git -o -path './build*' -o -path './mkosi.*/*' \) -prune -o -type f \( "$@" \) -print | sort
}

cplusplus_files() {
    project_files -name '*.cc' -o -name '*.h'
}

# Shell programs have no suffix: their first line tells.
shell_files() {
    project_files -name '*.bash' -o -name '*.bats'
    project_files ! -name '*.*' | xargs awk 'FNR == 1 { if (/^#!.*sh$/) print FILENAME; nextfile }'
}
