// Random requests to the endpoint, each compared with one or two of these:
// - the trial, for those without a cookie, since it has no fields but a bearer token;
// - the guard of the public listener with the same rules, for those with a path that is clear, with their
// cookies
//   and their fields; for those whose path is not, only that the guard would not admit them either;
// - what must come of preflights and of deceptive fields, which the public listener treats otherwise.
#include <array>
#include <future>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "changebank/handlers/bank/ChangeBank.h"
#include "changebank/handlers/bank/PageAsset.h"
#include "changebank/handlers/decision/DecisionTrial.h"
#include "changebank/handlers/decision/Decisions.h"
#include "changebank/handlers/decision/NormalPath.h"
#include "tests/unit/handlers/decision/DecisionFixture.h"

using namespace changebank;
using namespace changebank::handlers;
using namespace changebank::security;
using changebank::tests::TokenRecipe;

namespace {

#ifdef CHANGEBANK_SANITIZED
constexpr unsigned comparisons = 20'000;
#elif defined(__OPTIMIZE__)
constexpr unsigned comparisons = 1'000'000;
#else
// Each takes ten times as long.
constexpr unsigned comparisons = 50'000;
#endif
constexpr unsigned threads = 2;

struct Asked {
    std::string method;
    std::string target;
    std::string token;
    bool isInCookie = false;
    /// The fields of a preflight of an allowed origin, or one that deceives.
    bool isPreflight = false;
    bool isDeceptive = false;
    Fields fields{};
};

/// How a request ended.
struct Outcome {
    int status;
    std::string cause;
    std::string subject;
    std::string route;

    std::string text() const { return std::to_string(status) + " " + cause + " " + subject + " " + route; }
};

class RandomRequests {
public:
    RandomRequests(unsigned seed, const std::vector<std::string>& tokens) : _random(seed), _tokens(tokens) {}

    Asked next() {
        Asked asked;
        const auto kind = _random() % 8;
        if (kind < 2) return deceptive();
        if (kind == 2) return preflight();
        asked.method = oneIn(40) ? any(oddMethods) : any(methods);
        asked.target = target();
        asked.token = token();
        asked.isInCookie = !asked.token.empty() && oneIn(3);
        if (oneIn(3)) asked.fields.emplace_back("Sec-Fetch-Site", any(sites));
        if (oneIn(3)) asked.fields.emplace_back("Origin", any(origins));
        return asked;
    }

private:
    using Texts = std::vector<std::string>;
    static inline const Texts methods{"GET",  "GET", "GET",    "HEAD",   "POST",
                                      "POST", "PUT", "DELETE", "OPTIONS"};
    static inline const Texts oddMethods{"get", "Post", "", "G T", "GET,POST", "BREW", "M-SEARCH"};
    static inline const Texts sites{"same-origin", "none", "same-site", "cross-site", ""};
    static inline const Texts origins{"https://api.example.com", "https://app.example.com",
                                      "https://evil.example", "null", ""};
    static inline const Texts paths{"/make-change", "/panic", "/me",      "/livez",
                                    "/readyz",      "/",      "/unknown", "/page/config.json",
                                    "/page",        "/mes",   "/me/x",    "/openapi.json"};
    static inline const Texts tricks{
        "/",    "//",  "/.",       "/..",      "/./",    "/../me",    "%2F",       "%2f", "%5C",
        "\\",   ";",   ";a=b",     "%3B",      "%",      "%2",        "%zz",       "%00", "%20",
        " ",    ".",   "%2e",      "%2E%2e",   "#",      "%23",       "%3F",       "%25", "%252F",
        "%6d",  "%6D", "%C3%B6",   "\xC3\xB6", "%C5%BF", "%E2%84%AA", "%EF%BD%8D", "%FF", "\t",
        "\r\n", "*",   "http://a", "~",        "@",      ":",         "%41",       "_",   "%65"};
    static inline const Texts deceptiveNames{"X-Auth-Subject",         "x-auth-issuer",  "X_Auth_Roles",
                                             "X.AUTH.SCOPES",          "X-Auth~Token",   "X-HTTP-Method",
                                             "X-HTTP_Method-Override", "X-Original-URL", "X_Rewrite_URL",
                                             "HTTP2-Settings",         "Sec_Fetch_Site", "X-Real_IP",
                                             "X_Forwarded_For"};
    static inline const Texts takenAway{"X-Auth-Roles", "close, x-auth-subject", "X-Forwarded-For ,close"};
    static inline const std::string allowedOrigin{"https://app.example.com"};
    static inline const Texts queries{"", "?total=1.02", "?", "?a=../..//%2F\\;", "?/me", "?total=1&x=y"};

