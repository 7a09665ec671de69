#include "changebank/handlers/routing/StaticResponse.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <utility>

#include "changebank/base/handler/SharedBodyResponse.h"
#include "changebank/handlers/routing/EntityTag.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

StaticResponse::StaticResponse(std::string_view contentType, std::string content,
                               std::vector<Response::Header> headers, const std::string& cacheControl)
    : _tag(entityTagOf(content)),
      _content(std::make_shared<const std::string>(std::move(content))),
      _whole{HTTPResponse::HTTP_OK, std::string(contentType), {}, std::move(headers)},
      _notModified{HTTPResponse::HTTP_NOT_MODIFIED} {
    _whole.headers.emplace_back("X-Content-Type-Options", "nosniff");
    for (auto* response : {&_whole, &_notModified}) {
        response->headers.emplace_back("ETag", _tag);
        response->headers.emplace_back("Cache-Control", cacheControl);
    }
}

void StaticResponse::send(const Poco::Net::HTTPServerRequest& request,
                          Poco::Net::HTTPServerResponse& response) const {
    if (hasEntityTag(request, _tag)) return _notModified.send(response);
    _whole.setHead(response);
    SharedBodyResponse::send(response, _content);
}

}  // namespace changebank::handlers
