#include "changebank/daemon/http/loop/ForwardedClient.h"

#include <string_view>
#include <utility>
#include <vector>

#include "changebank/daemon/http/message/FieldSyntax.h"
#include "changebank/daemon/http/message/ForwardedNode.h"

namespace changebank::http {

namespace {

using Poco::Net::SocketAddress;

std::string_view nameOf(ForwardedField field) {
    return field == ForwardedField::forwarded ? "Forwarded" : "X-Forwarded-For";
}

/// The values of all lines of the field, which are one list (RFC 9110 section 5.3).
std::vector<std::string_view> linesOf(ForwardedField field, const Poco::Net::MessageHeader& fields) {
    std::vector<std::string_view> lines;
    for (const auto& [name, value] : fields) {
        if (isSameName(name, nameOf(field))) lines.emplace_back(value);
    }
    return lines;
}

}  // namespace

std::optional<SocketAddress> forwardedClient(const ProxyTrust& trust, const SocketAddress& peer,
                                             const Poco::Net::MessageHeader& fields) {
    std::optional<SocketAddress> client;
    if (!trust.proxies.contains(peer)) return client;
    auto lines = linesOf(trust.field, fields);
    for (; !lines.empty(); lines.pop_back()) {
        for (auto list = lines.back(); !list.empty();) {
            const auto member = takeLastMember(trust.field, list);
            if (member.empty()) continue;
            auto node = forwardedNode(trust.field, member);
            if (!node) return client;
            client = std::move(node);
            if (!trust.proxies.contains(*client)) return client;
        }
    }
    return client;
}

}  // namespace changebank::http
