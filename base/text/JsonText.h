#pragma once

#include <Poco/JSON/Object.h>

#include <initializer_list>
#include <string>
#include <utility>

/// Writes JSON where performance does not matter.
namespace changebank {

/// An object that keeps its members in the order in which they are set, these first.
Poco::JSON::Object jsonObject(std::initializer_list<std::pair<std::string, Poco::Dynamic::Var>> members = {});

/// The object as one line of valid JSON. Bytes that are not UTF-8 become U+FFFD, characters for which
/// isHidden() holds are escaped.
std::string textOf(const Poco::JSON::Object& object);

}  // namespace changebank
