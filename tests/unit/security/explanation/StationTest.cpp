#include "changebank/security/explanation/Station.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

using namespace changebank::security;

namespace {

std::size_t placeOf(Station station) {
    const auto stations = stationsInOrder(false);
    return static_cast<std::size_t>(
        std::distance(stations.begin(), std::find(stations.begin(), stations.end(), station)));
}

Station stationOf(Cause cause, const std::string& parameter = {}, const TokenPolicy& policy = {}) {
    return changebank::security::stationOf(Refusal{cause, parameter}, policy);
}

TokenPolicy rfc9068() {
    TokenPolicy policy;
    policy.profile = TokenProfile::rfc9068;
    return policy;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StationTest)

BOOST_AUTO_TEST_CASE(everyStationIsThereOnceWithAName) {
    for (const bool isIssuerFirst : {false, true}) {
        std::set<std::string_view> names;
        for (const auto station : stationsInOrder(isIssuerFirst))
            BOOST_TEST(names.insert(nameOf(station)).second);
        BOOST_TEST(names.size() == 13U);
    }
    BOOST_TEST(nameOf(Station::token) == "token");
    BOOST_TEST(nameOf(Station::revocation) == "revocation");
    BOOST_TEST(nameOf(Station::handler) == "handler");
}

BOOST_AUTO_TEST_CASE(theIssuerComesFirstWhereItChoosesTheKey) {
    const auto stations = stationsInOrder(true);
    BOOST_TEST((stations[1] == Station::form));
    BOOST_TEST((stations[2] == Station::issuer));
    BOOST_TEST((stations[3] == Station::key));
}

// Causes are enumerated in the order of the checks.
BOOST_AUTO_TEST_CASE(theStationsOfAllCausesAreInTheOrderOfTheChecks) {
    std::size_t place = 0;
    for (const auto& traits : allCauses()) {
        const auto station = stationOf(traits.cause);
        BOOST_TEST((station != Station::handler), traits.name);
        // What an issuer or a route demands; it stands with its kin.
        if (traits.cause == Cause::dpopRequired) continue;
        // Those of claims have the claim's station.
        if (traits.cause == Cause::claimMissing || traits.cause == Cause::claimUnexpected) continue;
        BOOST_TEST(placeOf(station) >= place, traits.name);
        place = std::max(place, placeOf(station));
    }
}

BOOST_AUTO_TEST_CASE(troubleOfOursStopsWhereItIs) {
    for (const auto& traits : allCauses()) {
        if (traits.status != 503) continue;
        const auto station = stationOf(traits.cause);
        BOOST_TEST((station == Station::key || station == Station::revocation || station == Station::sender),
                   traits.name);
    }
}

BOOST_AUTO_TEST_CASE(aMissingClaimStopsWhereItIsWanted) {
    for (const auto* name : {"iss", "aud", "exp"})
        BOOST_TEST((stationOf(Cause::claimMissing, name) == Station::claims), name);
    for (const auto* name : {"sub", "tid"})
        BOOST_TEST((stationOf(Cause::claimMissing, name) == Station::kind), name);
    for (const auto* name : {"sub", "client_id", "iat", "jti", "exp"})
        BOOST_TEST((stationOf(Cause::claimMissing, name, rfc9068()) == Station::claims), name);
    BOOST_TEST((stationOf(Cause::claimMissing, "tid", rfc9068()) == Station::kind));

    TokenPolicy policy;
    policy.claims.audience = ClaimPath("azp");
    policy.claims.subject = ClaimPath("aud");
    BOOST_TEST((stationOf(Cause::claimMissing, "azp", policy) == Station::claims));
    BOOST_TEST((stationOf(Cause::claimMissing, "aud", policy) == Station::kind));
    BOOST_TEST((stationOf(Cause::claimUnexpected, "azp", policy) == Station::audience));
}

BOOST_AUTO_TEST_CASE(anUnexpectedClaimStopsWhereItIsCompared) {
    BOOST_TEST((stationOf(Cause::claimUnexpected, "iss") == Station::issuer));
    BOOST_TEST((stationOf(Cause::claimUnexpected, "aud") == Station::audience));
    for (const auto* name : {"tid", "tty", "cnf", "nonce", "sub"})
        BOOST_TEST((stationOf(Cause::claimUnexpected, name) == Station::kind), name);
}

BOOST_AUTO_TEST_CASE(aKeyOfTheSenderIsDemandedByAnIssuerOrByARoute) {
    TokenPolicy policy;
    policy.dpop = DpopUse::require;
    BOOST_TEST((stationOf(Cause::dpopRequired, "", policy) == Station::kind));
    policy.dpop = DpopUse::allow;
    BOOST_TEST((stationOf(Cause::dpopRequired, "", policy) == Station::access));
}

BOOST_AUTO_TEST_SUITE_END()
