#pragma once

#include <memory>

#include "changebank/daemon/http/loop/ProxyTrust.h"
#include "changebank/daemon/http/loop/ServerLimits.h"
#include "changebank/daemon/listeners/ListenerPurpose.h"
#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// The limits of a listener: by the settings for the API and the decision endpoint, as far as file
/// descriptors allow, and fixed ones for the others. Trusted proxies name the clients of the API, of the
/// decision endpoint and, in the field alone, those that send events. Requests to the first two are traced.
http::ServerLimits limitsOf(ListenerPurpose purpose, const Settings& settings);

/// Which proxies name the clients of a listener that they themselves ask for decisions: the API's, and every
/// client of a Unix socket. They do it in X-Forwarded-For alone, whatever field and header the API has: a
/// proxy that asks sends X-Forwarded-For, and hands on a `Forwarded` of its client.
std::shared_ptr<const http::ProxyTrust> proxiesBeforeDecisions(const Settings& settings);

}  // namespace changebank::daemon
