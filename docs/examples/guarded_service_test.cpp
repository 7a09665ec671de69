// How to test handlers behind ChangeBank's guard: a stored key set and token stay valid, since the clock
// stands still and nothing is fetched.
#include <iostream>

#include "changebank/security/token/TokenValidator.h"

using namespace changebank;
using namespace changebank::security;

namespace {

constexpr auto keySet = R"({"keys":[{"kid":"k1","kty":"EC","crv":"P-256",
    "x":"oUHfd4vLPLvM58feFW5TlG8DO5YsHlm09KQ6C_WNf2Q","y":"QqHrVwJ3oiRBK4yiq8esmpb__yQTzTPLFbM35wQttSc"}]})";

/// Carla's token: she is a clerk. It expires 1,790,000,600 seconds after 1970.
constexpr auto token =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0."
    "eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUuY29tIiwiYXVkIjoibXktc2VydmljZSIsInN1YiI6IkNhcmxhIiwicm9sZXMiOlsi"
    "Y2xlcmsiXSwiZXhwIjoxNzkwMDAwNjAwfQ."
    "BW2M0925iRyTZBje43EozRu2W1xkhAUVlCvsQYUOFkxkWMRme73Af7-KSpTiYXgIa0PRjNQeMxopg7S0MC6UQw";

class StandingClock : public Clock {
public:
    Monotonic monotonic() const override { return {}; }
    Wall wall() const override { return Wall(seconds); }
    /// Not called: the keys are fixed.
    void waitUntil(std::unique_lock<std::mutex>&, std::condition_variable&, Monotonic) override {}

    std::chrono::seconds seconds{1'790'000'000};
};

int failures = 0;

void expect(bool outcome, const char* what) {
    if (outcome) return;
    std::cerr << "not so: " << what << "\n";
    ++failures;
}

}  // namespace

int main() {
    TokenPolicy policy;
    policy.issuer = "https://login.example.com";
    policy.audiences = {"my-service"};
    policy.algorithms = {Algorithm::es256};

    StandingClock clock;
    const auto keys = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(keySet));
    TokenValidator validator(policy, std::make_shared<FixedKeySource>(keys), nullptr, 1, clock);

    const auto result = validator.validate(token);
    const auto* principal = std::get_if<std::shared_ptr<const Principal>>(&result);
    expect(principal && (*principal)->subject == "Carla", "Carla is let in");
    expect(principal && (*principal)->hasAnyOf({"clerk"}), "she is a clerk");

    clock.seconds += std::chrono::seconds(600);
    const auto later = validator.validate(token);
    const auto* refusal = std::get_if<Refusal>(&later);
    expect(refusal && refusal->cause == Cause::expired, "her token ends");
    return failures;
}
