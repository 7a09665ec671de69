#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "changebank/security/refusal/Challenge.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"

namespace changebank::security {

/// How much a refused caller is told.
enum class ErrorDetail : unsigned char {
    /// The cause's own message and code.
    detailed,
    /// One and the same body for every refused token, for those who would not tell an attacker more.
    minimal,
};

/// Counts refusals by cause. Lives as long as the process, across settings. Usable from any thread.
class RefusalCounters {
public:
    void count(Cause cause) noexcept {
        _counts[static_cast<std::size_t>(cause)].fetch_add(1, std::memory_order_relaxed);
    }
    std::uint64_t of(Cause cause) const noexcept {
        return _counts[static_cast<std::size_t>(cause)].load(std::memory_order_relaxed);
    }

private:
    std::array<std::atomic<std::uint64_t>, causeCount> _counts{};
};

/// Turns refusals into answers, counts them and notes their cause (RequestContext). Usable from any
/// thread.
class RefusalReporter {
public:
    using Ptr = std::shared_ptr<RefusalReporter>;

    /// `realm` is that of the challenges. Throws Poco::InvalidArgumentException if it is none (isRealm()).
    RefusalReporter(ErrorDetail detail, std::shared_ptr<RefusalCounters> counters,
                    std::string realm = std::string(defaultRealm));
    virtual ~RefusalReporter() = default;

    /// Returns a new handler that answers the refusal: status, challenge, JSON body, `Cache-Control:
    /// no-store`, and Retry-After where the trouble is ours. `principal` is who was refused, nullptr while
    /// that is unknown.
    std::unique_ptr<Poco::Net::HTTPRequestHandler> createHandler(
        const Poco::Net::HTTPServerRequest& request, const Refusal& refusal, const Principal* principal,
        std::chrono::seconds retryAfter = std::chrono::seconds(1));

protected:
    /// Called once for each refusal, for a log. The default does nothing. The refusal's parameter comes from
    /// the token: escape it.
    virtual void refused(const Poco::Net::HTTPServerRequest& request, const Refusal& refusal,
                         const Principal* principal);

private:
    ErrorDetail _detail;
    std::shared_ptr<RefusalCounters> _counters;
    std::string _realm;
};

}  // namespace changebank::security
