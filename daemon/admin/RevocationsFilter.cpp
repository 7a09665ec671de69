#include "changebank/daemon/admin/RevocationsFilter.h"

#include <algorithm>
#include <string>
#include <utility>

#include "changebank/daemon/admin/QueryNumber.h"
#include "changebank/security/revocation/RevocationIds.h"

namespace changebank::daemon {

std::variant<RevocationsFilter, BadValue> RevocationsFilter::parse(std::string_view query) {
    RevocationsFilter filter;
    for (const auto& [name, id] : security::revocationIds) {
        auto value = queryText(query, name);
        if (auto* bad = std::get_if<BadValue>(&value)) return std::move(*bad);
        filter.wanted.*id = std::get<std::string>(std::move(value));
    }
    auto limit = queryNumber(query, "limit", filter.limit, {1, maxLimit});
    if (auto* bad = std::get_if<BadValue>(&limit)) return std::move(*bad);
    filter.limit = static_cast<std::size_t>(std::get<std::uint64_t>(limit));
    return filter;
}

bool RevocationsFilter::matches(const security::Revocation& revocation) const {
    return std::all_of(security::revocationIds.begin(), security::revocationIds.end(),
                       [&](const auto& named) {
                           const auto id = named.second;
                           return (wanted.*id).empty() || wanted.*id == revocation.*id;
                       });
}

}  // namespace changebank::daemon
