#include "changebank/daemon/revocation/WebhookRoutes.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/StreamCopier.h>

#include <string_view>
#include <utility>
#include <variant>

#include "changebank/base/handler/ClientText.h"
#include "changebank/base/handler/RequestContext.h"
#include "changebank/daemon/revocation/FusionAuthEvent.h"
#include "changebank/handlers/routing/Response.h"
#include "changebank/handlers/routing/Router.h"
#include "changebank/security/guard/UniqueField.h"

namespace changebank::daemon {

using handlers::Response;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;

namespace {

const std::string signatureField = "X-FusionAuth-Signature-JWT";

struct Answer {
    EventOutcome outcome;
    /// If it is not 200: for the operator.
    std::string why{};

    bool isOk() const noexcept {
        return outcome == EventOutcome::kept || outcome == EventOutcome::unchanged ||
               outcome == EventOutcome::duplicate || outcome == EventOutcome::ignored;
    }
};

Answer answerTo(const WebhookKeys::Result& refusal) {
    const bool isUnknown = refusal.verdict == WebhookKeys::Verdict::keysUnavailable;
    return {isUnknown ? EventOutcome::keysUnavailable : EventOutcome::unsigned_, refusal.why};
}

Answer answerTo(Revocations::Result result) {
    switch (result.outcome) {
        case Revocations::Outcome::kept:
            return {EventOutcome::kept};
        case Revocations::Outcome::unchanged:
            return {EventOutcome::unchanged};
        case Revocations::Outcome::full:
            return {EventOutcome::full, "there is no room for one more revocation"};
        case Revocations::Outcome::off:
            return {EventOutcome::notWritten, "revocation is off"};
        case Revocations::Outcome::notWritten:
            break;
    }
    return {EventOutcome::notWritten, std::move(result.why)};
}

Response errorWith(const WebhookContext& context, const Answer& answer) {
    const auto unavailable = [&context](std::string_view message) {
        return Response::error(HTTPResponse::HTTP_SERVICE_UNAVAILABLE, message)
            .with("Retry-After", std::to_string(context.retryAfter.count()));
    };
    switch (answer.outcome) {
        case EventOutcome::unsigned_:
            // RFC 9110 section 11.6.1 wants a challenge; there is no registered scheme for it.
            return Response::error(HTTPResponse::HTTP_UNAUTHORIZED, "The signature is missing or not valid")
                .with("WWW-Authenticate", signatureField);
        case EventOutcome::full:
            return unavailable("There is no room for one more revocation");
        case EventOutcome::notWritten:
            return unavailable("The revocation cannot be written down");
        case EventOutcome::keysUnavailable:
            return unavailable("The keys that sign events cannot be fetched");
        default:
            return Response::error(HTTPResponse::HTTP_BAD_REQUEST, answer.why);
    }
}

Response responseTo(const WebhookContext& context, const Answer& answer) {
    if (!answer.isOk()) return errorWith(context, answer);
    return Response::json(HTTPResponse::HTTP_OK,
                          "{\"outcome\":\"" + std::string(nameOf(answer.outcome)) + "\"}");
}

/// Receives one event.
class WebhookHandler : public Poco::Net::HTTPRequestHandler {
public:
    explicit WebhookHandler(std::shared_ptr<const WebhookContext> context) : _context(std::move(context)) {}

    void handleRequest(HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
        const auto client = clientText(request.clientAddress());
        const auto answer = receive(request, client);
        _context->counters->count(answer.outcome);
        if (!answer.isOk()) {
            if (const auto* noted = RequestContext::of(request)) noted->noteDenial(nameOf(answer.outcome));
            _context->report(answer.outcome, answer.why, client);
        }
        responseTo(*_context, answer).with("Cache-Control", "no-store").send(response);
    }

private:
    Answer receive(HTTPServerRequest& request, const std::string& client) {
        const auto signature = security::uniqueField(request, signatureField);
        if (!signature) return {EventOutcome::unsigned_, signatureField + " is missing"};
        if (signature->empty()) return {EventOutcome::unsigned_, signatureField + " is empty or repeated"};
        std::string body;
        Poco::StreamCopier::copyToString(request.stream(), body);
        const auto check = _context->keys->verify(*signature, body);
        if (check.verdict != WebhookKeys::Verdict::authentic) return answerTo(check);
        auto parsed = FusionAuthEvent::parse(body);
        if (auto* malformed = std::get_if<FusionAuthEvent::Malformed>(&parsed))
            return {EventOutcome::malformed, std::move(malformed->why)};
        return take(std::get<FusionAuthEvent>(parsed), client);
    }

    Answer take(const FusionAuthEvent& event, const std::string& client) {
        if (event.isIgnored()) return {EventOutcome::ignored};
        if (_context->recent->contains(event.id)) return {EventOutcome::duplicate};
        if (isFromFuture(event)) return {EventOutcome::future, "\"event.createInstant\" is in the future"};
        if (event.changesKeys) _context->refreshKeys();
        auto answer =
            event.revocation ? answerTo(_context->revoke(*event.revocation)) : Answer{EventOutcome::kept};
        if (answer.outcome != EventOutcome::kept) return answer;
        if (event.revocation) _context->kept(*event.revocation, event.id, client);
        _context->recent->add(event.id);
        return answer;
    }

    bool isFromFuture(const FusionAuthEvent& event) const {
        const auto latest = _context->clock.wall() + _context->leeway;
        return event.createInstant >
               std::chrono::floor<std::chrono::milliseconds>(latest.time_since_epoch()).count();
    }

    const std::shared_ptr<const WebhookContext> _context;
};

}  // namespace

Poco::Net::HTTPRequestHandlerFactory::Ptr webhookRoutes(std::shared_ptr<const WebhookContext> context) {
    return new handlers::Router({
        {"/webhooks/fusionauth",
         {"POST"},
         handlers::Everybody{},
         [context = std::move(context)](const auto&, const auto&) {
             return std::make_unique<WebhookHandler>(context);
         },
         handlers::Waits::shared},
    });
}

}  // namespace changebank::daemon
