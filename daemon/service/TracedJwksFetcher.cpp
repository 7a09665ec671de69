#include "changebank/daemon/service/TracedJwksFetcher.h"

#include <chrono>
#include <utility>
#include <variant>

#include "changebank/base/http/HttpUrl.h"

namespace changebank::daemon {

namespace {

Span patternOf(const std::string& uri) {
    Span span{.name = "GET", .kind = Span::Kind::client};
    auto url = httpUrl(uri);
    if (!url) return span;
    url->setQuery("");
    url->setUserInfo("");
    span.attributes = {{"http.request.method", std::string("GET")},
                       {"url.full", url->toString()},
                       {"server.address", url->getHost()},
                       {"server.port", std::int64_t{url->getPort()}}};
    return span;
}

}  // namespace

TracedJwksFetcher::TracedJwksFetcher(std::unique_ptr<security::JwksFetcher> fetcher, const std::string& uri,
                                     std::shared_ptr<Tracer> tracer)
    : _fetcher(std::move(fetcher)), _pattern(patternOf(uri)), _tracer(std::move(tracer)) {}

security::FetchResult TracedJwksFetcher::fetch(const std::string& entityTag, bool forced,
                                               std::chrono::milliseconds timeout,
                                               const std::stop_token& stopping) {
    const auto wall = std::chrono::system_clock::now();
    const auto begun = std::chrono::steady_clock::now();
    auto result = _fetcher->fetch(entityTag, forced, timeout, stopping);
    if (!_tracer) return result;
    auto span = _pattern;
    span.begin = wall;
    span.end = span.begin + (std::chrono::steady_clock::now() - begun);
    if (const auto* failure = std::get_if<security::FetchFailure>(&result)) {
        span.hasFailed = true;
        span.attributes.emplace_back("error.type", std::string(security::traitsOf(failure->cause).name));
    } else {
        const bool isSame = std::get<security::FetchedKeys>(result).notModified;
        span.attributes.emplace_back("http.response.status_code", std::int64_t{isSame ? 304 : 200});
    }
    _tracer->report(std::move(span));
    return result;
}

}  // namespace changebank::daemon
