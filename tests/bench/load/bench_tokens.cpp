// Makes a key, its JWK set and PEM, and tokens for measurements, in a folder.
#include <Poco/NumberParser.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"
#include "tests/support/ProofRecipe.h"
#include "tests/support/TestKey.h"
#include "tests/support/TokenRecipe.h"

namespace {

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;
namespace fs = std::filesystem;

constexpr const char* usage =
    "usage: bench_tokens FOLDER ALGORITHM COUNT [KEYS]\n"
    "Writes jwks.json (KEYS keys, 1 unless given; the one that signs is the last), key.pem, tokens (COUNT\n"
    "good ones that differ), forged (each with another's signature), expired and garbage, one token a line;\n"
    "and bound, a good token that is bound to the key of holder.pem, a private one, for bench_proofs.\n";

/// A token as FusionAuth's login gives it, good for a day.
TokenRecipe recipeOf(Algorithm algorithm, long long now, unsigned number) {
    TokenRecipe recipe(now);
    recipe.header("alg", quoteJson(traitsOf(algorithm).name));
    recipe.claim("exp", std::to_string(now + 86'400));
    recipe.claim("jti", quoteJson("6f8a3b1c-0000-4000-8000-" + std::to_string(100'000'000'000 + number)));
    recipe.claim("email", R"("teller@example.com")");
    recipe.claim("email_verified", "true");
    recipe.claim("authenticationType", R"("PASSWORD")");
    recipe.claim("applicationId", quoteJson(TokenRecipe::audience));
    recipe.claim("auth_time", std::to_string(now));
    recipe.claim("tid", R"("d7d09513-a3f5-401c-9685-34ab6c552453")");
    return recipe;
}

std::string withSignatureOf(const std::string& token, const std::string& other) {
    return token.substr(0, token.rfind('.')) + other.substr(other.rfind('.'));
}

void write(const fs::path& path, const std::vector<std::string>& lines) {
    std::ofstream file(path);
    for (const auto& line : lines)
        file << line << '\n';
}

std::string keySet(const TestKey& key, unsigned keys) {
    std::string set = "{\"keys\":[";
    const auto family = TestKey::generate(KeyFamily::p256);
    for (unsigned i = 1; i < keys; ++i)
        set += family.jwk("\"kid\":\"other" + std::to_string(i) + "\",\"use\":\"sig\"") + ",";
    return set + key.jwk("\"kid\":\"k1\",\"use\":\"sig\"") + "]}";
}

void make(const fs::path& folder, Algorithm algorithm, unsigned count, unsigned keys) {
    const auto key = TestKey::generate(traitsOf(algorithm).family);
    const long long now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    std::vector<std::string> tokens;
    std::vector<std::string> forged;
    std::vector<std::string> expired;
    std::vector<std::string> garbage;
    for (unsigned i = 0; i < count; ++i)
        tokens.push_back(recipeOf(algorithm, now, i).signedBy(key, algorithm));
    for (unsigned i = 0; i < count; ++i)
        forged.push_back(withSignatureOf(tokens[i], tokens[(i + 1) % count]));
    for (unsigned i = 0; i < std::min(count, 1'000U); ++i) {
        auto recipe = recipeOf(algorithm, now, i);
        recipe.claim("exp", std::to_string(now - 60));
        expired.push_back(recipe.signedBy(key, algorithm));
        garbage.push_back(tokens[i].substr(0, 20) + std::string(600, 'A' + static_cast<char>(i % 26)));
    }
    const auto holder = TestKey::generate(KeyFamily::p256);
    auto bound = recipeOf(algorithm, now, count);
    bound.claim("cnf", "{\"jkt\":" + quoteJson(ProofRecipe::thumbprintOf(holder)) + "}");
    fs::create_directories(folder);
    write(folder / "jwks.json", {keySet(key, keys)});
    write(folder / "key.pem", {key.publicPem()});
    write(folder / "tokens", tokens);
    write(folder / "token", {tokens.front()});
    write(folder / "forged", forged);
    write(folder / "expired", expired);
    write(folder / "garbage", garbage);
    write(folder / "holder.pem", {holder.privatePem()});
    write(folder / "bound", {bound.signedBy(key, algorithm)});
}

}  // namespace

int main(int count, char** values) {
    const auto algorithm = count < 4 ? std::nullopt : algorithmNamed(values[2]);
    if (!algorithm) {
        std::cerr << usage;
        return 64;
    }
    make(values[1], *algorithm, Poco::NumberParser::parseUnsigned(values[3]),
         count < 5 ? 1 : Poco::NumberParser::parseUnsigned(values[4]));
    return 0;
}
