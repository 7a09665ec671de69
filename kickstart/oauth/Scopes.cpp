#include "kickstart/oauth/Scopes.h"

#include <algorithm>
#include <array>

namespace changebank::kickstart {

namespace {

constexpr std::array<std::string_view, 6> offered{"openid", "offline_access", "profile",
                                                  "email",  "phone",          "address"};

}  // namespace

std::optional<Scopes> Scopes::parse(std::string_view text) {
    Scopes scopes;
    while (!text.empty()) {
        const auto name = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(name.size() + 1, text.size()));
        if (name.empty() || scopes.has(name)) continue;
        if (std::find(offered.begin(), offered.end(), name) == offered.end()) return std::nullopt;
        scopes._names.emplace_back(name);
    }
    return scopes;
}

bool Scopes::has(std::string_view name) const {
    return std::find(_names.begin(), _names.end(), name) != _names.end();
}

bool Scopes::areAmong(const Scopes& others) const {
    return std::all_of(_names.begin(), _names.end(), [&](const auto& name) { return others.has(name); });
}

std::string Scopes::toText() const {
    std::string text;
    for (const auto& name : _names) {
        if (!text.empty()) text += ' ';
        text += name;
    }
    return text;
}

}  // namespace changebank::kickstart
