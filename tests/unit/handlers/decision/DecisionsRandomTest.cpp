// Random requests: the trial, the endpoint and the guard of the public listener decide alike.
#include <array>
#include <future>
#include <map>
#include <optional>
#include <random>

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
constexpr unsigned requests = 20'000;
#elif defined(__OPTIMIZE__)
constexpr unsigned requests = 1'000'000;
#else
// Each takes ten times as long.
constexpr unsigned requests = 100'000;
#endif
constexpr unsigned threads = 2;

struct Asked {
    std::string method;
    std::string target;
    std::string token;
    bool isInCookie = false;
    Fields fields;
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
    static inline const Texts queries{"", "?total=1.02", "?", "?a=../..//%2F\\;", "?/me", "?total=1&x=y"};

    bool oneIn(unsigned number) { return _random() % number == 0; }
    const std::string& any(const Texts& texts) { return texts[_random() % texts.size()]; }

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
        options.rules = rules(lines);
        options.corsOrigins = {"https://app.example.com"};
        asked = endpoint();
        tried = decisions();
        open = makeChangeBank(
            {.access = {.makeChange = anyRole({"customer", "teller"}), .panic = anyRole({"teller"})},
             .cookie = options.cookie,
             .corsOrigins = options.corsOrigins},
            validating, reporter, std::make_shared<RecordingNothing>());
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

    /// Why the three do not agree; empty if they do.
    std::string disagreement(const Asked& what, std::map<std::string, unsigned>& seen) const {
        auto asking = byEndpoint(what);
        ++seen[asking.cause];
        if (!what.isInCookie) {
            auto trying = byTrial(what);
            if (trying.route.empty()) trying.route = asking.route;
            if (asking.text() != trying.text()) return "the trial: " + trying.text();
        }
        if ((asking.status == 200) != asking.cause.empty()) return "a status without its cause";
        if (asking.cause == "forwarded_request_invalid") return {};
        const auto mark = std::min(what.target.find('?'), what.target.size());
        const auto path = normalPath(what.target.substr(0, mark));
        if (!path || asking.cause == "path_ambiguous") {
            if (path || asking.cause != "path_ambiguous") return "normalPath()";
            const auto guard = byPublicGuard(what, what.target);
            return isAdmitted(guard, what.method) && isProtected(guard.route) ? "the guard: " + guard.text()
                                                                              : "";
        }
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

    /// What came of some of the requests: how often each cause, and the first that was decided differently.
    struct Share {
        std::map<std::string, unsigned> seen;
        std::string disagreement;
    };

    Share share(unsigned seed, unsigned count) const {
        Share result;
        RandomRequests random(seed, tokens);
        for (unsigned i = 0; i < count && result.disagreement.empty(); ++i) {
            const auto what = random.next();
            auto why = disagreement(what, result.seen);
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
    Factory asked;
    Factory tried;
    Factory open;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DecisionsRandomTest, Fixture)

BOOST_AUTO_TEST_CASE(trialEndpointAndPublicGuardDecideAlike) {
    std::vector<std::future<Share>> shares;
    for (unsigned thread = 0; thread < threads; ++thread)
        shares.push_back(
            std::async(std::launch::async, [&, thread] { return share(1 + thread, requests / threads); }));
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
                                                                      {"forwarded_request_invalid", 200}}) {
        BOOST_TEST_MESSAGE(cause << ": " << seen[cause]);
        BOOST_TEST(seen[cause] >= requests / share, cause);
    }
}

BOOST_AUTO_TEST_SUITE_END()
