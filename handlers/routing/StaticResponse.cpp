#include "changebank/handlers/routing/StaticResponse.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <algorithm>
#include <utility>

#include "changebank/base/handler/SharedBodyResponse.h"
#include "changebank/handlers/routing/ContentCoding.h"
#include "changebank/handlers/routing/EntityTag.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

StaticResponse::StaticResponse(std::string_view contentType, std::string content,
                               std::vector<Response::Header> headers, const std::string& cacheControl,
                               std::vector<Coded> coded) {
    std::erase_if(coded, [&](const Coded& each) { return each.content.size() >= content.size(); });
    const auto add = [&](std::string_view coding, std::string body) {
        Variant variant{.tag = entityTagOf(body),
                        .content = std::make_shared<const std::string>(std::move(body)),
                        .whole = {HTTPResponse::HTTP_OK, std::string(contentType), {}, headers},
                        .notModified = {HTTPResponse::HTTP_NOT_MODIFIED}};
        variant.whole.headers.emplace_back("X-Content-Type-Options", "nosniff");
        if (!coding.empty()) variant.whole.headers.emplace_back("Content-Encoding", coding);
        for (auto* response : {&variant.whole, &variant.notModified}) {
            response->headers.emplace_back("ETag", variant.tag);
            response->headers.emplace_back("Cache-Control", cacheControl);
            if (!coded.empty()) response->headers.emplace_back("Vary", "Accept-Encoding");
        }
        _variants.push_back(std::move(variant));
    };
    for (auto& each : coded) {
        _codings.push_back(each.coding);
        add(each.coding, std::move(each.content));
    }
    add({}, std::move(content));
}

const StaticResponse::Variant& StaticResponse::variantFor(const Poco::Net::HTTPServerRequest& request) const {
    const auto coding = chooseCoding(request, _codings);
    const auto place = std::find(_codings.begin(), _codings.end(), coding) - _codings.begin();
    return _variants[static_cast<std::size_t>(place)];
}

void StaticResponse::send(const Poco::Net::HTTPServerRequest& request,
                          Poco::Net::HTTPServerResponse& response) const {
    const auto& variant = variantFor(request);
    if (hasEntityTag(request, variant.tag)) return variant.notModified.send(response);
    variant.whole.setHead(response);
    SharedBodyResponse::send(response, variant.content);
}

}  // namespace changebank::handlers
