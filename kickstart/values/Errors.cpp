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

Json Errors::toJson() const {
    std::map<std::string, Json::Array> byField;
    for (const auto& entry : _entries) {
        byField[entry.field].push_back(
            Json(Json::Object{{"code", jsonText(entry.code)}, {"message", jsonText(entry.message)}}));
    }
    Json::Object fieldErrors;
    Json::Object members;
    for (auto& [field, errors] : byField) {
        if (!field.empty()) fieldErrors.emplace_back(field, Json(std::move(errors)));
    }
    if (!fieldErrors.empty()) members.emplace_back("fieldErrors", Json(std::move(fieldErrors)));
    if (byField.contains("")) members.emplace_back("generalErrors", Json(std::move(byField[""])));
    return Json(std::move(members));
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
