#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include "changebank/handlers/routing/Response.h"

namespace changebank::daemon {

struct AdminContext;

/// The response to POST /decide: decisionReport() of the request in the body (decisionRequestOf()); 400 if
/// that is malformed, 409 if the settings have no rules. May wait for keys.
handlers::Response decide(Poco::Net::HTTPServerRequest& request, const AdminContext& context);

}  // namespace changebank::daemon
