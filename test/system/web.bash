# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# The web of a case: a server of our own on this host, to which the names example.com and example.org lead.

# make_authority: of the case; its certificate is what programs trust from here on.
make_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority \
        -keyout "$web/ca.key" -out "$web/ca.crt" 2>/dev/null
    export SSL_CERT_FILE=$web/ca.crt
}

make_certificate() { # HOST...
    local names
    names=$(printf ',DNS:%s' "$@")
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
        -keyout "$web/server.key" -out "$web/server.csr" 2>/dev/null
    openssl x509 -req -in "$web/server.csr" -CA "$web/ca.crt" -CAkey "$web/ca.key" -CAcreateserial -days 2 \
        -extfile <(echo "subjectAltName=${names#,}") -out "$web/server.crt" 2>/dev/null
}

start_web() { # [HOST]... that the certificate is for
    web=$BATS_TEST_TMPDIR/web
    mkdir -p "$web/files" "$web/pages"
    : >"$web/requests"
    unset CURL_CA_BUNDLE SSL_CERT_FILE {http,https,all,no}_proxy {HTTP,HTTPS,ALL,NO}_PROXY
    grep -q example.com /etc/hosts || echo '127.0.0.1 example.com example.org' >>/etc/hosts
    local certificate=()
    if [ $# -gt 0 ]; then
        make_authority
        make_certificate "$@"
        certificate=("$web/server.crt" "$web/server.key")
    fi
    python3 "$BATS_TEST_DIRNAME/web-server" "$web" "${certificate[@]}" 3>&- &
    web_pid=$!
    await 10 test -e "$web/ready"
}

stop_web() {
    [ -z "${web_pid:-}" ] || kill -9 "$web_pid" 2>/dev/null || true
    web_pid=''
}

# Of an archive, under that name; each call changes what it is.
serve_aci() { # ACI [NAME]
    cp "$1" "$web/files/${2:-$(basename "$1")}"
}

# put_page HOST/PATH LINE...
put_page() {
    local file=$web/pages/$1.html
    mkdir -p "$(dirname "$file")"
    printf '%s\n' "${@:2}" >"$file"
}

discovery_tag() { # PREFIX TEMPLATE
    echo "<meta name=\"ac-discovery\" content=\"$1 $2\">"
}

requests() { # PATTERN: how many there were
    grep -cE -- "$1" "$web/requests" || true
}
