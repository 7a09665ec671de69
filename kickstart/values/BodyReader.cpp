#include "changebank/kickstart/values/BodyReader.h"

#include <charconv>
#include <limits>

namespace changebank::kickstart {

std::optional<std::string> BodyReader::string(std::string_view name) const {
    const auto* member = find(name);
    if (!member) return std::nullopt;
    if (const auto* text = member->string()) return *text;
    addError(name, "couldNotConvert", "must be a string");
    return std::nullopt;
}

std::string BodyReader::requiredString(std::string_view name) const {
    auto text = string(name);
    const bool isBlank = text ? text->empty() : !has(name);
    if (isBlank) addError(name, "blank", "is required");
    return text ? std::move(*text) : std::string();
}

std::optional<Uuid> BodyReader::uuid(std::string_view name) const {
    const auto* member = find(name);
    if (!member) return std::nullopt;
    const auto* text = member->string();
    auto id = text ? Uuid::parse(*text) : std::nullopt;
    if (!id) addError(name, "couldNotConvert", "must be a UUID");
    return id;
}

std::optional<bool> BodyReader::boolean(std::string_view name) const {
    const auto* member = find(name);
    if (!member) return std::nullopt;
    if (const auto* value = member->boolean()) return *value;
    const auto* text = member->string();
    if (text && (*text == "true" || *text == "false")) return *text == "true";
    addError(name, "couldNotConvert", "must be true or false");
    return std::nullopt;
}

std::optional<std::int64_t> BodyReader::positive(std::string_view name) const {
    const auto* member = find(name);
    if (!member) return std::nullopt;
    std::int64_t value = 0;
    if (const auto* number = member->number()) {
        const char* end = number->text.data() + number->text.size();
        const auto result = std::from_chars(number->text.data(), end, value);
        if (result.ec == std::errc{} && result.ptr == end && value > 0 &&
            value <= std::numeric_limits<std::int32_t>::max()) {
            return value;
        }
    }
    addError(name, "couldNotConvert", "must be a whole number from 1 to 2147483647");
    return std::nullopt;
}

const Json::Array& BodyReader::array(std::string_view name) const {
    static const Json::Array none;
    const auto* member = find(name);
    if (!member) return none;
    if (const auto* elements = member->array()) return *elements;
    addError(name, "couldNotConvert", "must be an array");
    return none;
}

std::optional<std::vector<std::string>> BodyReader::strings(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    std::vector<std::string> texts;
    for (const auto& element : array(name)) {
        if (const auto* text = element.string()) {
            texts.push_back(*text);
        } else {
            addError(name, "couldNotConvert", "must be an array of strings");
            return std::nullopt;
        }
    }
    return texts;
}

BodyReader BodyReader::object(std::string_view name) const {
    static const Json none{Json::Object{}};
    const auto* member = find(name);
    if (member && !member->object()) addError(name, "couldNotConvert", "must be an object");
    return {member && member->object() ? *member : none, pathOf(name), _errors};
}

void BodyReader::addError(std::string_view name, std::string_view kind, std::string_view message) const {
    _errors.addField(pathOf(name), kind, message);
}

void BodyReader::addChoiceError(std::string_view name, const std::vector<std::string_view>& names) const {
    std::string message = "must be one of ";
    for (const auto& choice : names) {
        if (choice != names.front()) message += ", ";
        message += choice;
    }
    addError(name, "couldNotConvert", message);
}

const Json* BodyReader::find(std::string_view name) const {
    const auto* member = _object.find(name);
    return member && !member->isNull() ? member : nullptr;
}

std::string BodyReader::pathOf(std::string_view name) const {
    return _path.empty() ? std::string(name) : _path + "." + std::string(name);
}

}  // namespace changebank::kickstart
