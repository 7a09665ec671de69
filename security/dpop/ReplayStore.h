#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace changebank::security {

/// Remembers which proofs were used, so that none is used twice (RFC 9449 section 11.1). Bounded in entries
/// and bytes: at its bounds it takes no further proofs and forgets none that may still be used. Usable from
/// any thread; threads meet only at one of 64 locks, each held for less than a microsecond but when a table
/// grows.
class ReplayStore {
public:
    struct Limits {
        /// Of all keys: the proofs within the time that proofs are accepted.
        std::size_t entries = 1'000'000;
        /// Of one caller: so many at least, and a few more, since each part of the store counts its own: for
        /// n of them about 32 * sqrt(n).
        std::size_t entriesPerCaller = 100'000;
    };

    /// One use of a proof.
    struct Use {
        /// The thumbprint of the proof's key.
        std::string_view key;
        /// The claims htm, htu (in the form of targetUri()) and jti.
        std::string_view method;
        std::string_view uri;
        std::string_view id;
        /// The claim iat, in seconds since 1970.
        double issuedAt;
        /// Whose limit counts.
        std::string_view caller;
    };

    enum class Outcome : unsigned char {
        /// The first use.
        inserted,
        replayed,
        /// The proof is so old that its use may be forgotten.
        forgotten,
        /// No room for further proofs of this caller, or of any.
        callerFull,
        full,
    };

    struct Counters {
        std::size_t entries = 0;
        std::size_t bytes = 0;
        std::size_t capacity = 0;
    };

    /// Uses are forgotten in spans of that length, once all proofs of the span are too old.
    static constexpr std::chrono::seconds span{16};

    /// Each entry takes at most that many bytes, besides at most baseBytes for each span of the time that
    /// proofs are accepted.
    static constexpr std::size_t bytesPerEntry = 96;
    static constexpr std::size_t baseBytes = std::size_t{64} * 1024;

    /// The longest time that proofs are accepted, in seconds, for what is not known: uses before the start.
    static constexpr double longestWindow = 15 * 60;

    /// Knows no use before `since`, in seconds since 1970: proofs of the longestWindow before it are
    /// forgotten.
    ReplayStore(Limits limits, double since);

    /// Looks for the use and notes it, in one step: of any number of threads with one proof, one inserts it.
    /// Proofs that were issued before `oldest` are not accepted any more (seconds since 1970).
    Outcome insert(const Use& use, double oldest);

    /// Applies to later uses; what is there stays.
    void setLimits(Limits limits) noexcept;

    Counters counters() const;

private:
    static constexpr std::size_t shardCount = 64;

    using Digest = std::array<std::uint64_t, 2>;

    /// The uses of the proofs that were issued within a span of time: a hash table with open addressing,
    /// whose free places are zero.
    struct Bucket {
        std::vector<Digest> table;
        std::size_t used = 0;
        /// How many are of each caller, by a hash of the caller.
        std::unordered_map<std::uint64_t, std::uint32_t> byCaller;

        Digest& placeOf(const Digest& digest);
        void grow();
    };

    struct alignas(64) Shard {
        mutable std::mutex mutex;
        /// By the number of the span.
        std::map<std::int64_t, Bucket> buckets;
        /// The spans that were thrown out; none at first. If the clock is set back, others are still
        /// accepted.
        std::int64_t firstDropped = INT64_MAX;
        std::int64_t lastDropped = INT64_MIN;

        /// Returns how many uses were thrown out.
        std::size_t dropBefore(double oldest);
        bool hasDropped(std::int64_t span) const { return span >= firstDropped && span <= lastDropped; }
        std::size_t usedBy(std::uint64_t caller) const;
    };

    Outcome tryInsert(const Use& use, double oldest);
    bool makeRoom(double oldest);
    Digest digestOf(std::initializer_list<std::string_view> parts) const;

    /// Nobody can choose where a use is put.
    const std::string _secret;
    const double _since;
    std::atomic<std::size_t> _entries;
    std::atomic<std::size_t> _entriesPerCaller;
    std::atomic<std::size_t> _used{0};
    /// The time of the last sweep for room, as `oldest`.
    std::atomic<double> _swept{0};
    std::unique_ptr<std::array<Shard, shardCount>> _shards;
};

}  // namespace changebank::security
