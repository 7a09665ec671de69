#pragma once

#include <string>
#include <string_view>

#include "changebank/base/text/Json.h"

/// Reads the daemon's responses leniently: missing or mistyped members count as empty.
namespace changebank::daemon {

/// null if there is none.
const Json& member(const Json& object, std::string_view name);

/// A text with control characters escaped, a number as it is written, yes or no; empty for others.
std::string text(const Json& value);
std::string text(const Json& object, std::string_view name);

double number(const Json& object, std::string_view name);
bool isTrue(const Json& object, std::string_view name);
const Json::Array& array(const Json& object, std::string_view name);
const Json::Object& object(const Json& outer, std::string_view name);

}  // namespace changebank::daemon
