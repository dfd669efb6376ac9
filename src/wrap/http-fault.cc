// SPDX-License-Identifier: Apache-2.0

#include "wrap/http-fault.h"

#include "base/text.h"

#include <cstring>

#include <curl/curl.h>

namespace rkt {

namespace {

std::string words_of(const HttpFault& fault) {
    std::string_view words = trim(fault.words);
    return std::string(words.empty() ? curl_easy_strerror(static_cast<CURLcode>(fault.code)) : words);
}

[[noreturn]] void throw_unconnected(const HttpFault& fault) {
    if (fault.system_error != 0)
        throw ConnectError("connecting to {}: {}", fault.host, std::strerror(fault.system_error));
    throw ConnectError("connecting to {}: {}", fault.host, words_of(fault));
}

[[noreturn]] void throw_timeout(const HttpFault& fault) {
    if (fault.is_out_of_time)
        throw BrokenOff("{} took longer than {} seconds", fault.host, fault.longest.count());
    if (!fault.was_connected)
        throw ConnectError("connecting to {} took longer than {} seconds", fault.host,
                           fault.options.connect_timeout.count());
    throw BrokenOff("{} sent less than {} bytes a second for {} seconds", fault.host,
                    fault.options.slowest_rate, fault.options.stall_timeout.count());
}

} // namespace

void throw_http_fault(const HttpFault& fault) {
    switch (fault.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        throw ConnectError("no address of {} is known", fault.host);
    case CURLE_COULDNT_RESOLVE_PROXY:
        throw ConnectError("no address of the proxy is known");
    case CURLE_COULDNT_CONNECT:
        throw_unconnected(fault);
    case CURLE_OPERATION_TIMEDOUT:
        throw_timeout(fault);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        throw TlsError("the certificate of {} is not trusted: {}", fault.host, words_of(fault));
    case CURLE_SSL_CACERT_BADFILE:
        throw TlsError("reading the certificates of authorities: {}", words_of(fault));
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
        throw TlsError("beginning TLS with {}: {}", fault.host, words_of(fault));
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2_STREAM:
    case CURLE_HTTP2:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        throw BrokenOff("{} broke off: {}", fault.host, words_of(fault));
    case CURLE_GOT_NOTHING:
        throw BrokenOff("{} gave no answer", fault.host);
    default:
        throw Error("asking {}: {}", fault.host, words_of(fault));
    }
}

} // namespace rkt
