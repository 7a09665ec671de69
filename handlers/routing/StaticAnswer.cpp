#include "changebank/handlers/routing/StaticAnswer.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <utility>

#include "changebank/handlers/routing/EntityTag.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

StaticAnswer::StaticAnswer(std::string_view contentType, std::string content,
                           std::vector<Answer::Header> headers)
    : _tag(entityTagOf(content)),
      _whole{HTTPResponse::HTTP_OK, std::string(contentType), std::move(content), std::move(headers)},
      _notModified{HTTPResponse::HTTP_NOT_MODIFIED} {
    _whole.headers.emplace_back("X-Content-Type-Options", "nosniff");
    for (auto* answer : {&_whole, &_notModified}) {
        answer->headers.emplace_back("ETag", _tag);
        answer->headers.emplace_back("Cache-Control", "no-cache");
    }
}

void StaticAnswer::send(const Poco::Net::HTTPServerRequest& request,
                        Poco::Net::HTTPServerResponse& response) const {
    (hasEntityTag(request, _tag) ? _notModified : _whole).send(response);
}

}  // namespace changebank::handlers
