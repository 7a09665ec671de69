#include "handlers/RouteTable.h"

#include <Poco/Exception.h>

#include "handlers/RequestTarget.h"

namespace changebank::handlers {

RouteTable::RouteTable(std::vector<Route> routes) {
    for (auto& route : routes) {
        const std::string path = route.path;
        if (RequestTarget(path).path() != path) {
            throw Poco::InvalidArgumentException("a route's path is lower case, without a trailing slash",
                                                 path);
        }
        if (!_routes.emplace(path, std::move(route)).second) {
            throw Poco::InvalidArgumentException("two routes with one path", path);
        }
    }
}

const Route* RouteTable::find(const std::string& target) const {
    const auto found = _routes.find(RequestTarget(target).path());
    return found == _routes.end() ? nullptr : &found->second;
}

}  // namespace changebank::handlers
