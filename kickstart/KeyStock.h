#pragma once

#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "kickstart/SigningKey.h"

namespace changebank::kickstart {

/// RSA keys made ahead, each on a thread of its own, since each takes a good part of a second and a start
/// needs more than one. May be used by any number of threads.
class KeyStock {
public:
    /// Begins to make that many keys of 2048 bits.
    explicit KeyStock(std::size_t count);

    /// A key of the stock if one fits, waiting until it is made; else a new one. Every key is handed out
    /// once.
    std::shared_ptr<const SigningKey> take(KeyAlgorithm algorithm, int bits);

private:
    std::mutex _mutex;
    std::vector<std::future<std::shared_ptr<const SigningKey>>> _keys;
};

}  // namespace changebank::kickstart
