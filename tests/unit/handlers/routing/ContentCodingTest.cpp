#include "changebank/handlers/routing/ContentCoding.h"

#include <Poco/Net/MessageHeader.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace changebank::handlers;

namespace {

constexpr std::array<std::string_view, 2> both{"br", "gzip"};

std::string chosen(const std::vector<std::string>& fields, std::span<const std::string_view> offered = both) {
    Poco::Net::MessageHeader request;
    for (const auto& field : fields)
        request.add("accept-encoding", field);
    return std::string(chooseCoding(request, offered));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ContentCodingTest)

BOOST_AUTO_TEST_CASE(TheHighestWeightWinsThenTheOrderOfTheOffer) {
    for (const auto& [field, coding] :
         std::vector<std::pair<std::string, std::string>>{{"gzip", "gzip"},
                                                          {"gzip, deflate, br, zstd", "br"},
                                                          {"br;q=0.9, gzip", "gzip"},
                                                          {"br;q=0.5, gzip;q=0.5", "br"},
                                                          {"gzip;q=0.001", "gzip"},
                                                          {"GZIP", "gzip"},
                                                          {"x-gzip", "gzip"},
                                                          {" , ,gzip ;\tQ=1.000 , ", "gzip"},
                                                          {"identity, gzip", "gzip"},
                                                          {"identity;q=0.5, gzip;q=0.4", ""},
                                                          {"identity;q=0.4, gzip;q=0.5", "gzip"}})
        BOOST_TEST(chosen({field}) == coding, field);
}

BOOST_AUTO_TEST_CASE(AStarStandsForWhatIsNotListed) {
    for (const auto& [field, coding] :
         std::vector<std::pair<std::string, std::string>>{{"*", "br"},
                                                          {"br;q=0, *", "gzip"},
                                                          {"*;q=0.5, gzip", "gzip"},
                                                          {"*;q=0, gzip", "gzip"},
                                                          {"*;q=0.2, gzip;q=0.1, br;q=0", ""}})
        BOOST_TEST(chosen({field}) == coding, field);
}

BOOST_AUTO_TEST_CASE(IdentityServesWhereNothingFits) {
    BOOST_TEST(chosen({}) == "");
    for (const std::string field : {"", "deflate", "gzip;q=0, br;q=0.0", "*;q=0", "identity;q=0",
                                    "identity;q=0, deflate", "gzi", "gzipp"})
        BOOST_TEST(chosen({field}) == "", field);
    BOOST_TEST(chosen({"gzip"}, {}) == "");
    BOOST_TEST(chosen({"br"}, std::span(both).last(1)) == "");
}

BOOST_AUTO_TEST_CASE(WhatViolatesTheGrammarDoesNotCount) {
    for (const std::string weight :
         {"2", "1.001", "0.0001", "-1", ".5", "0,5", "", "1.", "x", "01", "0 .5"}) {
        // RFC 9110 section 12.4.2 allows a point without digits.
        const bool isAllowed = weight == "1.";
        BOOST_TEST(chosen({"gzip;q=" + weight}) == (isAllowed ? "gzip" : ""), weight);
    }
    for (const std::string field : {"gzip;", "gzip;level=9", "gzip;q", "gzip br", "gzip;q=1;x=2"})
        BOOST_TEST(chosen({field}) == "", field);
}

BOOST_AUTO_TEST_CASE(SeveralFieldsAreOneList) {
    BOOST_TEST(chosen({"deflate", "gzip"}) == "gzip");
    BOOST_TEST(chosen({"br;q=0", "br, gzip;q=0.1"}) == "gzip");
}

BOOST_AUTO_TEST_SUITE_END()
