#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <string>
#include <utility>
#include <vector>

namespace changebank::handlers {

/// A request to try the rules with.
struct TriedRequest {
    std::string method;
    std::string target;
    std::string host;
    /// Empty: none. Presented as `Authorization: Bearer`.
    std::string token{};
};

/// What was decided, and why.
struct TriedDecision {
    int status = 0;
    /// The number of the rule that decided; 0: no rule was found or looked for.
    unsigned rule = 0;
    /// The pattern of that rule's path; empty if there is none.
    std::string route{};
    /// The name of the cause; empty if the request is allowed.
    std::string cause{};
    std::string subject{};
    /// The response's fields and body.
    std::vector<std::pair<std::string, std::string>> fields{};
    std::string body{};
};

/// Decides like makeDecisions(), which made the factory, without a client. May wait for keys: call it where
/// waiting is allowed.
TriedDecision tryDecision(Poco::Net::HTTPRequestHandlerFactory& decisions, const TriedRequest& request);

}  // namespace changebank::handlers
