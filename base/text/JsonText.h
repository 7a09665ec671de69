#pragma once

#include <Poco/JSON/Object.h>

#include <initializer_list>
#include <string>
#include <utility>

/// How JSON is written where nobody counts instructions.
namespace changebank {

/// An object of these members, and of those that are set later, in that order.
Poco::JSON::Object jsonObject(std::initializer_list<std::pair<std::string, Poco::Dynamic::Var>> members = {});

/// The object as one line. Bytes that are not UTF-8 become U+FFFD, so that it is always a JSON text.
std::string textOf(const Poco::JSON::Object& object);

}  // namespace changebank
