// Makes DPoP proofs for the bound token of a folder of bench_tokens.
#include <Poco/Exception.h>
#include <Poco/NumberParser.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"
#include "tests/support/ProofRecipe.h"
#include "tests/support/TestKey.h"

namespace {

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;
namespace fs = std::filesystem;

constexpr const char* usage =
    "usage: bench_proofs FOLDER URI COUNT\n"
    "Writes proofs: COUNT different ones, made now with the key of holder.pem, one a line, each for a GET\n"
    "of the URI with the token in bound. Their age is limited; a daemon takes none from before its start.\n";

std::string textOf(const fs::path& path) {
    std::ifstream file(path);
    if (!file) throw Poco::FileNotFoundException(path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

void make(const fs::path& folder, const std::string& uri, unsigned count) {
    const auto holder = TestKey::fromPrivatePem(KeyFamily::p256, textOf(folder / "holder.pem"));
    auto token = textOf(folder / "bound");
    token.erase(token.find('\n'));
    const long long now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    ProofRecipe recipe(now, holder);
    recipe.claim("htu", quoteJson(uri)).forToken(token);
    // Differs from run to run.
    const auto batch = encodeBase64Url(randomBytes(16));
    std::ofstream file(folder / "proofs");
    for (unsigned i = 0; i < count; ++i)
        file << recipe.claim("jti", quoteJson(batch + std::to_string(100'000'000 + i))).text() << '\n';
}

}  // namespace

int main(int count, char** values) {
    if (count != 4) {
        std::cerr << usage;
        return 64;
    }
    try {
        make(values[1], values[2], Poco::NumberParser::parseUnsigned(values[3]));
        return 0;
    } catch (const Poco::Exception& error) {
        std::cerr << "bench_proofs: " << error.displayText() << "\n" << usage;
        return 64;
    }
}
