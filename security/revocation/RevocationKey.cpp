#include "changebank/security/revocation/RevocationKey.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>

#include "changebank/base/system/Sha256.h"

namespace changebank::security {

namespace {

/// In network byte order.
std::uint64_t numberAt(std::string_view bytes, std::size_t from) {
    std::uint64_t number = 0;
    for (const char byte : bytes.substr(from, sizeof(number)))
        number = number << 8U | static_cast<unsigned char>(byte);
    return number;
}

/// Each id follows its length, since one from a token may contain any character.
RevocationKey keyOf(std::string_view kind, std::initializer_list<std::string_view> ids) {
    std::string text(kind);
    for (const auto id : ids) {
        text += ' ';
        text += std::to_string(id.size());
        text += ':';
        text += id;
    }
    const auto digest = sha256(text);
    return {numberAt(digest, 0), numberAt(digest, sizeof(std::uint64_t))};
}

std::string_view textOf(const Json* claim) {
    return claim && claim->string() ? std::string_view(*claim->string()) : std::string_view();
}

std::vector<std::string_view> distinctNames(std::vector<std::string_view> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    names.erase(std::remove(names.begin(), names.end(), std::string_view()), names.end());
    return names;
}

std::vector<std::string_view> applicationsOf(const Json& claims) {
    const auto* audience = claims.find("aud");
    std::vector<std::string_view> names{textOf(claims.find("applicationId")), textOf(audience)};
    if (const auto* several = audience ? audience->array() : nullptr) {
        for (const auto& name : *several)
            names.push_back(textOf(&name));
    }
    return distinctNames(std::move(names));
}

}  // namespace

RevocationKey revocationKeyOfSession(std::string_view session) {
    return keyOf("session", {session});
}

RevocationKey revocationKeyOfUser(std::string_view user, std::string_view application) {
    return keyOf("user", {user, application});
}

RevocationKey revocationKeyOfApplication(std::string_view application, std::string_view tenant) {
    return keyOf("application", {application, tenant});
}

std::vector<RevocationKey> revocationKeysOf(const Json& claims, std::string_view subject) {
    const auto session = textOf(claims.find("sid"));
    const auto tenant = textOf(claims.find("tid"));
    const auto users = distinctNames({subject, textOf(claims.find("sub"))});
    const auto applications = applicationsOf(claims);

    std::vector<RevocationKey> keys;
    keys.reserve(1 + users.size() + applications.size() * (users.size() + 2));
    if (!session.empty()) keys.push_back(revocationKeyOfSession(session));
    for (const auto user : users) {
        keys.push_back(revocationKeyOfUser(user));
        for (const auto application : applications)
            keys.push_back(revocationKeyOfUser(user, application));
    }
    for (const auto application : applications) {
        keys.push_back(revocationKeyOfApplication(application));
        if (!tenant.empty()) keys.push_back(revocationKeyOfApplication(application, tenant));
    }
    return keys;
}

}  // namespace changebank::security
