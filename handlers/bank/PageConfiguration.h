#pragma once

#include <string>
#include <vector>

namespace changebank::handlers {

/// The settings that the page needs. Public: everybody who can open the page can read it.
struct PageConfiguration {
    /// Addresses (http or https) for signing in and out, in which `{page}` stands for the percent-encoded
    /// address of the page; empty: the page does not offer it.
    std::string login{};
    std::string logout{};
    /// The name of the cookie with the token.
    std::string cookie{};
    /// The roles that may make change, and those that may call the police.
    std::vector<std::string> makeChange{};
    std::vector<std::string> panic{};
    /// Where to get a token with a fault, in which `{kind}` stands for the fault; empty: the page does not
    /// offer it.
    std::string brokenTokens{};
    /// Whether there is a route that explains (explainRoute()).
    bool explain = false;

    /// One JSON object: `{"login":…,"logout":…,"cookie":…,"token":…,"roles":{"makeChange":[…],"panic":[…]},
    /// "brokenTokens":…,"explain":…}`, where `token` is whether the request has a token in the cookie.
    std::string toJson(bool hasToken) const;
};

}  // namespace changebank::handlers
