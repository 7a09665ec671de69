#include "changebank/daemon/revocation/FusionAuthEvent.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/Json.h"

namespace changebank::daemon {

using security::Revocation;

namespace {

/// What an event of a type is about.
enum class Subject : unsigned char { nothing, refreshTokens, user, registration, keys };

Subject subjectOf(std::string_view type) {
    static constexpr std::array<std::pair<std::string_view, Subject>, 6> known{{
        {"jwt.refresh-token.revoke", Subject::refreshTokens},
        {"user.deactivate", Subject::user},
        {"user.delete", Subject::user},
        {"user.password.update", Subject::user},
        {"user.registration.delete", Subject::registration},
        {"jwt.public-key.update", Subject::keys},
    }};
    const auto* const found =
        std::find_if(known.begin(), known.end(), [type](const auto& row) { return row.first == type; });
    return found == known.end() ? Subject::nothing : found->second;
}

/// A user has data of any depth, within reason.
std::optional<Json> parseJson(std::string_view body) {
    return Json::parse(body, {.size = body.size(), .depth = 32, .values = 100'000});
}

/// Reads members of an object, and remembers the first fault.
class MemberReader {
public:
    explicit MemberReader(const Json& object) : _object(object) {}

    /// An id; empty if it is absent or faulty. `path` is a member's name, or two with a dot between them.
    std::string id(std::string_view path) {
        const auto* member = find(path);
        if (!member) return {};
        const auto* text = member->string();
        if (text && !text->empty() && text->size() <= Revocation::maxIdSize) return *text;
        fail(path, "is not a text of 1 to " + std::to_string(Revocation::maxIdSize) + " bytes");
        return {};
    }

    /// The same; to be absent is a fault.
    std::string requiredId(std::string_view path) {
        auto text = id(path);
        if (text.empty()) fail(path, "is missing");
        return text;
    }

    std::int64_t requiredInstant(std::string_view name) {
        const auto* member = find(name);
        const auto* number = member ? member->number() : nullptr;
        std::int64_t instant = 0;
        if (number && std::all_of(number->text.begin(), number->text.end(), isDigit)) {
            const auto* const end = number->text.data() + number->text.size();
            if (std::from_chars(number->text.data(), end, instant).ec == std::errc()) return instant;
        }
        fail(name, "is not a number of milliseconds");
        return 0;
    }

    const std::string& fault() const noexcept { return _fault; }

private:
    /// nullptr if it is absent or null.
    const Json* find(std::string_view path) {
        const auto dot = path.find('.');
        const auto* member = _object.find(path.substr(0, dot));
        if (!member || member->isNull()) return nullptr;
        if (dot == std::string_view::npos) return member;
        if (!member->object()) fail(path.substr(0, dot), "is not an object");
        member = member->find(path.substr(dot + 1));
        return member && !member->isNull() ? member : nullptr;
    }

    void fail(std::string_view path, std::string_view what) {
        if (_fault.empty()) _fault = "\"event." + std::string(path) + "\" " + std::string(what);
    }

    const Json& _object;
    std::string _fault;
};

Revocation revocationOfRefreshTokens(MemberReader& event) {
    Revocation revocation;
    // Sent since FusionAuth 1.37, for a single token.
    revocation.session = event.id("refreshToken.id");
    if (!revocation.session.empty()) return revocation;
    revocation.user = event.id("userId");
    revocation.application = event.id("applicationId");
    if (revocation.user.empty() && !revocation.application.empty()) revocation.tenant = event.id("tenantId");
    return revocation;
}

Revocation revocationOf(Subject subject, MemberReader& event) {
    if (subject == Subject::refreshTokens) return revocationOfRefreshTokens(event);
    Revocation revocation;
    revocation.user = event.requiredId("user.id");
    if (subject == Subject::registration) revocation.application = event.requiredId("applicationId");
    return revocation;
}

}  // namespace

std::variant<FusionAuthEvent, FusionAuthEvent::Malformed> FusionAuthEvent::parse(std::string_view body) {
    const auto json = parseJson(body);
    if (!json) return Malformed{"the body is not JSON, or has too many values or levels"};
    const auto* object = json->find("event");
    if (!object || !object->object()) return Malformed{"\"event\" is not an object"};
    const auto* type = object->find("type");
    if (!type || !type->string()) return Malformed{"\"event.type\" is not a text"};

    FusionAuthEvent event{*type->string()};
    const auto subject = subjectOf(event.type);
    if (subject == Subject::nothing) return event;

    constexpr std::int64_t millisecondsPerSecond = 1000;
    MemberReader reader(*object);
    event.id = reader.requiredId("id");
    event.createInstant = reader.requiredInstant("createInstant");
    event.changesKeys = subject == Subject::keys;
    if (!event.changesKeys) {
        event.revocation = revocationOf(subject, reader);
        event.revocation->issuedUpTo = event.createInstant / millisecondsPerSecond;
        event.revocation->reason = event.type;
    }
    if (!reader.fault().empty()) return Malformed{reader.fault()};
    if (event.revocation && event.revocation->fault())
        return Malformed{"it makes no revocation: " + *event.revocation->fault()};
    return event;
}

}  // namespace changebank::daemon
