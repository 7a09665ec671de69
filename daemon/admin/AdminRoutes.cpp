#include "changebank/daemon/admin/AdminRoutes.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>

#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/admin/AdminContext.h"
#include "changebank/daemon/admin/ConfigReport.h"
#include "changebank/daemon/admin/DecisionRoutes.h"
#include "changebank/daemon/admin/DenialsReport.h"
#include "changebank/daemon/admin/KeysReport.h"
#include "changebank/daemon/admin/MetricsReport.h"
#include "changebank/daemon/admin/ReloadReport.h"
#include "changebank/daemon/admin/RevocationRoutes.h"
#include "changebank/daemon/admin/StatusReport.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/metrics/MetricsFormat.h"
#include "changebank/daemon/settings/values/LogLevel.h"
#include "changebank/daemon/settings/values/SettingType.h"
#include "changebank/handlers/routing/RequestTarget.h"
#include "changebank/handlers/routing/Router.h"

namespace changebank::daemon {

using handlers::Response;
using handlers::Route;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;

namespace {

using Work = std::function<Response(HTTPServerRequest&)>;

/// Runs an operation that may block, and sends its response.
class AdminHandler : public Poco::Net::HTTPRequestHandler, public BlockingRequestHandler {
public:
    explicit AdminHandler(const Work& work) : _work(work) {}

    void handleRequest(HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
        _work(request).with("Cache-Control", "no-store").send(response);
    }

private:
    const Work& _work;
};

Route route(const char* path, const char* method, Work work) {
    return {path, {method}, handlers::Everybody{}, [work = std::move(work)](const auto&, const auto&) {
                return std::make_unique<AdminHandler>(work);
            }};
}

Response ok(std::string json) {
    return Response::json(HTTPResponse::HTTP_OK, std::move(json));
}

Response reload(const AdminContext& context) {
    try {
        const auto outcome = context.requestReload();
        return Response::json(outcome.ok() ? HTTPResponse::HTTP_OK : HTTPResponse::HTTP_UNPROCESSABLE_ENTITY,
                              reloadReport(outcome, context.reload.status().generation));
    } catch (const std::future_error&) {
        return Response::error(HTTPResponse::HTTP_SERVICE_UNAVAILABLE, "changebankd is stopping");
    }
}

Response refreshKeys(const AdminContext& context) {
    if (const auto why = context.service.refreshKeys())
        return Response::error(HTTPResponse::HTTP_BAD_GATEWAY, "cannot fetch keys: " + *why);
    return ok(keysReport(context));
}

/// Valid until the next reload, which restores the level of the settings.
Response setLogLevel(HTTPServerRequest& request) {
    std::string body;
    Poco::StreamCopier::copyToString(request.stream(), body);
    const auto name = Poco::trim(body);
    const auto level = logLevelNamed(name);
    if (!level) {
        const ChoiceType known{{logLevelNames.begin(), logLevelNames.end()}};
        return Response::error(HTTPResponse::HTTP_BAD_REQUEST,
                               inQuotes(name) + " is not one of " + known.range());
    }
    useLogOutput(logOutput()->withLevel(*level));
    log(Poco::Message::PRIO_NOTICE, "log level set to " + name + " until the next reload");
    return ok(textOf(jsonObject({{"level", name}})));
}

Response listDenials(const HTTPServerRequest& request, const AdminContext& context) {
    const auto parsed = DenialsFilter::parse(handlers::RequestTarget::of(request).query);
    if (const auto* bad = std::get_if<BadValue>(&parsed))
        return Response::error(HTTPResponse::HTTP_BAD_REQUEST, bad->why);
    const auto& filter = std::get<DenialsFilter>(parsed);
    return ok(denialsReport(context.service.denials().after(filter.after, filter.limit),
                            context.lifecycle.startedAt()));
}

Route revocationsRoute(const AdminContext& context) {
    auto both = route("/revocations", "GET", [&context](auto& request) {
        return request.getMethod() == HTTPServerRequest::HTTP_POST ? makeRevocation(request, context)
                                                                   : listRevocations(request, context);
    });
    both.methods.emplace_back(HTTPServerRequest::HTTP_POST);
    return both;
}

Route metricsRoute(const AdminContext& context) {
    return route("/metrics", "GET", [&context](auto& request) {
        const auto format = metricsFormatFor(request.get("Accept", ""));
        return Response{HTTPResponse::HTTP_OK, PrometheusText::contentTypeOf(format),
                        metricsReport(context, format)};
    });
}

}  // namespace

Poco::Net::HTTPRequestHandlerFactory::Ptr adminRoutes(const AdminContext& context) {
    return new handlers::Router({
        route("/status", "GET", [&context](auto&) { return ok(statusReport(context)); }),
        route("/denials", "GET", [&context](auto& request) { return listDenials(request, context); }),
        route("/reload", "POST", [&context](auto&) { return reload(context); }),
        route("/keys", "GET", [&context](auto&) { return ok(keysReport(context)); }),
        route("/keys/refresh", "POST", [&context](auto&) { return refreshKeys(context); }),
        route("/config", "GET", [&context](auto&) { return ok(configReport(*context.reload.current())); }),
        route("/log-level", "PUT", setLogLevel),
        revocationsRoute(context),
        route("/decide", "POST", [&context](auto& request) { return decide(request, context); }),
        metricsRoute(context),
    });
}

Poco::Net::HTTPRequestHandlerFactory::Ptr metricsRoutes(const AdminContext& context) {
    return new handlers::Router({metricsRoute(context)});
}

}  // namespace changebank::daemon
