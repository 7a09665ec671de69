#include "changebank/handlers/decision/ForwardedRequest.h"

#include "changebank/base/text/CaseInsensitive.h"

namespace changebank::handlers {

namespace {

bool isOfConvention(std::string_view name) {
    return isSameIgnoringCase(name, Poco::Net::HTTPRequest::HOST) ||
           isSameIgnoringCase(name, forwardedMethodField) || isSameIgnoringCase(name, forwardedHostField) ||
           isSameIgnoringCase(name, forwardedUriField);
}

}  // namespace

ForwardedRequest::ForwardedRequest(const Poco::Net::HTTPServerRequest& outer, const ReceivedRequest& received)
    : CarriedRequest(outer) {
    setMethod(received.method);
    setURI(received.target);
    setVersion(outer.getVersion());
    add(HOST, received.host);
    for (const auto& [name, value] : outer) {
        if (!isOfConvention(name)) add(name, value);
    }
}

}  // namespace changebank::handlers
