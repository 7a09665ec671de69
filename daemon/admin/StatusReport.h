#pragma once

#include <string>

namespace changebank::daemon {

struct AdminContext;

/// The daemon's status as one JSON object: version, uptime, listeners, connections, requests by status,
/// decisions for proxies (null without rules), denials by cause, keys, token cache, settings and their last
/// reload, log level; revocations, if they are on.
std::string statusReport(const AdminContext& context);

}  // namespace changebank::daemon
