#include <cstdint>
#include <string>

#include "changebank/base/text/Base64Url.h"
#include "changebank/security/jose/CompactJws.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using namespace changebank::security;
using changebank::fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view token(reinterpret_cast<const char*>(data), size);
    const auto parsed = CompactJws::parse(token);
    if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
        expect(Json::parse(refusal->body()).has_value(), "a refusal's body is JSON");
        return 0;
    }
    const auto& jws = std::get<CompactJws>(parsed);
    expect(std::string(jws.signingInput()) + "." + std::string(jws.encodedSignature()) == token,
           "the parts make up the token");
    const auto header = token.substr(0, token.find('.'));
    expect(encodeBase64Url(decodeBase64Url(header).value()) == header, "an accepted header has one encoding");
    expect(jws.header().object() != nullptr && !jws.algorithm().empty(),
           "an accepted header names its algorithm");
    if (const auto signature = decodeBase64Url(jws.encodedSignature())) {
        expect(encodeBase64Url(*signature) == jws.encodedSignature(),
               "an accepted signature has one encoding");
    }
    return 0;
}
