#include "kickstart/LoginRecord.h"

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

void recordLogin(DirectoryState& state, User& user, const std::optional<Uuid>& applicationId,
                 std::string_view type, std::int64_t now) {
    user.lastLoginInstant = now;
    if (applicationId && user.registrationWith(*applicationId)) {
        user.registrations.at(*applicationId).lastLoginInstant = now;
    }
    Event event{"user.login.success", user.tenantId, now};
    if (applicationId) event.members.emplace_back("applicationId", jsonText(applicationId->toText()));
    event.members.emplace_back("authenticationType", jsonText(type));
    event.members.emplace_back("user", user.toJson());
    state.publish(std::move(event));
}

}  // namespace changebank::kickstart