    bool oneIn(unsigned number) { return _random() % number == 0; }
    const std::string& any(const Texts& texts) { return texts[_random() % texts.size()]; }

    Asked deceptive() {
        Asked asked{.method = any(methods), .target = target(), .token = token(), .isDeceptive = true};
        if (oneIn(8)) asked.fields.emplace_back("Upgrade", "h2c");
        if (oneIn(8)) asked.fields.emplace_back("Connection", any(takenAway));
        if (asked.fields.empty() || oneIn(8)) asked.fields.emplace_back(any(deceptiveNames), "x");
        return asked;
    }

    Asked preflight() {
        Asked asked{.method = "OPTIONS", .target = target(), .token = token(), .isPreflight = true};
        asked.fields.emplace_back("Origin", allowedOrigin);
        asked.fields.emplace_back("Access-Control-Request-Method",
                                  oneIn(10) ? any(oddMethods) : any(methods));
        return asked;
    }

    std::string target() {
        auto path = any(paths);
        if (oneIn(5)) {
            for (auto& c : path) {
                if (oneIn(2) && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
            }
        }
        for (auto left = oneIn(2) ? 1 + _random() % 2 : 0; left > 0; --left) {
            const auto place = _random() % (path.size() + 1);
            const auto replaced = oneIn(2) ? 1U : 0U;
            path.replace(place, replaced, any(tricks));
        }
        return path + any(queries);
    }

    /// Seldom one whose signature is verified again each time.
    std::string token() {
        if (oneIn(4)) return {};
        if (oneIn(10)) return oneIn(2) ? "garbage" : "a.b.c";
        return _tokens[oneIn(50) ? _random() % _tokens.size() : _random() % 3];
    }

    std::mt19937 _random;
    const Texts& _tokens;
};

struct Fixture : DecisionFixture {
    Fixture() {
        std::vector<std::string> lines{"GET /make-change roles=customer,teller",
                                       "POST /panic roles=teller",
                                       "GET /me authenticated",
                                       "GET /livez public",
                                       "GET /readyz public",
                                       "GET /page/config.json public"};
        for (const auto& asset : pageAssets())
            lines.push_back("GET " + std::string(asset.path) + " public");
        for (const auto& line : lines)
            ruled.insert(line.substr(0, line.rfind(' ')));
        options.rules = rules(lines);
        options.corsOrigins = {"https://app.example.com"};
        // Several threads ask, and a RecordingTrail is for one.
        const auto nothing = std::make_shared<RecordingNothing>();
        asked =
            makeDecisionEndpoint(options, makeDecisions(options, validating, reporter, nothing), reporter);
        tried = makeDecisions(options, validating, reporter, nothing);
        open = makeChangeBank(
            {.access = {.makeChange = anyRole({"customer", "teller"}), .panic = anyRole({"teller"})},
             .cookie = options.cookie,
             .corsOrigins = options.corsOrigins},
            validating, reporter, nothing);
    }

    class RecordingNothing : public AuditTrail {
    public:
        bool record(Event, const Poco::Net::HTTPServerRequest&, const Principal&) noexcept override {
            return true;
        }
    };

