#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kickstart/ApiKey.h"
#include "kickstart/Application.h"
#include "kickstart/Event.h"
#include "kickstart/JwtConfiguration.h"
#include "kickstart/NamedKey.h"
#include "kickstart/RefreshTokens.h"
#include "kickstart/Tenant.h"
#include "kickstart/User.h"
#include "kickstart/Uuid.h"
#include "kickstart/Webhook.h"
#include "kickstart/oauth/AuthorizationCodes.h"

namespace changebank::kickstart {

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

    /// How tokens for the application are made: as its tenant says, with what it says itself.
    JwtConfiguration jwtOf(const Application& application) const;

    /// The API key of that text, or nullptr.
    const ApiKey* findApiKey(std::string_view key) const;

    /// Has the observers of the directory told of the event when the change is done.
    void publish(Event event);
};

/// The state behind a lock, so that any number of threads may use it. A function that is given to read() or
/// change() must not keep references into the state, nor do slow work (hash a password, sign, generate a
/// key): copy what is needed.
class Directory {
public:
    explicit Directory(DirectoryState state) : _state(std::move(state)) {}

    /// Gets the state after each change and what happened during it, before change() returns; changes wait
    /// until it is done, readers do not.
    using Observer = std::function<void(const DirectoryState& state, const std::vector<Event>& events)>;

    /// To be called before other threads use the directory. Observers are called in their order.
    void observe(Observer observer) { _observers.push_back(std::move(observer)); }

    /// Calls `function(const DirectoryState&)` beside other readers.
    template <typename Function>
    auto read(Function&& function) const {
        const std::shared_lock lock(_mutex);
        return function(static_cast<const DirectoryState&>(_state));
    }

    /// Calls `function(DirectoryState&)` alone.
    template <typename Function>
    auto change(Function&& function) {
        using Result = std::invoke_result_t<Function, DirectoryState&>;
        if constexpr (std::is_void_v<Result>) {
            carryOut(function);
        } else {
            std::optional<Result> result;
            carryOut([&](DirectoryState& state) { result.emplace(function(state)); });
            return std::move(*result);
        }
    }

private:
    void carryOut(const std::function<void(DirectoryState&)>& change);
    /// Held through the whole of a change, so that observers see each one by itself.
    std::mutex _writers;
    mutable std::shared_mutex _mutex;
    DirectoryState _state;
    std::vector<Observer> _observers;
};

}  // namespace changebank::kickstart
