#include <cstdint>
#include <string>

#include "changebank/security/dpop/DpopProof.h"
#include "changebank/security/dpop/TargetUri.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using namespace changebank::security;
using changebank::fuzz::expect;

namespace {

void checkUri(std::string_view text) {
    const auto uri = targetUri(text);
    if (!uri) return;
    expect(targetUri(*uri) == uri, "a normal URI stays as it is");
    expect(uri->find_first_of("?# ") == std::string::npos, "a target has no query");
}

void checkProof(const DpopProof& proof) {
    expect(!proof.id().empty() && !proof.method().empty() && !proof.uri().empty(), "a proof has its claims");
    expect(proof.keyThumbprint().size() == 43, "a proof has a key");
    checkUri(proof.uri());
    expect(!proof.checkTime(proof.issuedAt(), std::chrono::seconds(1), std::chrono::seconds(0)) ||
               proof.claims().find("exp") || proof.claims().find("nbf"),
           "a proof is good when it is made");
    expect(
        proof.checkTime(proof.issuedAt() + 10, std::chrono::seconds(1), std::chrono::seconds(1)).has_value(),
        "and not for long");
    const auto key = proof.importKey();
    if (const auto* imported = std::get_if<std::shared_ptr<const JsonWebKey>>(&key)) {
        expect((*imported)->bits() <= JsonWebKey::maxHolderModulusBits, "keys are bounded");
        static_cast<void>(proof.checkSignature(**imported));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    checkUri(text);
    const auto parsed = DpopProof::parse(text, AlgorithmSet::all());
    if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
        expect(Json::parse(refusal->body()).has_value(), "a refusal's body is JSON");
        return 0;
    }
    checkProof(std::get<DpopProof>(parsed));
    return 0;
}
