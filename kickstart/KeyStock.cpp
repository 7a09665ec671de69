#include "kickstart/KeyStock.h"

namespace changebank::kickstart {

namespace {

constexpr int stockedBits = 2048;

}  // namespace

KeyStock::KeyStock(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        _keys.push_back(std::async(std::launch::async,
                                   [] { return SigningKey::generate(KeyAlgorithm::rs256, stockedBits); }));
    }
}

std::shared_ptr<const SigningKey> KeyStock::take(KeyAlgorithm algorithm, int bits) {
    std::future<std::shared_ptr<const SigningKey>> ahead;
    if (algorithm == KeyAlgorithm::rs256 && bits == stockedBits) {
        const std::lock_guard lock(_mutex);
        if (!_keys.empty()) {
            ahead = std::move(_keys.back());
            _keys.pop_back();
        }
    }
    return ahead.valid() ? ahead.get() : SigningKey::generate(algorithm, bits);
}

}  // namespace changebank::kickstart
