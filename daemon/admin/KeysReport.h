#pragma once

#include <Poco/JSON/Object.h>

#include <string>

namespace changebank::daemon {

struct AdminContext;

/// The state of the first issuer's key set, and in the member `others` that of each other: source, age, next
/// refresh and last error, its keys by id, type and size, and unusable keys with the reason. Contains no key
/// material.
Poco::JSON::Object keysObject(const AdminContext& context);
std::string keysReport(const AdminContext& context);

}  // namespace changebank::daemon
