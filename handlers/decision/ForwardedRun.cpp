#include "changebank/handlers/decision/ForwardedRun.h"

#include <utility>

#include "changebank/handlers/decision/ForwardedRequest.h"

namespace changebank::handlers {

using Poco::Net::HTTPServerResponse;

std::shared_ptr<const SubstitutedRun> forwardedRun(DecisionObserver observer) {
    return std::make_shared<const SubstitutedRun>(
        [observer = std::move(observer)](auto& handler, auto& request, auto& response) {
            const auto tell = [&](int status) {
                if (observer) observer(dynamic_cast<const ForwardedRequest&>(request).rule(), status);
            };
            try {
                handler.handleRequest(request, response);
            } catch (...) {
                tell(HTTPServerResponse::HTTP_INTERNAL_SERVER_ERROR);
                throw;
            }
            tell(response.getStatus());
        });
}

}  // namespace changebank::handlers
