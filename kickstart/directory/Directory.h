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
#include "changebank/kickstart/directory/SampleLogin.h"
#include "changebank/kickstart/directory/Tenant.h"
#include "changebank/kickstart/directory/UsedProofs.h"
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

/// The whole state of the identity provider. Not thread-safe; Directory locks it.
struct DirectoryState {
    /// The tenant that exists from the start; always one of `tenants`.
    Uuid defaultTenantId;
    std::map<Uuid, Tenant> tenants{};
    std::map<Uuid, NamedKey> keys{};
    std::map<Uuid, Application> applications{};
    std::map<Uuid, User> users{};
    std::vector<ApiKey> apiKeys{};
    RefreshTokens refreshTokens{};
    AuthorizationCodes authorizationCodes{};
    UsedProofs usedProofs{};
    std::map<Uuid, Webhook> webhooks{};
    std::vector<SampleLogin> sampleLogins{};
    /// The keys of BrokenToken, which nobody else uses, by algorithm.
    std::map<KeyAlgorithm, std::shared_ptr<const SigningKey>> unpublishedKeys{};
    /// The events of the change in progress.
    std::vector<Event> events{};

    /// The tenant's user with this email address or username, or nullptr.
    const User* findUser(const Uuid& tenantId, const std::string& loginId) const;

    /// The application's own configuration of tokens, else its tenant's.
    const JwtConfiguration& jwtOf(const Application& application) const {
        return application.ownJwt ? *application.ownJwt : tenants.at(application.tenantId).jwt;
    }

    /// Whether `key` is one of the API keys.
    bool hasApiKey(std::string_view key) const;

    /// Every public key, as a JWK set (RFC 7517 section 5).
    Poco::JSON::Object publicKeys() const;

    /// Queues an event; observers get it when the change is complete.
    void publish(Event event) { events.push_back(std::move(event)); }
};

/// The state, protected by a mutex. Thread-safe. The functions passed to read() and change() must not keep
/// references into the state.
class Directory {
public:
    explicit Directory(DirectoryState state) : _state(std::move(state)) {}

    /// Called after each change with the new state and the events, before change() returns. It must not call
    /// the directory.
    using Observer = std::function<void(const DirectoryState& state, const std::vector<Event>& events)>;

    /// Adds an observer; call it before other threads use the directory. Observers are called in the order in
    /// which they were added.
    void observe(Observer observer) { _observers.push_back(std::move(observer)); }

    /// Calls `function(const DirectoryState&)` under the lock and returns its result.
    template <typename Function>
    auto read(Function&& function) const {
        const std::lock_guard lock(_mutex);
        return function(static_cast<const DirectoryState&>(_state));
    }

    /// Calls `function(DirectoryState&)` under the lock, then the observers, and returns the function's
    /// result.
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
