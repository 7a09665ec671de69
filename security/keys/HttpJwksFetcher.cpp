#include "changebank/security/keys/HttpJwksFetcher.h"

#include <Poco/Exception.h>
#include <Poco/String.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "changebank/base/text/ListMember.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/security/jose/JwkSet.h"

namespace changebank::security {

namespace {

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
        const auto directive = takeMember(directives);
        if (directive == "no-store" || directive == "no-cache") return std::chrono::seconds(0);
        constexpr std::string_view name = "max-age=";
        if (directive.substr(0, name.size()) != name) continue;
        if (const auto seconds = secondsOf(directive.substr(name.size()))) maxAge = seconds;
    }
    return maxAge;
}

/// How long a response may still be kept: a cache on the way may have kept it for a while already.
std::optional<std::chrono::seconds> freshnessOf(const Poco::Net::NameValueCollection& fields) {
    std::string directives;
    for (auto field = fields.find("Cache-Control");
         field != fields.end() && Poco::icompare(field->first, "Cache-Control") == 0; ++field)
        directives.append(field->second).append(",");
    const auto maxAge = maxAgeOf(Poco::toLower(directives));
    if (!maxAge) return std::nullopt;
    const auto spent = secondsOf(fields.get("Age", "")).value_or(std::chrono::seconds(0));
    return std::max(*maxAge - spent, std::chrono::seconds(0));
}

/// An entity tag that can be sent back in a header (RFC 9110 section 8.8.3); empty for any other text.
std::string entityTagOf(const std::string& text) {
    constexpr std::size_t longest = 1024;
    return text.size() <= longest && !hasControl(text) ? text : std::string();
}

FetchResult resultOf(HttpClient::Response response, bool wasConditional) {
    const bool notModified = response.status == 304 && wasConditional;
    if (response.status != 200 && !notModified) {
        return FetchFailure{Cause::keysStatus,
                            "the response has status " + std::to_string(response.status) + ", not 200"};
    }
    FetchedKeys fetched;
    fetched.notModified = notModified;
    fetched.entityTag = entityTagOf(response.fields.get("ETag", ""));
    fetched.maxAge = freshnessOf(response.fields);
    fetched.document = std::move(response.body);
    return fetched;
}

HttpClient::Options withSizeOfKeySet(HttpClient::Options options) {
    options.maxBodySize = JwkSet::maxSize;
    return options;
}

}  // namespace

HttpJwksFetcher::HttpJwksFetcher(Poco::URI uri, HttpClient::Options options, std::string tokenFile)
    : _uri(std::move(uri)), _client(withSizeOfKeySet(std::move(options))), _token(std::move(tokenFile)) {
    if (_uri.getScheme() != "http" && _uri.getScheme() != "https") {
        throw Poco::InvalidArgumentException("neither http nor https", _uri.toString());
    }
}

FetchResult HttpJwksFetcher::fetch(const std::string& entityTag, bool forced,
                                   std::chrono::milliseconds timeout, const std::stop_token& stopping) {
    HttpClient::Request request{
        .url = _uri.toString(),
        .fields = {{"Accept", "application/jwk-set+json, application/json"}, {"User-Agent", "changebank"}}};
    if (!entityTag.empty()) request.fields.emplace_back("If-None-Match", entityTag);
    if (forced) request.fields.emplace_back("Cache-Control", "no-cache");
    auto authorization = _token.authorization();
    if (auto* failure = std::get_if<FetchFailure>(&authorization)) return std::move(*failure);
    if (const auto& value = std::get<std::string>(authorization); !value.empty())
        request.fields.emplace_back("Authorization", value);
    auto result = _client.send(request, timeout, stopping);
    if (const auto* failure = std::get_if<HttpClient::Failure>(&result)) return failureOf(*failure);
    return resultOf(std::move(std::get<HttpClient::Response>(result)), !entityTag.empty());
}

FetchFailure failureOf(const HttpClient::Failure& failure) {
    const bool timedOut = failure.kind == HttpClient::Failure::Kind::timedOut;
    return {timedOut ? Cause::keysTimedOut : Cause::keysUnreachable, failure.reason};
}

}  // namespace changebank::security
