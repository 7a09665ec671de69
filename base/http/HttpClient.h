#pragma once

#include <Poco/Net/NameValueCollection.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "changebank/base/http/CertificateAuthorities.h"

namespace changebank {

/// Sends requests to other servers, by libcurl: HTTP/1.1, plain or over TLS 1.2 or later with verification of
/// the server's certificate and name; over IPv4 and IPv6, whichever connects first (RFC 8305). Does not
/// follow redirects, keeps no connections and no cookies, and asks for bodies without a content coding.
/// Immutable; may be used from any thread.
class HttpClient {
public:
    struct Options {
        /// A PEM file with the certificate authorities to trust; empty: the system's.
        std::string caFile{};
        /// These in place of the file, read already; nullptr: those of the file are read.
        CertificateAuthorities::Ptr authorities{};
        /// The proxy's URL. Empty: as the environment variables http_proxy, https_proxy, all_proxy and
        /// no_proxy say, in lower or upper case. Loopback hosts are always asked directly.
        std::string proxy{};
        /// The maximum size of a response's body, in bytes.
        std::size_t maxBodySize = std::size_t{1024} * 1024;
    };

    struct Request {
        /// An http or https URL.
        std::string url;
        /// Field names and values.
        std::vector<std::pair<std::string, std::string>> fields{};
        /// The request is a POST with this body; without one it is a GET.
        std::optional<std::string> body{};
        /// Bounds resolving and connecting; 0: only the timeout of the exchange does.
        std::chrono::milliseconds connectTimeout{0};
    };

    struct Response {
        int status = 0;
        Poco::Net::NameValueCollection fields;
        std::string body;
    };

    /// Why there is no response.
    struct Failure {
        enum class Kind : unsigned char {
            unreachable,  ///< No connection, no trust, or a response that is not HTTP, cut off or too large.
            timedOut,
            stopped,
        };
        Kind kind;
        /// One line for an operator. Text of the server in it is escaped.
        std::string reason;
    };

    using Result = std::variant<Response, Failure>;

    /// The maximum size of all fields of a response, informational responses included, in bytes.
    static constexpr std::size_t maxFieldsSize = std::size_t{32} * 1024;

    /// Reads the certificate authorities unless they are given. Throws Poco::Exception if that fails.
    explicit HttpClient(Options options);
    HttpClient() : HttpClient(Options()) {}

    /// Sends a request and returns the final response, whatever its status. Returns after `timeout` at the
    /// latest, which includes the resolution of names, and soon after `stopping` is requested.
    Result send(const Request& request, std::chrono::milliseconds timeout,
                const std::stop_token& stopping = {}) const;

private:
    Options _options;
};

}  // namespace changebank
