#include "changebank/kickstart/values/Errors.h"

#include <map>

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

void Errors::addField(std::string_view field, std::string_view kind, std::string_view message) {
    const std::string name(field);
    _entries.push_back({name, "[" + std::string(kind) + "]" + name, std::string(message)});
}

void Errors::addGeneral(std::string_view code, std::string_view message) {
    _entries.push_back({"", std::string(code), std::string(message)});
}

Poco::JSON::Object Errors::toJson() const {
    std::map<std::string, Poco::JSON::Array> byField;
    for (const auto& entry : _entries) {
        byField[entry.field].add(jsonObject({{"code", entry.code}, {"message", entry.message}}));
    }
    auto fieldErrors = jsonObject();
    for (const auto& [field, errors] : byField) {
        if (!field.empty()) fieldErrors.set(field, errors);
    }
    auto members = jsonObject();
    if (fieldErrors.size() > 0) members.set("fieldErrors", fieldErrors);
    if (byField.contains("")) members.set("generalErrors", byField[""]);
    return members;
}

std::string Errors::toText() const {
    std::string text;
    for (const auto& entry : _entries) {
        if (!text.empty()) text += "; ";
        if (!entry.field.empty()) text += entry.field + ": ";
        text += entry.message;
    }
    return text;
}

}  // namespace changebank::kickstart
