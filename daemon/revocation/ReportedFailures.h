#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "changebank/daemon/revocation/RedisConnection.h"

namespace changebank::daemon {

/// The failures of a server that were reported since it was last well: each kind once, and a few kinds at
/// most, since a server may put anything into its errors. Not thread-safe.
class ReportedFailures {
public:
    static constexpr std::size_t maxKinds = 4;

    /// Notes a failure. Returns true if it is to be reported.
    bool add(const RedisConnection::Failure& failure) {
        return _kinds.size() < maxKinds &&
               _kinds.insert(failure.code.empty() ? failure.why : failure.code).second;
    }

    void clear() noexcept { _kinds.clear(); }

private:
    std::set<std::string> _kinds;
};

}  // namespace changebank::daemon