    static void addTo(ContextFakeRequest& request, const Asked& what) {
        for (const auto& [name, value] : what.fields)
            request.add(name, value);
        if (what.isInCookie) request.add("Cookie", "app.at=" + what.token);
        if (!what.isInCookie && !what.token.empty()) request.add("Authorization", "Bearer " + what.token);
    }

    static Outcome outcomeOf(ContextFakeRequest& request, const Factory& factory) {
        Factory own(factory);
        const auto& response = request.handledBy(own->createRequestHandler(request));
        return {response.getStatus(), std::string(request.denial), request.subject, request.route};
    }

    Outcome byEndpoint(const Asked& what) const {
        const auto request = asking(what.method, what.target);
        addTo(*request, what);
        return outcomeOf(*request, asked);
    }

    Outcome byTrial(const Asked& what) const {
        Factory own(tried);
        const auto decision = tryDecision(*own, {what.method, what.target, "api.example.com", what.token});
        return {decision.status, decision.cause, decision.subject, decision.route};
    }

    Outcome byPublicGuard(const Asked& what, const std::string& target) const {
        ContextFakeRequest request(what.method, target);
        request.setHost("api.example.com");
        addTo(request, what);
        return outcomeOf(request, open);
    }

    static bool isAdmitted(const Outcome& byGuard, const std::string& method) {
        return byGuard.cause.empty() && byGuard.status != 404 && byGuard.status != 405 &&
               (method != "OPTIONS" || byGuard.status != 204);
    }

    static bool isProtected(const std::string& route) {
        return route == "/make-change" || route == "/panic" || route == "/me";
    }

    /// What came of some of the requests: how often each cause, how many comparisons of each kind, and the
    /// first request that was decided differently.
    struct Share {
        std::map<std::string, unsigned> seen;
        unsigned byTrial = 0;
        unsigned byGuard = 0;
        unsigned asExpected = 0;
        std::string disagreement;

        bool isEnough(unsigned count) const {
            return byTrial >= count && byGuard >= count && asExpected >= count;
        }
    };

    static std::optional<std::string> pathOf(const Asked& what) {
        return normalPath(what.target.substr(0, what.target.find('?')));
    }

    /// The path of the rule for it, in the words of the rules; empty if there is none.
    std::string ruledPath(const std::string& method, const std::string& path) const {
        const auto line = (method == "HEAD" ? "GET" : method) + " " + path;
        return ruled.count(line) > 0 ? path : "";
    }

    /// Of a preflight or a request with a deceptive field.
    Outcome expected(const Asked& what) const {
        const auto path = pathOf(what);
        if (!path) return {403, "path_ambiguous", "", "/decision"};
        if (what.isDeceptive) return {403, "field_forbidden", "", "/decision"};
        if (auto route = ruledPath(what.fields.back().second, *path); !route.empty())
            return {200, "", "", route};
        auto ordinary = byTrial(what);
        ordinary.route = "unmatched";
        return ordinary;
    }

    /// Why the others do not agree; empty if they do.
    std::string disagreement(const Asked& what, Share& share) const {
        const auto asking = byEndpoint(what);
        ++share.seen[asking.cause];
        if ((asking.status == 200) != asking.cause.empty()) return "a status without its cause";
        if (what.isDeceptive || what.isPreflight) {
            if (what.isPreflight && asking.status == 200) ++share.seen["preflight allowed"];
            ++share.asExpected;
            const auto must = expected(what);
            return asking.text() == must.text() ? "" : "expectation: " + must.text();
        }
        if (!what.isInCookie) {
            ++share.byTrial;
            auto trying = byTrial(what);
            if (trying.route.empty()) trying.route = asking.route;
            if (asking.text() != trying.text()) return "the trial: " + trying.text();
        }
        if (asking.cause == "forwarded_request_invalid") return {};
        return disagreementOfGuard(what, asking, share);
    }

