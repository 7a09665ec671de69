#pragma once

#include <chrono>
#include <thread>

namespace changebank::tests {

/// Waits until a condition that other threads or processes bring about holds. False if it does not within
/// half a minute, which is no measure of speed: a test that gets there has failed, so require the result.
template <typename Condition>
bool eventually(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace changebank::tests
