#include "changebank/handlers/decision/DecisionTrial.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/SocketAddress.h>

#include <memory>
#include <variant>

#include "changebank/base/handler/RequestContext.h"
#include "changebank/handlers/decision/ForwardedRequest.h"
#include "changebank/handlers/decision/RequestConvention.h"
#include "changebank/handlers/routing/CapturedResponse.h"

namespace changebank::handlers {

namespace {

/// A proxy's question about the tried request, which no proxy has sent.
class TrialRequest : public Poco::Net::HTTPServerRequest, public RequestContext {
public:
    explicit TrialRequest(const TriedRequest& tried) {
        setVersion(HTTP_1_1);
        add(std::string(forwardedMethodField), tried.method);
        add(std::string(forwardedHostField), tried.host);
        add(std::string(forwardedUriField), tried.target);
        if (!tried.token.empty()) add("Authorization", "Bearer " + tried.token);
    }

    std::istream& stream() override { return _stream; }
    const Poco::Net::SocketAddress& clientAddress() const override { return address(); }
    const Poco::Net::SocketAddress& serverAddress() const override { return address(); }
    const Poco::Net::HTTPServerParams& serverParams() const override {
        static const Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
        return *params;
    }
    CapturedResponse& response() const override { return _response; }
    bool secure() const override { return false; }

    std::string_view path() const override { return decisionPath; }
    std::string_view query() const override { return {}; }
    void noteRoute(std::string_view pattern) const override { _notes.route = pattern; }
    void noteSubject(std::string_view subject) const override { _notes.subject = subject; }
    void noteDenial(std::string_view cause) const override { _notes.cause = cause; }

    /// What was noted and sent.
    TriedDecision decision() const {
        auto decision = _notes;
        decision.status = _response.getStatus();
        decision.fields.assign(_response.begin(), _response.end());
        decision.body = _response.body();
        return decision;
    }

private:
    static const Poco::Net::SocketAddress& address() {
        static const Poco::Net::SocketAddress loopback("127.0.0.1", static_cast<Poco::UInt16>(0));
        return loopback;
    }

    std::istream _stream{nullptr};
    mutable CapturedResponse _response;
    mutable TriedDecision _notes;
};

/// What the endpoint answers to a request that cannot be read.
TriedDecision refusedBy(const security::Refusal& refusal) {
    const auto& traits = traitsOf(refusal.cause);
    return {.status = traits.status, .cause = std::string(traits.name), .body = refusal.body()};
}

}  // namespace

TriedDecision tryDecision(Poco::Net::HTTPRequestHandlerFactory& decisions, const TriedRequest& tried) {
    const TrialRequest outer(tried);
    const auto received = readRequest(RequestConvention::forwarded, outer);
    if (const auto* refusal = std::get_if<security::Refusal>(&received)) return refusedBy(*refusal);
    ForwardedRequest request(outer, std::get<ReceivedRequest>(received));
    const std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(decisions.createRequestHandler(request));
    handler->handleRequest(request, outer.response());
    auto decision = outer.decision();
    decision.rule = request.rule();
    if (decision.rule == 0) decision.route.clear();
    return decision;
}

}  // namespace changebank::handlers