    std::string disagreementOfGuard(const Asked& what, const Outcome& asking, Share& share) const {
        const auto mark = std::min(what.target.find('?'), what.target.size());
        const auto path = pathOf(what);
        if (!path || asking.cause == "path_ambiguous") {
            if (path || asking.cause != "path_ambiguous") return "normalPath()";
            const auto guard = byPublicGuard(what, what.target);
            return isAdmitted(guard, what.method) && isProtected(guard.route) ? "the guard: " + guard.text()
                                                                              : "";
        }
        ++share.byGuard;
        // The public listener decodes nothing, so it knows no route of an escaped path.
        const bool isEscaped = what.target.find('%') < mark;
        const auto guard = byPublicGuard(what, isEscaped ? *path + what.target.substr(mark) : what.target);
        return disagrees(asking, guard, what.method) ? "the guard: " + guard.text() : "";
    }

    static bool disagrees(const Outcome& asking, const Outcome& guard, const std::string& method) {
        if (isAdmitted(guard, method)) return asking.status != 200 || asking.subject != guard.subject;
        if (!guard.cause.empty()) return asking.status != guard.status || asking.cause != guard.cause;
        // A path or a method that is not there. On a public path the guard says so without a token.
        if (asking.status != 401 && asking.status != 403) return true;
        return !asking.subject.empty() && asking.cause != "rule_missing";
    }

    /// At least so many comparisons of each kind.
    Share share(unsigned seed, unsigned count) const {
        Share result;
        RandomRequests random(seed, tokens);
        while (!result.isEnough(count) && result.disagreement.empty()) {
            const auto what = random.next();
            auto why = disagreement(what, result);
            if (why.empty()) continue;
            result.disagreement = what.method + " [" + what.target + "] " + what.token.substr(0, 20) +
                                  (what.isInCookie ? " in a cookie" : "");
            for (const auto& [name, value] : what.fields)
                result.disagreement.append(", ").append(name).append(": ").append(value);
            result.disagreement += ": " + byEndpoint(what).text() + ", but by " + why;
        }
        return result;
    }

    /// The first three are good.
    std::vector<std::string> tokens{token(R"(["customer"])"), token(R"(["teller"])"), token("[]"),
                                    sign(recipe().claim("exp", std::to_string(now - 1))),
                                    sign(recipe().claim("aud", R"("another")"))};
    /// METHOD PATH of the rules.
    std::set<std::string> ruled;
    Factory asked;
    Factory tried;
    Factory open;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DecisionsRandomTest, Fixture)

BOOST_AUTO_TEST_CASE(endpointTrialAndPublicGuardDecideAlike) {
    std::vector<std::future<Share>> shares;
    for (unsigned thread = 0; thread < threads; ++thread)
        shares.push_back(
            std::async(std::launch::async, [&, thread] { return share(1 + thread, comparisons / threads); }));
    std::map<std::string, unsigned> seen;
    for (auto& each : shares) {
        const auto result = each.get();
        BOOST_TEST(result.disagreement.empty(), result.disagreement);
        for (const auto& [cause, count] : result.seen)
            seen[cause] += count;
    }
    // Otherwise the agreement would mean little.
    for (const auto& [cause, share] : std::map<std::string, unsigned>{{"", 20},
                                                                      {"missing_token", 20},
                                                                      {"rule_missing", 20},
                                                                      {"path_ambiguous", 20},
                                                                      {"role_missing", 300},
                                                                      {"not_compact", 100},
                                                                      {"cross_site_request", 100},
                                                                      {"header_invalid", 100},
                                                                      {"expired", 2'000},
                                                                      {"claim_unexpected", 2'000},
                                                                      {"field_forbidden", 4},
                                                                      {"preflight allowed", 100},
                                                                      {"forwarded_request_invalid", 200}}) {
        BOOST_TEST_MESSAGE(cause << ": " << seen[cause]);
        BOOST_TEST(seen[cause] >= comparisons / share, cause);
    }
}

BOOST_AUTO_TEST_SUITE_END()
