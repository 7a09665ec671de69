#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace changebank::http {

/// Generates request ids: 16 hexadecimal digits, unique within an object and most likely between objects.
/// They identify log lines and are not secret. For one thread.
class RequestIds {
public:
    RequestIds();

    /// Assigns the next id.
    void next(std::string& id);

    /// Whether a client's id can be used: [A-Za-z0-9._-]{1,64}.
    static bool isWellFormed(std::string_view id);

private:
    std::uint64_t _state;
};

}  // namespace changebank::http
