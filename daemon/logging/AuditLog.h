#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/logging/AuditFile.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/SubjectRateLimit.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// The audit log: one line per event, as text or as a JSON object like the rest of the log, to its own file
/// or to the log's source "audit" at any log level. A line contains who (subject, roles, tenant, token id),
/// when, what (method and path), the client address, the request id and the ids of trace and span, if any;
/// that of a revocation whose tokens are refused, up to when they were issued, why, and who said so. In
/// systemd's journal each of these is a field as well, such as EVENT, SUBJECT and REQUEST_ID, and each role
/// one of the fields ROLES. Text from callers is escaped, and tokens are never logged. Exists for the life of
/// the process, across reloads. Thread-safe.
class AuditLog : public security::AuditTrail {
public:
    explicit AuditLog(Clock& clock = Clock::system()) : _clock(clock) {}

    /// Writes to `file` from now on; nullptr means the log.
    void use(std::shared_ptr<AuditFile> file) { _file.store(std::move(file)); }
    /// How long a caller waits for a line to be written.
    void setPatience(std::chrono::milliseconds patience) { _patience = patience; }
    std::shared_ptr<AuditFile> file() const { return _file.load(); }

    /// The number of refused roles per subject and minute that get a line of their own.
    void limitRefusals(unsigned perMinute) { _refusals.setLimit(perMinute); }

    std::optional<Event> admitRefusal(const security::Principal& principal) noexcept override;
    bool record(Event event, const Poco::Net::HTTPServerRequest& request,
                const security::Principal& principal) noexcept override;

    /// Records a revocation durably before it returns; returns false if it could not be recorded, which the
    /// log tells. `eventId` is that of FusionAuth's event, empty for a revocation by hand; `client` is where
    /// it came from.
    bool recordRevocation(const security::Revocation& revocation, const std::string& eventId,
                          const std::string& client) noexcept;

    /// The numbers of events that were and could not be recorded.
    std::uint64_t recorded(Event event) const noexcept { return of(_recorded, event); }
    std::uint64_t failed(Event event) const noexcept { return of(_failed, event); }
    /// The same for revocations.
    std::uint64_t recordedRevocations() const noexcept { return _recorded[revocations].load(order); }
    std::uint64_t failedRevocations() const noexcept { return _failed[revocations].load(order); }
    /// The number of refused roles that were only counted.
    std::uint64_t skipped() const noexcept { return _skipped.load(order); }

private:
    static constexpr auto order = std::memory_order_relaxed;
    /// The place in the counts behind those of the events.
    static constexpr std::size_t revocations = 3;
    using Counts = std::array<std::atomic<std::uint64_t>, revocations + 1>;
    static std::uint64_t of(const Counts& counts, Event event) noexcept {
        return counts[static_cast<std::size_t>(event)].load(order);
    }
    /// What a line consists of: names, each with a text or a list of texts.
    using Members =
        std::vector<std::pair<std::string_view, std::variant<std::string, std::vector<std::string>>>>;
    template <typename MakeMembers>
    bool recordCounted(std::size_t place, const char* event, MakeMembers members) noexcept;
    void write(const char* event, const Members& members) const;

    Clock& _clock;
    std::atomic<std::shared_ptr<AuditFile>> _file;
    std::atomic<std::chrono::milliseconds> _patience{std::chrono::seconds(1)};
    Counts _recorded{};
    Counts _failed{};
    security::SubjectRateLimit _refusals{60};
    std::atomic<std::uint64_t> _skipped{0};
};

/// The event's name in lines and metrics: "panic", "role_refused" or "role_refusals_limited".
const char* nameOf(security::AuditTrail::Event event) noexcept;
/// That of a revocation.
inline constexpr const char* revokedEvent = "revoked";

}  // namespace changebank::daemon
