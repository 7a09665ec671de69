#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>

#include <array>
#include <atomic>
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
    /// The same body for every refused token, so that an attacker learns nothing from it.
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

/// Turns refusals into responses, counts them and notes their cause (RequestContext). Usable from any thread.
class RefusalReporter {
public:
    using Ptr = std::shared_ptr<RefusalReporter>;

    /// `realm` is the realm of the reporter's own challenges. `counters` may be nullptr. Throws
    /// Poco::InvalidArgumentException if the realm is invalid (isRealm()).
    RefusalReporter(ErrorDetail detail, std::shared_ptr<RefusalCounters> counters,
                    std::string realm = std::string(defaultRealm));
    virtual ~RefusalReporter() = default;

    /// Counts and reports the refusal and returns a handler that sends it: status, challenge, JSON body,
    /// `Cache-Control: no-store`, Retry-After with the statuses 429 and 503, and the refusal's DPoP-Nonce,
    /// RateLimit-Policy and RateLimit.
    /// `principal` is the refused caller, nullptr if unknown; `challenge` that of the route, nullptr for one
    /// with the realm alone; `used` the scheme of the token, if there is one.
    std::unique_ptr<Poco::Net::HTTPRequestHandler> createHandler(
        const Poco::Net::HTTPServerRequest& request, const Refusal& refusal, const Principal* principal,
        const Challenge* challenge = nullptr, AuthenticationScheme used = AuthenticationScheme::bearer);

    const std::string& realm() const noexcept { return _realm; }

protected:
    /// Called once for each refusal, for a log. The default does nothing. The refusal's parameter comes from
    /// the token: escape it.
    virtual void refused(const Poco::Net::HTTPServerRequest& request, const Refusal& refusal,
                         const Principal* principal);

private:
    ErrorDetail _detail;
    std::shared_ptr<RefusalCounters> _counters;
    std::string _realm;
    Challenge _challenge;
};

}  // namespace changebank::security
