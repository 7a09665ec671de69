#include <cstdint>
#include <string_view>

#include "changebank/base/text/Json.h"
#include "changebank/daemon/revocation/FusionAuthEvent.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using changebank::daemon::FusionAuthEvent;
using changebank::fuzz::expect;
using changebank::security::Revocation;

namespace {

void checkRevocation(const Revocation& revocation, const FusionAuthEvent& event) {
    expect(!revocation.fault(), "a revocation has no fault");
    expect(revocation.issuedUpTo == event.createInstant / 1000, "it revokes up to the event");
    expect(revocation.reason == event.type, "its reason is the type");
    expect(!event.changesKeys, "an event has one meaning");
    const auto json = Json::parse(revocation.toJson());
    expect(json && Revocation::fromJson(*json) == revocation, "it can be kept");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const auto parsed = FusionAuthEvent::parse(body);
    if (const auto* malformed = std::get_if<FusionAuthEvent::Malformed>(&parsed)) {
        expect(!malformed->why.empty() && malformed->why.find('\n') == std::string::npos,
               "what is wrong is said in one line");
        return 0;
    }
    const auto& event = std::get<FusionAuthEvent>(parsed);
    expect(event.isIgnored() == event.id.empty(), "what matters has an id");
    expect(event.id.size() <= Revocation::maxIdSize, "ids are bounded");
    expect(event.createInstant >= 0, "an event is not older than 1970");
    if (event.revocation) checkRevocation(*event.revocation, event);
    return 0;
}
