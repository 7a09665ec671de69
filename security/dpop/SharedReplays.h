#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace changebank::security {

/// Remembers which proofs were used at any of several servers, so that none is used at two of them. Usable
/// from any thread.
class SharedReplays {
public:
    virtual ~SharedReplays() = default;

    /// One use of a proof.
    struct Use {
        /// The same at all servers: letters, digits, `-` and `_`.
        std::string id;
        /// How long it must be remembered; above zero.
        std::chrono::milliseconds lifetime;
    };

    enum class Outcome : unsigned char {
        /// The first use.
        inserted,
        replayed,
        /// Nobody knows whether it is the first use.
        unavailable,
    };

    /// A place among those who wait for an outcome. Its destructor gives it up.
    class Place {
    public:
        virtual ~Place() = default;
        /// Outcome::unavailable until there is one.
        virtual Outcome outcome() const = 0;
    };
    using Joined = std::variant<std::unique_ptr<Place>, Outcome>;

    /// Looks for the use and notes it, in one step: of any number of servers with one proof, one inserts it.
    /// Does not wait: returns a place, or the outcome if it is known at once, as it is when too many wait.
    /// `ended` is called when there is an outcome, once, from any thread, possibly during this call, but not
    /// after the place was destroyed. It must not throw, wait or call the place.
    virtual Joined insert(Use use, std::function<void()> ended) = 0;

    /// How long a caller should wait in a place.
    virtual std::chrono::milliseconds maxWait() const = 0;
};

}  // namespace changebank::security
