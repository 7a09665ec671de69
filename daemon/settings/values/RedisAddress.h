#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace changebank::daemon {

/// Where a Redis or Valkey server is: `redis://HOST[:PORT][/DATABASE]`, `rediss://…` with TLS, or
/// `unix:///PATH[?db=DATABASE]`. A user or a password in it is refused, since addresses are shown.
struct RedisAddress {
    /// Host name or address; the absolute path of a Unix socket if `port` is 0.
    std::string host;
    std::uint16_t port = 0;
    unsigned database = 0;
    bool isSecure = false;

    bool isUnix() const noexcept { return port == 0; }
    std::string toText() const;

    struct Fault {
        std::string why;
    };
    static std::variant<RedisAddress, Fault> parse(std::string_view text);

    friend bool operator==(const RedisAddress&, const RedisAddress&) = default;
};

}  // namespace changebank::daemon
