#pragma once

#include <memory>
#include <string>

#include "changebank/daemon/tracing/Tracer.h"
#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::daemon {

/// Reports each fetch of another fetcher as a span of the kind client. It is a trace of its own, which the
/// key server is not told: many requests share a fetch.
class TracedJwksFetcher : public security::JwksFetcher {
public:
    /// `uri` is an http or https URL; spans have it without its query. `tracer` may be nullptr.
    TracedJwksFetcher(std::unique_ptr<security::JwksFetcher> fetcher, const std::string& uri,
                      std::shared_ptr<Tracer> tracer);

    security::FetchResult fetch(const std::string& entityTag, bool forced, std::chrono::milliseconds timeout,
                                const std::stop_token& stopping) override;

private:
    std::unique_ptr<security::JwksFetcher> _fetcher;
    Span _pattern;
    std::shared_ptr<Tracer> _tracer;
};

}  // namespace changebank::daemon
