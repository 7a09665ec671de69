#include "changebank/handlers/bank/ExplainRoute.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "changebank/base/system/Clock.h"
#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/Json.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/handlers/bank/ExplainedRequest.h"
#include "changebank/handlers/routing/QueryParameter.h"
#include "changebank/handlers/routing/RequestTarget.h"
#include "changebank/handlers/routing/ResponseHandler.h"
#include "changebank/handlers/routing/Router.h"
#include "changebank/handlers/routing/SubstitutedHandler.h"
#include "changebank/security/explanation/TokenExplanation.h"
#include "changebank/security/guard/TokenExtractor.h"

namespace changebank::handlers {

using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;
using security::PrincipalRequestHandlerFactory;
using security::TokenExplanation;

namespace {

using Handler = std::unique_ptr<HTTPRequestHandler>;
using MissedRoute = security::JudgedRequest::MissedRoute;
using PrincipalPtr = std::shared_ptr<const security::Principal>;

const ExplainedRequest& explained(const HTTPServerRequest& request) {
    return dynamic_cast<const ExplainedRequest&>(request);
}

/// Keeps the refusals, which it does not count.
class RefusalKeeper : public security::RefusalReporter {
public:
    explicit RefusalKeeper(std::string realm)
        : RefusalReporter(security::ErrorDetail::detailed, nullptr, std::move(realm)) {}

protected:
    void refused(const HTTPServerRequest& request, const security::Refusal& refusal,
                 const security::Principal*) override {
        explained(request).verdict().refusal = refusal;
    }
};

/// Keeps the callers that the guard lets pass.
class CallerKeeper : public PrincipalRequestHandlerFactory {
public:
    explicit CallerKeeper(Ptr next) : _next(std::move(next)) {}

    Handler createRequestHandler(const HTTPServerRequest& request, PrincipalPtr principal) override {
        explained(request).verdict().principal = principal;
        return _next->createRequestHandler(request, std::move(principal));
    }

private:
    Ptr _next;
};

/// In place of a route's handler.
Handler reach(const HTTPServerRequest& request, const PrincipalPtr&) {
    explained(request).verdict().isHandled = true;
    return std::make_unique<ResponseHandler>(Response{HTTPResponse::HTTP_OK});
}

class HandlerReached : public PrincipalRequestHandlerFactory {
public:
    Handler createRequestHandler(const HTTPServerRequest& request, PrincipalPtr principal) override {
        return reach(request, principal);
    }
};

Router::Protection protectionOf(const ProtectionOptions& options,
                                const std::shared_ptr<security::TokenValidator>& validator,
                                const std::string& realm) {
    auto protection = makeProtection(options, validator, std::make_shared<RefusalKeeper>(realm), nullptr);
    // The request that asks has been counted for its client already.
    protection.limits = nullptr;
    protection.guard = [guard = std::move(protection.guard)](PrincipalRequestHandlerFactory::Ptr next,
                                                             security::Challenge::Ptr challenge) {
        return guard(std::make_shared<CallerKeeper>(std::move(next)), std::move(challenge));
    };
    return protection;
}

std::vector<Route> withoutHandlers(std::vector<Route> routes) {
    for (auto& route : routes) {
        route.make = reach;
        route.waits.reset();
    }
    routes.push_back({std::string(explainPath), {"GET"}, Everybody{}, reach});
    return routes;
}

std::string_view nameOf(TokenExplanation::Outcome outcome) {
    switch (outcome) {
        case TokenExplanation::Outcome::passed:
            return "passed";
        case TokenExplanation::Outcome::refused:
            return "refused";
        case TokenExplanation::Outcome::notReached:
            break;
    }
    return "notReached";
}

/// A member of an object, after a comma.
void addMember(std::string& json, std::string_view name, std::string_view value) {
    json += ",\"" + std::string(name) + "\":" + quoteJson(value);
}

std::string toJsonOf(const TokenExplanation::Stop& stop) {
    std::string json = "{\"check\":" + quoteJson(security::nameOf(stop.station));
    addMember(json, "outcome", nameOf(stop.outcome));
    if (stop.outcome != TokenExplanation::Outcome::notReached) {
        addMember(json, "expected", stop.expected);
        addMember(json, "found", stop.found);
    }
    return json + "}";
}

/// What the request would get, from the response that it got.
std::string toJsonOf(const CapturedResponse& response) {
    std::string json = "{\"status\":" + std::to_string(response.getStatus());
    const auto body = Json::parse(response.body());
    for (const auto* name : {"error", "code"}) {
        const auto* member = body ? body->find(name) : nullptr;
        if (member && member->string()) addMember(json, name, *member->string());
    }
    if (response.has("WWW-Authenticate")) addMember(json, "challenge", response["WWW-Authenticate"]);
    return json + "}";
}

std::string_view cut(std::string_view text) {
    return utf8Prefix(text, security::Refusal::maxEvidence);
}

/// What a request asks about; std::nullopt if that cannot be read.
struct Question {
    std::string method;
    /// Without its query; empty: none.
    std::string path;

