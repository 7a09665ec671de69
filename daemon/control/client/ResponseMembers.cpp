#include "changebank/daemon/control/client/ResponseMembers.h"

#include "changebank/base/text/ForeignText.h"

namespace changebank::daemon {

const Json& member(const Json& object, std::string_view name) {
    static const Json null;
    const auto* found = object.find(name);
    return found == nullptr ? null : *found;
}

std::string text(const Json& value) {
    if (const auto* string = value.string()) return oneLine(*string);
    if (const auto* number = value.number()) return number->text;
    if (const auto* boolean = value.boolean()) return *boolean ? "yes" : "no";
    return {};
}

std::string text(const Json& object, std::string_view name) {
    return text(member(object, name));
}

double number(const Json& object, std::string_view name) {
    const auto* value = member(object, name).number();
    return value == nullptr ? 0 : value->value();
}

bool isTrue(const Json& object, std::string_view name) {
    const auto* value = member(object, name).boolean();
    return value != nullptr && *value;
}

const Json::Array& array(const Json& object, std::string_view name) {
    static const Json::Array none;
    const auto* value = member(object, name).array();
    return value == nullptr ? none : *value;
}

const Json::Object& object(const Json& outer, std::string_view name) {
    static const Json::Object none;
    const auto* value = member(outer, name).object();
    return value == nullptr ? none : *value;
}

}  // namespace changebank::daemon
