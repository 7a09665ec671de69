#include "changebank/daemon/service/TracedJwksFetcher.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::security::Cause;
using changebank::security::FetchedKeys;
using changebank::security::FetchFailure;
using changebank::security::FetchResult;

namespace {

class OneFetch : public security::JwksFetcher {
public:
    explicit OneFetch(FetchResult result) : _result(std::move(result)) {}
    FetchResult fetch(const std::string&, bool, std::chrono::milliseconds, const std::stop_token&) override {
        return _result;
    }

private:
    FetchResult _result;
};

struct Fixture {
    FetchResult fetch(FetchResult result, std::shared_ptr<Tracer> by) {
        TracedJwksFetcher fetcher(std::make_unique<OneFetch>(std::move(result)), "https://k.example.com/?a",
                                  by);
        return fetcher.fetch("", false, 1s, {});
    }

    const std::shared_ptr<Tracer> tracer = std::make_shared<Tracer>();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TracedJwksFetcherTest, Fixture)

BOOST_AUTO_TEST_CASE(whatIsFetchedIsHandedOnWithATracerAndWithout) {
    for (const auto& by : {tracer, std::shared_ptr<Tracer>()}) {
        BOOST_TEST(std::get<FetchedKeys>(fetch(FetchedKeys{false, "{}"}, by)).document == "{}");
        BOOST_TEST(std::get<FetchFailure>(fetch(FetchFailure{Cause::keysTimedOut, "why"}, by)).reason ==
                   "why");
    }
}

BOOST_AUTO_TEST_CASE(aFailureIsReportedThoughNothingIsSampled) {
    Settings::Trace settings;
    settings.endpoint = "http://127.0.0.1:1/";
    settings.sampling = TraceSampling::ofRatio(0);
    settings.queue = 16;
    settings.timeout = 1min;
    tracer->use(tracer->prepare(settings));
    fetch(FetchedKeys{}, tracer);
    fetch(FetchFailure{Cause::keysTimedOut, "why"}, tracer);
    tracer->finish(0ms);
    BOOST_TEST(tracer->counters().failed == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
