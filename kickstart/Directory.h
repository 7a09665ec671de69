#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "kickstart/ApiKey.h"
#include "kickstart/Application.h"
#include "kickstart/NamedKey.h"
#include "kickstart/RefreshTokens.h"
#include "kickstart/Tenant.h"
#include "kickstart/User.h"
#include "kickstart/Uuid.h"

namespace changebank::kickstart {

/// Everything that the identity provider knows. Plain data; Directory guards it.
struct DirectoryState {
    /// The tenant of requests that name none; always one of `tenants`.
    Uuid defaultTenantId;
    std::map<Uuid, Tenant> tenants;
    std::map<Uuid, NamedKey> keys;
    std::map<Uuid, Application> applications;
    std::map<Uuid, User> users;
    std::vector<ApiKey> apiKeys;
    RefreshTokens refreshTokens{};

    const Tenant& defaultTenant() const { return tenants.at(defaultTenantId); }

    /// The user of that email address or username, or nullptr.
    const User* findUser(const std::string& loginId) const;

    bool hasApiKey(std::string_view key) const;
};

/// The state behind a lock, so that any number of threads may use it. A function that is given to read() or
/// change() must not keep references into the state, nor do slow work (hash a password, generate a key): copy
/// what is needed.
class Directory {
public:
    explicit Directory(DirectoryState state) : _state(std::move(state)) {}

    /// Calls `function(const DirectoryState&)` beside other readers.
    template <typename Function>
    auto read(Function&& function) const {
        const std::shared_lock lock(_mutex);
        return function(static_cast<const DirectoryState&>(_state));
    }

    /// Calls `function(DirectoryState&)` alone.
    template <typename Function>
    auto change(Function&& function) {
        const std::unique_lock lock(_mutex);
        return function(_state);
    }

private:
    mutable std::shared_mutex _mutex;
    DirectoryState _state;
};

}  // namespace changebank::kickstart
