#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace changebank::http {

/// Makes request ids: 16 hexadecimal digits that do not repeat within one object and are unlikely to repeat
/// between two. They are names for log lines, not secrets. For one thread.
class RequestIds {
public:
    RequestIds();

    /// Writes the next id.
    void next(std::string& id);

    /// Whether an id that a client sent may be taken over: [A-Za-z0-9._-]{1,64}.
    static bool isWellFormed(std::string_view id);

private:
    std::uint64_t _state;
};

}  // namespace changebank::http
