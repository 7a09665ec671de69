#pragma once

#include <Poco/Net/SocketAddress.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/base/system/SipHash.h"
#include "changebank/security/limit/ClientNetwork.h"
#include "changebank/security/limit/TokenBucketTable.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"

namespace changebank::security {

/// How many requests a second a caller may make: a token bucket (TokenBucketTable) for each network of
/// clients, for each subject of an issuer, and for the bad tokens of each network. Immutable but for the
/// buckets; usable from any thread, without a lock.
///
/// Refusals are 429 (RFC 6585 section 4) with the time to wait (RFC 9110 section 10.2.3), and with the fields
/// RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers): `"client";q=20;w=2`, a quota of 20
/// requests that is full again after 2 seconds, and `"client";r=0;t=1`.
class CallerLimits {
public:
    /// Requests per second; 0: no limit. `burst` is what passes at once after a pause; 0: as many as `rate`.
    /// See TokenBucketRate for the most.
    struct Rate {
        unsigned rate = 0;
        unsigned burst = 0;

        friend bool operator==(const Rate&, const Rate&) = default;
    };

    /// By default there are no limits.
    struct Options {
        Rate client{};
        Rate subject{};
        /// Of bad tokens, by network.
        Rate refused{};
        ClientNetwork::Prefixes prefixes{};
        /// Of each of the tables; an entry is 9 bytes.
        std::size_t entries = 65'536;

        bool isOn() const noexcept { return client.rate > 0 || subject.rate > 0 || refused.rate > 0; }

        friend bool operator==(const Options&, const Options&) = default;
    };

    /// Takes over the buckets of `before`, if it is given and has as many entries. The clock must outlive
    /// this and those that take over its buckets.
    explicit CallerLimits(const Options& options, const CallerLimits* before = nullptr,
                          Clock& clock = Clock::system());

    /// Counts a request of a client. std::nullopt if it may go on, as may every client without an address
    /// (ClientNetwork).
    std::optional<Refusal> takeOfClient(const Poco::Net::SocketAddress& client) const;

    /// Counts a request of a principal, by issuer and subject. Subjects that are empty count as one.
    std::optional<Refusal> takeOfSubject(const Principal& principal) const;

    /// Whether the client's network has sent too many bad tokens, so that another one is not worth verifying.
    std::optional<Refusal> tooManyBadTokens(const Poco::Net::SocketAddress& client) const;

    /// Counts a refusal, if its cause is a bad token (isBadToken()).
    void noteRefusal(const Poco::Net::SocketAddress& client, Cause cause) const;

    /// Whether a cause means that the caller sent a token, or a proof of it, that is no good: those with
    /// status 401, but for missing tokens, and for proofs that only lack the nonce that the refusal hands
    /// out.
    static bool isBadToken(Cause cause) noexcept;

    /// One of the tables, for metrics.
    struct Status {
        /// `client`, `subject` or `refused`; static storage.
        std::string_view name;
        /// Its burst is never 0.
        Rate rate;
        std::size_t used;
        std::size_t capacity;
        /// Requests that found the table full and shared a bucket (TokenBucketTable::crowded()).
        std::uint64_t crowded;
    };

    /// Of the limits that are on.
    std::vector<Status> status() const;

private:
    enum Kind : std::size_t { ofClients, ofSubjects, ofBadTokens, kinds };

    struct Limit {
        std::string_view name;
        Cause cause;
        Rate rate;
        TokenBucketRate fill;
        /// nullptr: no limit.
        std::shared_ptr<TokenBucketTable> table;
        /// The member of RateLimit-Policy.
        std::string policy;

        Refusal refusalFor(std::chrono::microseconds wait) const;
    };

    static Limit makeLimit(std::string_view name, Cause cause, const Rate& rate);
    std::optional<std::uint64_t> hashOf(const Poco::Net::SocketAddress& address) const;

    ClientNetwork::Prefixes _prefixes;
    std::size_t _entries;
    Clock& _clock;
    SipKey _key;
    std::array<Limit, kinds> _limits;
};

}  // namespace changebank::security
