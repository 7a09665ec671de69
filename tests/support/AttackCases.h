#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/support/TestKey.h"

namespace changebank::tests {

/// One token that a guard must judge, and the answer that is due. The numbers are those of the list of
/// attacks on resource servers that docs/attacks.md describes.
struct AttackCase {
    int number;
    std::string name;
    std::string token;
    /// 200, 401 or 403, for a guard that wants the role teller.
    int status;
    /// The answer's members `code` and `error`; the code is empty where there is none.
    std::string code;
    std::string message;
};

/// A key that a key server may publish but that must never verify anything, and a signature that it would
/// take for good.
struct UnusableKey {
    int number;
    std::string keyId;
    std::string jwk;
    std::string algorithm;
    std::function<std::string(const std::string& signingInput)> sign;
};

/// The keys that the cases are made for.
struct AttackKeys {
    AttackKeys();

    /// What the guard's key server publishes: k1 (RSA, alg RS256), open (RSA without alg), twice (two RSA
    /// keys of one id), p256, p384 and ed; among them those that cannot be used.
    std::string document() const;

    std::vector<UnusableKey> unusable;
    TestKey k1, open, twiceFirst, twiceSecond, p256, p384, ed, attacker;
};

/// The algorithms that the cases' guard allows.
inline constexpr const char* attackAlgorithms = "RS256,ES256,Ed25519";

/// The cases that a token alone makes. `jku` is an address of which the guard must never ask anything.
std::vector<AttackCase> attackCases(const AttackKeys& keys, long long now, const std::string& jku);

}  // namespace changebank::tests
