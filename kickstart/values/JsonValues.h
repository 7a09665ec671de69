#pragma once

#include <Poco/JSON/Array.h>

#include <string>

#include "changebank/base/text/Json.h"
#include "changebank/base/text/JsonText.h"

namespace changebank::kickstart {

/// An array of strings, to be written.
template <typename Texts>
Poco::JSON::Array jsonTexts(const Texts& values) {
    Poco::JSON::Array elements;
    for (const auto& value : values) {
        elements.add(std::string(value));
    }
    return elements;
}

/// A value that was read, to be written. A number beyond the range of a double becomes its text.
Poco::Dynamic::Var jsonValue(const Json& value);

}  // namespace changebank::kickstart
