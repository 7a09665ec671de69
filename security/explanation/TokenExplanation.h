#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/security/explanation/Station.h"
#include "changebank/security/guard/AccessRule.h"
#include "changebank/security/guard/TokenExtractor.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::security {

/// What came of a request that a guard has judged.
struct JudgedRequest {
    /// Its method, and the path of its route.
    std::string_view method;
    std::string_view path;
    /// The cookie that may contain the token.
    std::string_view cookie;
    bool acceptsDpop = false;
    /// std::nullopt if there was none, or none that was looked at.
    std::optional<PresentedToken> presented{};
    /// Why it was refused; nullptr: it was not.
    const Refusal* refusal = nullptr;
    /// The caller, if it passed the guard.
    const Principal* principal = nullptr;
    /// That of its route.
    AccessRule rule{};
    /// How a request was answered that has no route, or whose route does not hand on this method.
    struct MissedRoute {
        bool isRefused = true;
        /// What there is, and what was asked for.
        std::string expected{};
        std::string found{};
    };
    std::optional<MissedRoute> missedRoute{};
    /// When it was judged.
    Clock::Wall now{};
};

/// How far a request came on its way to the handler, with what was expected and found at each station. The
/// verdict is not made here: only the refusal says where the request stopped, and the token, which is parsed
/// once more but not verified again, has the values of the stations that it passed.
///
/// The texts have at most Refusal::maxEvidence bytes each. They may come from the token or the request, so
/// they must be escaped wherever they are written. They never have the token, its signature or all of its
/// claims. A plain value.
struct TokenExplanation {
    enum class Outcome : unsigned char {
        passed,
        refused,
        /// The request stopped before; the texts are empty.
        notReached,
    };
    struct Stop {
        Station station;
        Outcome outcome = Outcome::notReached;
        std::string expected{};
        std::string found{};
    };

    /// All stations, in the order in which the code judges.
    std::vector<Stop> stops;

    /// Reads the validator's issuers and their current keys. Takes as long as parsing the token.
    static TokenExplanation of(const JudgedRequest& judged, const TokenValidator& validator);

    /// Of a request to a route that is public: no token is looked at.
    static TokenExplanation ofPublic(const JudgedRequest& judged);
};

}  // namespace changebank::security
