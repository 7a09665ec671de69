#include "changebank/daemon/settings/values/RedisAddress.h"

#include <algorithm>
#include <charconv>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/PortNumber.h"

namespace changebank::daemon {

namespace {

using Fault = RedisAddress::Fault;
using Result = std::variant<RedisAddress, Fault>;

constexpr std::uint16_t usualPort = 6379;
/// sockaddr_un::sun_path, without the NUL.
constexpr std::size_t maxPathSize = 107;

/// Removes the prefix from the text; false if it is not there.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// Cuts the text at the first of a separator and returns what follows it, or std::nullopt without one.
std::optional<std::string_view> cutAt(std::string_view& text, char separator) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos) return std::nullopt;
    const auto rest = text.substr(at + 1);
    text = text.substr(0, at);
    return rest;
}

std::optional<unsigned> databaseNumber(std::string_view text) {
    unsigned number = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error != std::errc() || end != last) return std::nullopt;
    return number;
}

bool isHostName(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), isUnreserved);
}

bool isIpv6(std::string_view host) {
    const auto belongs = [](char c) { return hexDigitValue(c) >= 0 || c == ':' || c == '.'; };
    return host.find(':') != std::string_view::npos && std::all_of(host.begin(), host.end(), belongs);
}

/// Reads HOST or [HOST] from the beginning of the text.
std::optional<std::string> takeHost(std::string_view& text) {
    const bool isBracketed = take(text, "[");
    const auto end = text.find(isBracketed ? ']' : ':');
    if (isBracketed && end == std::string_view::npos) return std::nullopt;
    const auto host = text.substr(0, end);
    if (isBracketed ? !isIpv6(host) : !isHostName(host)) return std::nullopt;
    text.remove_prefix(host.size() + (isBracketed ? 1 : 0));
    return std::string(host);
}

Result parseNetwork(std::string_view text, bool isSecure) {
    RedisAddress address;
    address.isSecure = isSecure;
    if (text.find('@') != std::string_view::npos)
        return Fault{"must not hold a user or a password: they belong in revocation.redis.credentialsFile"};
    if (const auto database = cutAt(text, '/'); database && !database->empty()) {
        const auto number = databaseNumber(*database);
        if (!number) return Fault{"must end with the number of a database after the host's \"/\""};
        address.database = *number;
    }
    const auto host = takeHost(text);
    if (!host) return Fault{"must name a host, or an IPv6 address in brackets"};
    address.host = *host;
    address.port = usualPort;
    if (text.empty()) return address;
    const auto port = take(text, ":") ? portNumber(text) : std::nullopt;
    if (!port || *port == 0) return Fault{"must have a port from 1 to 65535 after the host's \":\""};
    address.port = *port;
    return address;
}

Result parseUnix(std::string_view text) {
    RedisAddress address;
    if (auto query = cutAt(text, '?')) {
        const auto number = take(*query, "db=") ? databaseNumber(*query) : std::nullopt;
        if (!number) return Fault{"must have nothing but db=NUMBER after the \"?\""};
        address.database = *number;
    }
    const bool isPath = text.size() > 1 && text.front() == '/' && text.back() != '/' &&
                        std::none_of(text.begin(), text.end(), isControl);
    if (!isPath) return Fault{"must have the absolute path of a socket after \"unix://\""};
    if (text.size() > maxPathSize)
        return Fault{"must not have a path of more than " + std::to_string(maxPathSize) + " bytes"};
    address.host = text;
    return address;
}

}  // namespace

std::string RedisAddress::toText() const {
    const auto number = std::to_string(database);
    if (isUnix()) return "unix://" + host + (database == 0 ? "" : "?db=" + number);
    const bool isBracketed = host.find(':') != std::string::npos;
    return (isSecure ? "rediss://" : "redis://") + (isBracketed ? "[" + host + "]" : host) + ":" +
           std::to_string(port) + (database == 0 ? "" : "/" + number);
}

Result RedisAddress::parse(std::string_view text) {
    if (take(text, "redis://")) return parseNetwork(text, false);
    if (take(text, "rediss://")) return parseNetwork(text, true);
    if (take(text, "unix://")) return parseUnix(text);
    return Fault{
        "must be redis://HOST[:PORT][/DATABASE], rediss://HOST[:PORT][/DATABASE] or "
        "unix:///PATH[?db=DATABASE]"};
}

}  // namespace changebank::daemon
