#include <openssl/err.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "changebank/security/jose/JwkSet.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using namespace changebank::security;
using changebank::fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view document(reinterpret_cast<const char*>(data), size);
    const auto parsed = JwkSet::parse(document);
    expect(ERR_peek_error() == 0, "no error is left in the queue");
    const auto* keys = std::get_if<std::shared_ptr<const JwkSet>>(&parsed);
    const auto json = Json::parse(document);
    const auto* member = json ? json->find("keys") : nullptr;
    if (const auto* list = member ? member->array() : nullptr) {
        expect(keys, "a well-formed set is read");
        expect((*keys)->keys().size() + (*keys)->skipped().size() ==
                   std::min(list->size(), JwkSetBounds().maxKeys),
               "each entry is used or skipped");
    }
    if (!keys) return 0;
    for (const auto& key : (*keys)->keys()) {
        bool serves = false;
        for (std::size_t i = 0; i < algorithmCount; ++i) {
            const auto algorithm = static_cast<Algorithm>(i);
            const bool fits = key->verifierFor(algorithm) != nullptr;
            expect(!fits || traitsOf(algorithm).family == key->family(), "a key serves its own family alone");
            serves = serves || fits;
        }
        expect(serves, "a usable key serves something");
    }
    expect((*keys)->summary().find('\n') == std::string::npos, "the summary is one line");
    const JwkSetBounds noChecks{.mayCheck = [] { return false; }};
    const auto again = JwkSet::parse(document, keys->get(), noChecks);
    expect(std::get<std::shared_ptr<const JwkSet>>(again)->hasSameKeysAs(**keys),
           "the same document has the same keys");
    return 0;
}
