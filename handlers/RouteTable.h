#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "handlers/Route.h"

namespace changebank::handlers {

/// The routes of the application by path. Immutable, usable from any thread.
class RouteTable {
public:
    /// Throws Poco::InvalidArgumentException if a path comes twice or is not spelt as RequestTarget::path()
    /// spells it.
    explicit RouteTable(std::vector<Route> routes);

    /// The route of a request target as the request line has it, query included; nullptr if there is none.
    const Route* find(const std::string& target) const;

    /// Every route by its path.
    const std::unordered_map<std::string, Route>& all() const noexcept { return _routes; }

private:
    std::unordered_map<std::string, Route> _routes;
};

}  // namespace changebank::handlers
