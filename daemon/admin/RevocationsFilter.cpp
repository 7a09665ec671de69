#include "changebank/daemon/admin/RevocationsFilter.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "changebank/handlers/routing/QueryParameter.h"
#include "changebank/security/revocation/RevocationIds.h"

namespace changebank::daemon {

using handlers::ParameterFault;

namespace {

/// Replaces the value, if the query has that parameter. Returns why it cannot be read, if so.
std::optional<BadValue> readParameter(std::string_view query, const char* name, std::string& value) {
    auto found = handlers::queryParameter(query, name);
    if (const auto* fault = std::get_if<ParameterFault>(&found))
        return *fault == ParameterFault::repeated
                   ? std::optional(BadValue{std::string(name) + " is repeated"})
                   : std::nullopt;
    value = std::get<std::string>(std::move(found));
    return std::nullopt;
}

}  // namespace

std::variant<RevocationsFilter, BadValue> RevocationsFilter::parse(std::string_view query) {
    RevocationsFilter filter;
    for (const auto& [name, id] : security::revocationIds) {
        if (auto bad = readParameter(query, name, filter.wanted.*id)) return std::move(*bad);
    }
    auto limit = std::to_string(filter.limit);
    if (auto bad = readParameter(query, "limit", limit)) return std::move(*bad);
    const auto number = IntegerType{1, maxLimit}.read(limit);
    if (const auto* bad = std::get_if<BadValue>(&number)) return BadValue{"limit: " + bad->why};
    filter.limit = static_cast<std::size_t>(std::get<IntegerType::Value>(number));
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
