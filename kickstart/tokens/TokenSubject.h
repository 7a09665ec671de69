#pragma once

#include <memory>
#include <optional>

#include "changebank/kickstart/directory/Application.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/JwtConfiguration.h"
#include "changebank/kickstart/directory/Tenant.h"
#include "changebank/kickstart/directory/User.h"
#include "changebank/kickstart/keys/SigningKey.h"
#include "changebank/kickstart/tokens/ClientSecretKey.h"

namespace changebank::kickstart {

/// The data for one user's tokens for one application, copied from the directory.
struct TokenSubject {
    User user;
    Tenant tenant;
    /// std::nullopt for a login without an application.
    std::optional<Application> application;
    /// The application's, else the tenant's.
    JwtConfiguration jwt;
    std::shared_ptr<const SigningKey> accessTokenKey;
    /// nullptr without an application, if it would be the application's client secret.
    std::shared_ptr<const SigningKey> idTokenKey;

    /// Copies the data of a user and an application of the state.
    static TokenSubject of(const DirectoryState& state, const User& user,
                           const std::optional<Uuid>& applicationId) {
        const auto& tenant = state.tenants.at(user.tenantId);
        TokenSubject subject{user, tenant, std::nullopt, tenant.jwt, nullptr, nullptr};
        if (applicationId) {
            subject.application = state.applications.at(*applicationId);
            subject.jwt = state.jwtOf(*subject.application);
        }
        subject.accessTokenKey = state.keys.at(subject.jwt.accessTokenKeyId).key;
        const auto& id = subject.jwt.idTokenKeyId;
        if (const auto algorithm = clientSecretAlgorithm(id); !algorithm) {
            subject.idTokenKey = state.keys.at(id).key;
        } else if (subject.application) {
            subject.idTokenKey = SigningKey::ofSecret(*algorithm, subject.application->oauth.clientSecret);
        }
        return subject;
    }

    /// The user's registration with the application; nullptr without one.
    const Registration* registration() const {
        return application ? user.registrationWith(application->id) : nullptr;
    }
};

}  // namespace changebank::kickstart
