#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string_view>

#include "changebank/base/handler/RequestContext.h"

namespace changebank::security {

/// The path of a request's target as received, on any server; on one without a RequestContext for targets in
/// origin form only. A view into the request.
inline std::string_view requestPath(const Poco::Net::HTTPServerRequest& request) {
    if (const auto* context = RequestContext::of(request)) return context->path();
    const std::string_view target = request.getURI();
    return target.substr(0, target.find_first_of("?#"));
}

}  // namespace changebank::security