    static std::optional<Question> of(const HTTPServerRequest& request) {
        constexpr std::size_t maxMethod = 32;
        constexpr std::size_t maxPath = 1024;
        const auto query = RequestTarget::of(request).query;
        auto method = valueOf(query, "method", "GET");
        auto path = valueOf(query, "path", "");
        if (!method || !path) return std::nullopt;
        const bool isMethod =
            !method->empty() && method->size() <= maxMethod &&
            std::all_of(method->begin(), method->end(), [](char c) { return isUnreserved(c); });
        const bool isPath = path->empty() || (path->front() == '/' && path->size() <= maxPath &&
                                              std::none_of(path->begin(), path->end(), isControl));
        if (!isMethod || !isPath) return std::nullopt;
        path->erase(std::min(path->find('?'), path->size()));
        return Question{std::move(*method), std::move(*path)};
    }

private:
    static std::optional<std::string> valueOf(std::string_view query, std::string_view name,
                                              std::string_view otherwise) {
        auto value = queryParameter(query, name);
        if (auto* text = std::get_if<std::string>(&value)) return std::move(*text);
        if (std::get<ParameterFault>(value) == ParameterFault::repeated) return std::nullopt;
        return std::string(otherwise);
    }
};

/// Answers requests about others that were judged.
class Explainer {
public:
    Explainer(std::vector<Route> routes, const ProtectionOptions& options,
              std::shared_ptr<const security::TokenValidator> validator)
        : _routes(std::move(routes)),
          _cookie(options.cookie),
          _acceptsDpop(options.dpop != nullptr),
          _extractor(extractorOf(options)),
          _validator(std::move(validator)) {}

    void answer(const ExplainedRequest& judged, Poco::Net::HTTPServerResponse& response) const {
        constexpr const char* nonce = "DPoP-Nonce";
        if (judged.response().has(nonce)) response.set(nonce, judged.response()[nonce]);
        Response::json(HTTPResponse::HTTP_OK, toJson(judged))
            .with("Cache-Control", "no-store")
            .with("Vary", "Cookie, Authorization")
            .with("X-Content-Type-Options", "nosniff")
            .send(response);
    }

private:
    std::string toJson(const ExplainedRequest& request) const {
        std::string json = "{\"request\":{\"method\":" + quoteJson(cut(request.getMethod()));
        if (!request.getURI().empty()) addMember(json, "path", cut(request.getURI()));
        json += "},\"stations\":[";
        for (const auto& stop : explanationOf(request).stops)
            json += (json.back() == '[' ? "" : ",") + toJsonOf(stop);
        const bool isHandled = request.verdict().isHandled;
        return json + "],\"response\":" + (isHandled ? "null" : toJsonOf(request.response())) + "}";
    }

