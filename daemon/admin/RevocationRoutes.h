#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include "changebank/handlers/routing/Response.h"

namespace changebank::daemon {

struct AdminContext;

/// GET /revocations. See RevocationsFilter and revocationsReport().
handlers::Response listRevocations(const Poco::Net::HTTPServerRequest& request, const AdminContext& context);

/// POST /revocations: revokes what the body says, up to now. May wait for the disk and for Redis. See
/// revocationOf() and revocationResponse().
handlers::Response makeRevocation(Poco::Net::HTTPServerRequest& request, const AdminContext& context);

}  // namespace changebank::daemon
