#include "changebank/daemon/http/message/StrictTransport.h"

#include "changebank/daemon/http/message/FieldSyntax.h"

namespace changebank::http {

namespace {

std::string_view withoutPort(std::string_view authority) noexcept {
    return authority.substr(0, authority.find(':'));
}

/// The numbers of a valid host that is no name are four.
bool isLoopbackIpv4(std::string_view host) noexcept {
    return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool isLoopbackName(std::string_view name) noexcept {
    constexpr std::string_view localhost = "localhost";
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.size() < localhost.size()) return false;
    const auto parent = name.substr(name.size() - localhost.size());
    const auto labels = name.substr(0, name.size() - localhost.size());
    return isSameName(parent, localhost) && (labels.empty() || labels.ends_with('.'));
}

}  // namespace

bool isLoopbackAuthority(std::string_view authority) noexcept {
    if (authority.starts_with('[')) return authority.starts_with("[::1]");
    const auto host = withoutPort(authority);
    return isLoopbackName(host) || isLoopbackIpv4(host);
}

}  // namespace changebank::http
