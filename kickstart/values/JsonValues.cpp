#include "changebank/kickstart/values/JsonValues.h"

#include <Poco/NumberParser.h>

#include <cmath>

namespace changebank::kickstart {

Poco::Dynamic::Var jsonValue(const Json& value) {
    if (const auto* text = value.string()) return *text;
    if (const auto* flag = value.boolean()) return *flag;
    if (const auto* number = value.number()) {
        Poco::Int64 whole = 0;
        if (Poco::NumberParser::tryParse64(number->text, whole)) return whole;
        if (std::isfinite(number->value())) return number->value();
        return number->text;
    }
    if (const auto* elements = value.array()) {
        Poco::JSON::Array array;
        for (const auto& element : *elements)
            array.add(jsonValue(element));
        return array;
    }
    if (const auto* members = value.object()) {
        auto object = jsonObject();
        for (const auto& [name, member] : *members)
            object.set(name, jsonValue(member));
        return object;
    }
    return {};
}

}  // namespace changebank::kickstart
