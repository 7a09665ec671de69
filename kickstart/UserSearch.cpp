#include "kickstart/UserSearch.h"

#include <Poco/NumberParser.h>
#include <Poco/String.h>

#include <algorithm>
#include <array>
#include <map>

#include "kickstart/BodyReader.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::array<const char*, 5> fields{"email", "username", "firstName", "lastName", "fullName"};

/// What a field of the user holds; empty if nothing.
std::string valueOf(const User& user, const std::string& field) {
    if (field == "email") return user.email;
    if (field == "username") return user.username;
    const auto* member = user.profileMember(field);
    return member && member->string() ? *member->string() : std::string();
}

std::size_t numberOf(const ApiCall& call, const BodyReader& search, const char* name, std::size_t usual,
                     Errors& errors) {
    if (const auto text = call.request.parameter(name)) {
        unsigned number = 0;
        if (Poco::NumberParser::tryParseUnsigned(*text, number)) return number;
        errors.addField(name, "couldNotConvert", "must be a whole number");
    }
    const auto* member = search.json().find(name);
    if (member && member->number() && member->number()->text == "0") return 0;
    return static_cast<std::size_t>(search.positive(name).value_or(static_cast<std::int64_t>(usual)));
}

}  // namespace

UserSearch UserSearch::read(const ApiCall& call, Errors& errors) {
    const auto search = BodyReader(call.body, "", errors).object("search");
    UserSearch result;
    result._ids = search.strings("ids").value_or(call.request.texts("ids"));
    result._startRow = numberOf(call, search, "startRow", result._startRow, errors);
    result._numberOfResults = numberOf(call, search, "numberOfResults", result._numberOfResults, errors);
    if (search.has("query") || call.request.parameter("query")) {
        search.refuse("query", "unsupported", "there is no Elasticsearch here; use queryString or ids");
    }
    auto text = search.string("queryString").value_or(call.request.parameter("queryString").value_or(""));
    for (const char* field : fields) {
        const auto prefix = std::string(field) + ':';
        if (!text.starts_with(prefix)) continue;
        result._field = field;
        text.erase(0, prefix.size());
        break;
    }
    std::erase(text, '*');
    std::erase(text, '"');
    result._text = Poco::toLower(text);
    return result;
}

Json UserSearch::find(const ApiCall& call, const DirectoryState& state) const {
    std::multimap<std::string, const User*> found;
    for (const auto& [id, user] : state.users) {
        if (call.concerns(user.tenantId) && fits(user)) {
            found.emplace(user.email.empty() ? user.username : user.email, &user);
        }
    }
    Json::Array users;
    std::size_t row = 0;
    for (const auto& [name, user] : found) {
        if (row >= _startRow && users.size() < _numberOfResults) users.push_back(user->toJson());
        ++row;
    }
    return Json(Json::Object{{"total", jsonInteger(static_cast<std::int64_t>(found.size()))},
                             {"users", Json(std::move(users))}});
}

bool UserSearch::fits(const User& user) const {
    if (!_ids.empty()) return std::find(_ids.begin(), _ids.end(), user.id.toText()) != _ids.end();
    const auto holds = [&](const std::string& field) {
        return Poco::toLower(valueOf(user, field)).find(_text) != std::string::npos;
    };
    return _field.empty() ? std::any_of(fields.begin(), fields.end(), holds) : holds(_field);
}

}  // namespace changebank::kickstart
