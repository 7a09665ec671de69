#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "changebank/base/text/Json.h"
#include "changebank/handlers/bank/ChangeBank.h"
#include "changebank/handlers/bank/PageAsset.h"

using namespace changebank;
using namespace changebank::handlers;
using changebank::Json;

namespace {

Json description() {
    for (const auto& asset : pageAssets()) {
        if (asset.path == "/openapi.json") return Json::parse(asset.body).value();
    }
    throw std::runtime_error("there is no /openapi.json");
}

/// The paths of the description, with the one parameter that has an enumeration replaced by each of its
/// values.
std::set<std::string> describedPaths(const Json& document) {
    std::set<std::string> paths;
    for (const auto& [path, item] : *document.find("paths")->object()) {
        const auto brace = path.find("{script}");
        if (brace == std::string::npos) {
            paths.insert(path);
            continue;
        }
        const auto& parameter = item.find("parameters")->array()->front();
        for (const auto& script : *parameter.find("schema")->find("enum")->array())
            paths.insert(path.substr(0, brace) + *script.string());
    }
    return paths;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(OpenApiTest)

BOOST_AUTO_TEST_CASE(everyRouteIsDescribedAndNothingElse) {
    std::set<std::string> routes{"/{elsewhere}", "/explain"};
    for (const auto& route : changeBankRoutes({}, nullptr, nullptr))
        routes.insert(route.path);
    const auto described = describedPaths(description());
    BOOST_TEST(described == routes, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(everyMethodOfARouteIsDescribed) {
    const auto document = description();
    for (const auto& route : changeBankRoutes({}, nullptr, nullptr)) {
        const auto* item = document.find("paths")->find(route.path);
        if (item == nullptr) item = document.find("paths")->find("/page/{script}");
        for (const char* method : {"get", "head", "options", "post", "put", "patch", "delete"}) {
            std::string name(method);
            for (char& c : name)
                c = static_cast<char>(c - 'a' + 'A');
            BOOST_TEST(
                (item->find(method) != nullptr) == !(name != "OPTIONS" && route.responseToMethod(name)),
                name << " " << route.path);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
