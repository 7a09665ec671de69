#include "changebank/security/dpop/SharedUse.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "changebank/base/system/Sha256.h"
#include "changebank/base/text/Base64Url.h"

namespace changebank::security {

namespace {

/// No two lists of parts have the same text.
std::string joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    }
    return text;
}

}  // namespace

SharedUse::SharedUse(ReplaySharing sharing, SharedReplays::Use use)
    : _sharing(std::move(sharing)), _use(std::move(use)) {}

SharedReplays::Use SharedUse::describe(const ReplayStore::Use& use, std::chrono::milliseconds lifetime) {
    return {encodeBase64Url(sha256(joined({use.key, use.method, use.uri, use.id}))), lifetime};
}

bool SharedUse::begin(std::function<void()> ended) {
    _joined = _sharing.store->insert(std::move(_use), std::move(ended));
    return std::holds_alternative<std::unique_ptr<SharedReplays::Place>>(_joined);
}

std::optional<Refusal> SharedUse::refusal() const {
    const auto* place = std::get_if<std::unique_ptr<SharedReplays::Place>>(&_joined);
    switch (place ? (*place)->outcome() : std::get<SharedReplays::Outcome>(_joined)) {
        case SharedReplays::Outcome::inserted:
            return std::nullopt;
        case SharedReplays::Outcome::replayed:
            return Refusal{Cause::dpopReplayed};
        case SharedReplays::Outcome::unavailable:
            break;
    }
    if (_sharing.passesWhenUnavailable) return std::nullopt;
    return Refusal{Cause::dpopStoreUnavailable};
}

}  // namespace changebank::security
