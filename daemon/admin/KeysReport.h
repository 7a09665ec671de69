#pragma once

#include <Poco/JSON/Object.h>

#include <string>

namespace changebank::daemon {

struct AdminContext;

/// The key set as it stands: where it comes from, how old it is, when it is fetched again, what went wrong,
/// and its keys by id, kind and size, the unusable ones with the reason. Never a key itself.
Poco::JSON::Object keysObject(const AdminContext& context);
std::string keysReport(const AdminContext& context);

}  // namespace changebank::daemon
