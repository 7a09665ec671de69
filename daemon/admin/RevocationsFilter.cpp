#include "changebank/daemon/admin/RevocationsFilter.h"

#include <array>
#include <utility>

#include "changebank/handlers/routing/QueryParameter.h"

namespace changebank::daemon {

using handlers::ParameterFault;

namespace {

using Values = std::array<std::pair<const char*, std::string>, 5>;

bool isWanted(const std::string& wanted, const std::string& id) {
    return wanted.empty() || wanted == id;
}

}  // namespace

std::variant<RevocationsFilter, BadValue> RevocationsFilter::parse(std::string_view query) {
    Values values{{{"session", {}}, {"user", {}}, {"application", {}}, {"tenant", {}}, {"limit", "100"}}};
    for (auto& [name, value] : values) {
        auto found = handlers::queryParameter(query, name);
        if (const auto* fault = std::get_if<ParameterFault>(&found)) {
            if (*fault == ParameterFault::repeated) return BadValue{std::string(name) + " is repeated"};
        } else {
            value = std::get<std::string>(std::move(found));
        }
    }
    auto& [session, user, application, tenant, limit] = values;
    const auto number = IntegerType{1, maxLimit}.read(limit.second);
    if (const auto* bad = std::get_if<BadValue>(&number)) return BadValue{"limit: " + bad->why};
    return RevocationsFilter{std::move(session.second), std::move(user.second), std::move(application.second),
                             std::move(tenant.second),
                             static_cast<std::size_t>(std::get<IntegerType::Value>(number))};
}

bool RevocationsFilter::matches(const security::Revocation& revocation) const {
    return isWanted(session, revocation.session) && isWanted(user, revocation.user) &&
           isWanted(application, revocation.application) && isWanted(tenant, revocation.tenant);
}

}  // namespace changebank::daemon
