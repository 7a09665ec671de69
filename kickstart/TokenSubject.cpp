#include "kickstart/TokenSubject.h"

namespace changebank::kickstart {

TokenSubject TokenSubject::of(const DirectoryState& state, const User& user,
                              const std::optional<Uuid>& applicationId) {
    const auto& tenant = state.tenants.at(user.tenantId);
    TokenSubject subject{user, tenant, std::nullopt, tenant.jwt, nullptr, nullptr};
    if (applicationId) {
        subject.application = state.applications.at(*applicationId);
        subject.jwt = state.jwtOf(*subject.application);
    }
    subject.accessTokenKey = state.keys.at(subject.jwt.accessTokenKeyId).key;
    subject.idTokenKey = state.keys.at(subject.jwt.idTokenKeyId).key;
    return subject;
}

}  // namespace changebank::kickstart
