#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "changebank/kickstart/directory/ApiKey.h"
#include "changebank/kickstart/directory/Application.h"
#include "changebank/kickstart/directory/AuthorizationCodes.h"
#include "changebank/kickstart/directory/Event.h"
#include "changebank/kickstart/directory/JwtConfiguration.h"
#include "changebank/kickstart/directory/RefreshTokens.h"
#include "changebank/kickstart/directory/Tenant.h"
#include "changebank/kickstart/directory/User.h"
#include "changebank/kickstart/directory/Webhook.h"
#include "changebank/kickstart/keys/SigningKey.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// A signing key as FusionAuth's key store lists it. `insertInstant` is in milliseconds since the epoch.
struct NamedKey {
    Uuid id;
    std::string name;
    std::shared_ptr<const SigningKey> key;
    std::int64_t insertInstant = 0;
};

/// Everything that the identity provider knows. Plain data; Directory guards it.
struct DirectoryState {
    /// The tenant that a FusionAuth begins with; always one of `tenants`.
    Uuid defaultTenantId;
    std::map<Uuid, Tenant> tenants{};
    std::map<Uuid, NamedKey> keys{};
    std::map<Uuid, Application> applications{};
    std::map<Uuid, User> users{};
    std::vector<ApiKey> apiKeys{};
    RefreshTokens refreshTokens{};
    AuthorizationCodes authorizationCodes{};
    std::map<Uuid, Webhook> webhooks{};
    /// What has happened during the change that is under way.
    std::vector<Event> events{};

    /// The tenant's user of that email address or username, or nullptr.
    const User* findUser(const Uuid& tenantId, const std::string& loginId) const;

    /// How tokens for the application are made: as it says itself, or else its tenant.
    const JwtConfiguration& jwtOf(const Application& application) const {
        return application.ownJwt ? *application.ownJwt : tenants.at(application.tenantId).jwt;
    }

    /// Whether that is an API key.
    bool hasApiKey(std::string_view key) const;

    /// Every key that verifies and does not sign, as a JWK set (RFC 7517 section 5).
    Json publicKeys() const;

    /// Has the observers of the directory told of the event when the change is done.
    void publish(Event event) { events.push_back(std::move(event)); }
};

/// The state behind a lock, so that any number of threads may use it. A function that is given to read() or
/// change() must not keep references into the state.
class Directory {
public:
    explicit Directory(DirectoryState state) : _state(std::move(state)) {}

    /// Gets the state after each change and what happened during it, before change() returns. It must not use
    /// the directory.
    using Observer = std::function<void(const DirectoryState& state, const std::vector<Event>& events)>;

    /// To be called before other threads use the directory. Observers are called in their order.
    void observe(Observer observer) { _observers.push_back(std::move(observer)); }

    /// Calls `function(const DirectoryState&)`, while nobody else has the state.
    template <typename Function>
    auto read(Function&& function) const {
        const std::lock_guard lock(_mutex);
        return function(static_cast<const DirectoryState&>(_state));
    }

    /// Calls `function(DirectoryState&)`, while nobody else has the state.
    template <typename Function>
    auto change(Function&& function) {
        const std::lock_guard lock(_mutex);
        if constexpr (std::is_void_v<std::invoke_result_t<Function, DirectoryState&>>) {
            function(_state);
            announce();
        } else {
            auto result = function(_state);
            announce();
            return result;
        }
    }

private:
    void announce() {
        const auto events = std::exchange(_state.events, {});
        for (const auto& observer : _observers) {
            observer(_state, events);
        }
    }

    mutable std::mutex _mutex;
    DirectoryState _state;
    std::vector<Observer> _observers;
};

}  // namespace changebank::kickstart