    TokenExplanation explanationOf(const ExplainedRequest& request) const {
        const auto& verdict = request.verdict();
        const auto extracted = _extractor.extract(request);
        const auto* presented = std::get_if<security::PresentedToken>(&extracted);
        const security::JudgedRequest judged{
            .method = request.getMethod(),
            .path = request.getURI(),
            .cookie = _cookie,
            .acceptsDpop = _acceptsDpop,
            .presented = presented ? std::optional(*presented) : std::nullopt,
            .refusal = verdict.refusal ? &*verdict.refusal : nullptr,
            .principal = verdict.principal.get(),
            .rule = ruleOf(verdict.route),
            .missedRoute = missedRouteOf(request),
            .now = Clock::system().wall()};
        const bool isPublic = !verdict.refusal && !verdict.principal;
        return isPublic ? TokenExplanation::ofPublic(judged) : TokenExplanation::of(judged, *_validator);
    }

    /// The one that admits everybody if there is no route.
    security::AccessRule ruleOf(const std::string& path) const {
        const auto found = std::find_if(_routes.begin(), _routes.end(),
                                        [&](const Route& route) { return route.path == path; });
        return found == _routes.end() ? security::anyPrincipal() : found->rule();
    }

    static std::optional<MissedRoute> missedRouteOf(const ExplainedRequest& request) {
        if (request.verdict().isHandled || request.verdict().refusal) return std::nullopt;
        const auto& response = request.response();
        const auto status = response.getStatus();
        if (status == HTTPResponse::HTTP_NOT_FOUND)
            return MissedRoute{true, "a path with a route", request.getURI()};
        return MissedRoute{status == HTTPResponse::HTTP_METHOD_NOT_ALLOWED, response.get("Allow", ""),
                           request.getMethod()};
    }

    const std::vector<Route> _routes;
    const std::string _cookie;
    const bool _acceptsDpop;
    const security::TokenExtractor _extractor;
    const std::shared_ptr<const security::TokenValidator> _validator;
};

/// Judges the requests that others ask about.
class Trial {
public:
    Trial(const std::vector<Route>& routes, const Router::Protection& protection,
          std::shared_ptr<const SubstitutedRun> answer)
        : _router(routes, protection),
          _anyPrincipal(protection.guard(std::make_shared<HandlerReached>(),
                                         protection.challenge("", security::anyPrincipal()))),
          _answer(std::move(answer)) {}

    Handler begin(const HTTPServerRequest& outer, const Question& question) {
        auto request = std::make_shared<ExplainedRequest>(outer, question.method, question.path);
        auto* chain = question.path.empty() ? _anyPrincipal.get() : &_router;
        Handler handler(chain->createRequestHandler(*request));
        return substitutedHandler(std::move(request), std::move(handler), _answer);
    }

private:
    Router _router;
    Poco::Net::HTTPRequestHandlerFactory::Ptr _anyPrincipal;
    const std::shared_ptr<const SubstitutedRun> _answer;
};

Handler badQuestion() {
    return std::make_unique<ResponseHandler>(
        Response::error(HTTPResponse::HTTP_BAD_REQUEST, "Invalid \"method\" or \"path\" parameter")
            .with("Cache-Control", "no-store"));
}

}  // namespace

Route explainRoute(const std::vector<Route>& routes, const ProtectionOptions& options,
                   const std::shared_ptr<security::TokenValidator>& validator, const std::string& realm) {
    const auto judged = withoutHandlers(routes);
    auto answer = std::make_shared<const SubstitutedRun>(
        [explainer = std::make_shared<const Explainer>(judged, options, validator)](
            auto& handler, auto& request, auto& response) {
            const auto& asked = explained(request);
            handler.handleRequest(request, asked.response());
            explainer->answer(asked, response);
        });
    auto trial = std::make_shared<Trial>(judged, protectionOf(options, validator, realm), std::move(answer));
    return {std::string(explainPath), {"GET"}, Everybody{}, [trial](const auto& request, const auto&) {
                const auto question = Question::of(request);
                return question ? trial->begin(request, *question) : badQuestion();
            }};
}

}  // namespace changebank::handlers
