#include "changebank/base/handler/SharedBodyResponse.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <utility>

namespace changebank {

void SharedBodyResponse::send(Poco::Net::HTTPServerResponse& response,
                              std::shared_ptr<const std::string> body) {
    if (auto* sharing = dynamic_cast<SharedBodyResponse*>(&response); sharing != nullptr) {
        sharing->sendShared(std::move(body));
    } else {
        response.sendBuffer(body->data(), body->size());
    }
}

}  // namespace changebank
