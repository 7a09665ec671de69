#pragma once

#include <string>
#include <vector>

namespace changebank::handlers {

/// What the page must know of the settings. Public: everybody who can open the page can read it.
struct PageConfiguration {
    /// Where a browser signs in and out, as http or https addresses in which `{page}` stands for the page's
    /// own address, percent-encoded; empty: the page cannot offer it.
    std::string login{};
    std::string logout{};
    /// The cookie that the token comes in.
    std::string cookie{};
    /// The roles that may make change, and those that may call the police.
    std::vector<std::string> makeChange{};
    std::vector<std::string> panic{};

    /// One JSON object: `{"login":…,"logout":…,"cookie":…,"roles":{"makeChange":[…],"panic":[…]}}`
    std::string toJson() const;
};

}  // namespace changebank::handlers
