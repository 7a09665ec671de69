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

    /// One JSON object: `{"login":…,"logout":…,"cookie":…,"token":…,"roles":{"makeChange":[…],"panic":[…]}}`,
    /// where `token` is whether the request has a token in the cookie.
    std::string toJson(bool hasToken) const;
};

}  // namespace changebank::handlers
