#include "changebank/security/revocation/Revocation.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/security/revocation/RevocationIds.h"

namespace changebank::security {

namespace {

constexpr std::string_view instantName = "issuedUpTo";
constexpr std::string_view reasonName = "reason";

std::optional<std::string> faultOf(std::string_view name, std::string_view text) {
    if (text.size() > Revocation::maxIdSize)
        return std::string(name) + " is longer than " + std::to_string(Revocation::maxIdSize) + " bytes";
    if (!isUtf8(text) || hasControl(text) || hasHidden(text))
        return std::string(name) + " has characters that cannot be shown";
    return std::nullopt;
}

/// As toJson() writes it: digits alone.
std::optional<std::int64_t> instantIn(const Json& value) {
    const auto* number = value.number();
    if (!number || !isDigit(number->text.front())) return std::nullopt;
    std::int64_t instant = 0;
    const auto* end = number->text.data() + number->text.size();
    const auto [stopped, error] = std::from_chars(number->text.data(), end, instant);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return instant;
}

/// The member of that name; nullptr if there is none.
std::string* textNamed(Revocation& revocation, std::string_view name) {
    if (name == reasonName) return &revocation.reason;
    const auto* id = std::find_if(revocationIds.begin(), revocationIds.end(),
                                  [name](const auto& known) { return name == known.first; });
    return id == revocationIds.end() ? nullptr : &(revocation.*id->second);
}

/// Returns false for what toJson() does not write.
bool readMember(Revocation& revocation, const Json::Member& member) {
    const auto& [name, value] = member;
    if (name == instantName) {
        const auto instant = instantIn(value);
        revocation.issuedUpTo = instant.value_or(0);
        return instant.has_value();
    }
    auto* text = textNamed(revocation, name);
    if (!text || !value.string() || value.string()->empty()) return false;
    *text = *value.string();
    return true;
}

}  // namespace

std::optional<std::string> Revocation::fault() const {
    if (session.empty() && user.empty() && application.empty())
        return "it names no session, user or application";
    if (!session.empty() && !(user.empty() && application.empty() && tenant.empty()))
        return "a session goes with nothing else";
    if (!tenant.empty() && (application.empty() || !user.empty()))
        return "a tenant goes with an application alone";
    for (const auto& [name, text] : revocationIds) {
        if (auto fault = faultOf(name, this->*text)) return fault;
    }
    if (auto fault = faultOf(reasonName, reason)) return fault;
    if (issuedUpTo < 0 || issuedUpTo > latestInstant)
        return std::string(instantName) + " is not between the years 1970 and 9999";
    return std::nullopt;
}

RevocationKey Revocation::key() const {
    if (!session.empty()) return revocationKeyOfSession(session);
    if (!user.empty()) return revocationKeyOfUser(user, application);
    return revocationKeyOfApplication(application, tenant);
}

std::string Revocation::toJson() const {
    Json::Object members;
    for (const auto& [name, text] : revocationIds) {
        if (!(this->*text).empty()) members.emplace_back(name, Json(this->*text));
    }
    members.emplace_back(instantName, Json(Json::Number{std::to_string(issuedUpTo)}));
    if (!reason.empty()) members.emplace_back(reasonName, Json(reason));
    return Json(std::move(members)).toText();
}

std::optional<Revocation> Revocation::fromJson(const Json& json) {
    const auto* members = json.object();
    if (!members || !json.find(instantName)) return std::nullopt;
    Revocation revocation;
    const bool isRead =
        std::all_of(members->begin(), members->end(),
                    [&revocation](const Json::Member& member) { return readMember(revocation, member); });
    if (!isRead || revocation.fault()) return std::nullopt;
    return revocation;
}

}  // namespace changebank::security
