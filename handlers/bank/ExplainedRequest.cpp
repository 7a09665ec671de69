#include "changebank/handlers/bank/ExplainedRequest.h"

namespace changebank::handlers {

ExplainedRequest::ExplainedRequest(const Poco::Net::HTTPServerRequest& outer, const std::string& method,
                                   const std::string& path)
    : CarriedRequest(outer) {
    setMethod(method);
    setURI(path);
    setVersion(outer.getVersion());
    for (const auto& [name, value] : outer)
        add(name, value);
}

std::string_view ExplainedRequest::clientCertificateThumbprint() const {
    return outerContext() != nullptr ? outerContext()->clientCertificateThumbprint() : std::string_view();
}

}  // namespace changebank::handlers
