#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <functional>
#include <memory>

namespace changebank::handlers {

/// Runs a handler with the request that it is for, and answers the request that was sent. Called from any
/// thread.
using SubstitutedRun =
    std::function<void(Poco::Net::HTTPRequestHandler& handler, Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response)>;

/// A handler for one request, the one that was sent, in place of `handler`, which is for another, `request`.
/// Keeps both. It is deferred, suspended or blocking (base/handler) if `handler` is, and so are those that it
/// resolves to; the last of them is run by `run`, which is not nullptr, with the response to the request that
/// was sent.
std::unique_ptr<Poco::Net::HTTPRequestHandler> substitutedHandler(
    std::shared_ptr<Poco::Net::HTTPServerRequest> request,
    std::unique_ptr<Poco::Net::HTTPRequestHandler> handler, std::shared_ptr<const SubstitutedRun> run);

}  // namespace changebank::handlers
