#include "changebank/security/keys/HttpJwksFetcher.h"

#include <Poco/Exception.h>
#include <Poco/String.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <string_view>

#include "changebank/base/system/DeadlineSocket.h"
#include "changebank/base/text/Trimmed.h"

namespace changebank::security {

namespace http = boost::beast::http;

namespace {

using Parser = http::response_parser<http::string_body>;

constexpr std::uint32_t headerLimit = 16 * 1024;

Poco::Net::Context::Ptr clientContext(const std::string& caFile) {
    // Made here rather than taken from POCO's SSLManager, whose context does not check host names.
    Poco::Net::Context::Ptr context =
        new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, caFile, Poco::Net::Context::VERIFY_STRICT,
                               /*verificationDepth=*/9, /*loadDefaultCAs=*/caFile.empty());
    context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
    return context;
}

std::string requestFor(const Poco::URI& uri, const std::string& entityTag, bool forced) {
    const bool isNumericV6 = uri.getHost().find(':') != std::string::npos;
    std::string host = isNumericV6 ? "[" + uri.getHost() + "]" : uri.getHost();
    const int defaultPort = uri.getScheme() == "https" ? 443 : 80;
    if (uri.getPort() != defaultPort) host += ":" + std::to_string(uri.getPort());
    const auto path = uri.getPathEtc();
    std::string request =
        "GET " + (path.empty() ? "/" : path) + " HTTP/1.1\r\nHost: " + host +
        "\r\nAccept: application/jwk-set+json, application/json\r\nUser-Agent: changebank\r\n"
        "Connection: close\r\n";
    if (!entityTag.empty()) request += "If-None-Match: " + entityTag + "\r\n";
    if (forced) request += "Cache-Control: no-cache\r\n";
    return request + "\r\n";
}

/// Receives one response. Throws Poco::Exception if it is not HTTP, too large or cut off.
void receiveResponse(DeadlineSocket& socket, Parser& parser) {
    boost::beast::error_code error;
    std::string pending;
    std::array<char, std::size_t{16} * 1024> buffer{};
    while (!parser.is_done()) {
        const std::size_t received = socket.receive(buffer.data(), buffer.size());
        if (received == 0) {
            if (parser.got_some()) parser.put_eof(error);
            if (error || !parser.is_done()) throw Poco::DataFormatException("the response is cut off");
            return;
        }
        pending.append(buffer.data(), received);
        while (!pending.empty() && !parser.is_done()) {
            const std::size_t used = parser.put(boost::asio::buffer(pending), error);
            pending.erase(0, used);
            if (error == http::error::need_more) break;
            if (error == http::error::body_limit)
                throw Poco::DataFormatException("the response is larger than 1 MiB");
            if (error) throw Poco::DataFormatException("the response is not HTTP: " + error.message());
        }
    }
}

/// Reads the number of seconds at the start of a text (RFC 9111 section 1.2.2), at most 2^31; std::nullopt if
/// there is none.
std::optional<std::chrono::seconds> secondsOf(std::string_view digits) {
    constexpr long max = 1L << 31;
    long seconds = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (error == std::errc::result_out_of_range || seconds > max) return std::chrono::seconds(max);
    if (error == std::errc::invalid_argument || seconds < 0) return std::nullopt;
    return std::chrono::seconds(seconds);
}

/// The freshness lifetime that a list of directives, in lower case, gives a response.
std::optional<std::chrono::seconds> maxAgeOf(std::string_view directives) {
    std::optional<std::chrono::seconds> maxAge;
    while (!directives.empty()) {
        const auto comma = directives.find(',');
        const auto directive = trimmed(directives.substr(0, comma));
        directives.remove_prefix(comma == std::string_view::npos ? directives.size() : comma + 1);
        if (directive == "no-store" || directive == "no-cache") return std::chrono::seconds(0);
        constexpr std::string_view name = "max-age=";
        if (directive.substr(0, name.size()) != name) continue;
        if (const auto seconds = secondsOf(directive.substr(name.size()))) maxAge = seconds;
    }
    return maxAge;
}

/// How long a response may still be kept: a cache on the way may have kept it for a while already.
std::optional<std::chrono::seconds> freshnessOf(const Parser::value_type& response) {
    std::string directives;
    const auto [first, last] = response.equal_range(http::field::cache_control);
    for (auto field = first; field != last; ++field)
        directives.append(field->value().data(), field->value().size()).append(",");
    const auto maxAge = maxAgeOf(Poco::toLower(directives));
    if (!maxAge) return std::nullopt;
    const auto age = response[http::field::age];
    const auto spent = secondsOf(trimmed({age.data(), age.size()})).value_or(std::chrono::seconds(0));
    return std::max(*maxAge - spent, std::chrono::seconds(0));
}

/// An entity tag that can be sent back in a header (RFC 9110 section 8.8.3); empty for any other text.
std::string entityTagOf(std::string_view text) {
    constexpr std::size_t longest = 1024;
    const bool isPrintable =
        text.find_first_of("\r\n") == std::string_view::npos && text.find('\0') == std::string_view::npos;
    return text.size() <= longest && isPrintable ? std::string(text) : std::string();
}

FetchResult resultOf(Parser& parser, bool wasConditional) {
    auto& response = parser.get();
    const auto status = response.result_int();
    const bool notModified = status == 304 && wasConditional;
    if (status != 200 && !notModified) {
        return FetchFailure{Cause::keysStatus,
                            "the response has status " + std::to_string(status) + ", not 200"};
    }
    FetchedKeys fetched;
    fetched.notModified = notModified;
    const auto entityTag = response[http::field::etag];
    fetched.entityTag = entityTagOf({entityTag.data(), entityTag.size()});
    fetched.maxAge = freshnessOf(response);
    fetched.document = std::move(response.body());
    return fetched;
}

}  // namespace

HttpJwksFetcher::HttpJwksFetcher(Poco::URI uri, const std::string& caFile) : _uri(std::move(uri)) {
    if (_uri.getScheme() != "http" && _uri.getScheme() != "https") {
        throw Poco::InvalidArgumentException("neither http nor https", _uri.toString());
    }
    if (_uri.getScheme() == "https") _context = clientContext(caFile);
}

FetchResult HttpJwksFetcher::fetch(const std::string& entityTag, bool forced,
                                   std::chrono::milliseconds timeout) {
    try {
        DeadlineSocket socket(_uri.getHost(), _uri.getPort(), std::chrono::steady_clock::now() + timeout);
        if (_context) socket.startTls(*_context, _uri.getHost());
        socket.send(requestFor(_uri, entityTag, forced));
        Parser parser;
        parser.body_limit(bodyLimit);
        parser.header_limit(headerLimit);
        receiveResponse(socket, parser);
        return resultOf(parser, !entityTag.empty());
    } catch (const Poco::TimeoutException&) {
        return FetchFailure{Cause::keysTimedOut,
                            "no response within " + std::to_string(timeout.count()) + " ms"};
    } catch (const Poco::Exception& error) {
        return FetchFailure{Cause::keysUnreachable, error.displayText()};
    } catch (const std::exception& error) {
        return FetchFailure{Cause::keysUnreachable, error.what()};
    }
}

}  // namespace changebank::security
