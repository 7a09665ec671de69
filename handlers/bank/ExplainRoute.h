#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/handlers/routing/Protection.h"
#include "changebank/handlers/routing/Route.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::handlers {

/// The path of the route that explains.
inline constexpr std::string_view explainPath = "/explain";

/// The route `GET /explain?method=POST&path=/panic`: what would become of that request with the token that
/// this one brings, and why. `method` is GET if it is missing; without `path` it is about any request that a
/// good token suffices for. Always 200, but 400 for parameters that cannot be read:
///
///     {"request":{"method":"POST","path":"/panic"},
///      "stations":[{"check":"token","outcome":"passed","expected":…,"found":…}, …
///                  {"check":"handler","outcome":"notReached"}],
///      "response":{"status":403,"error":…,"code":…,"challenge":…}}
///
/// `response` is null if the request would reach its handler. The verdict is that of a Router over the same
/// routes with the same guard, deferred and suspended like any other, whose handlers do nothing; see
/// security::TokenExplanation for the rest. Nothing is counted, reported or recorded as a denial.
///
/// `routes` are those that can be asked about. `realm` is that of the real refusals.
Route explainRoute(const std::vector<Route>& routes, const ProtectionOptions& options,
                   const std::shared_ptr<security::TokenValidator>& validator, const std::string& realm);

}  // namespace changebank::handlers
