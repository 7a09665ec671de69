#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/revocation/RevocationFile.h"
#include "changebank/daemon/revocation/RevocationStream.h"
#include "changebank/daemon/settings/Settings.h"
#include "changebank/security/revocation/RevocationList.h"

namespace changebank::daemon {

/// The revocations of this daemon: the list by which tokens are judged, the file that keeps it, and the
/// stream that shares it with other replicas. Lives as long as the process, whatever the settings, which are
/// exchanged on one thread; everything else is thread-safe.
class Revocations {
public:
    explicit Revocations(Clock& clock = Clock::system());
    ~Revocations();
    Revocations(const Revocations&) = delete;
    Revocations& operator=(const Revocations&) = delete;

    /// Why a file of revocations cannot be used, as a sentence about revocation.file.
    struct Fault {
        std::string why;
    };
    /// What other settings need; may be dropped.
    struct PendingUpdate {
        /// std::nullopt: the current one stays, or none is needed.
        std::optional<RevocationFile::Opened> opened;
    };

    /// Opens and reads the file of other settings, without an effect on tokens. The file is created.
    std::variant<PendingUpdate, Fault> prepare(const Settings::Revocation& settings) const;

    /// Puts the settings and what is in their file into effect, and connects to their Redis.
    void commit(const Settings::Revocation& settings, PendingUpdate pending);

    /// Ends the connection to Redis. What is in effect stays.
    void stop();

    enum class Outcome : unsigned char {
        /// Written down and in effect.
        kept,
        /// It was in effect already, or concerns only expired tokens: nothing was written.
        unchanged,
        /// revocation.entries are in effect.
        full,
        /// It could not be written down; `why` says the reason. It is not in effect.
        notWritten,
        /// Neither revocation.file nor revocation.redis is set.
        off,
    };
    struct Result {
        Outcome outcome;
        std::string why{};
    };

    /// Writes the revocation, which has no fault(), into the file, puts it into effect and shares it. Without
    /// a file it counts as written once Redis has it; with one, it is shared later if Redis is out of reach.
    /// Waits for the disk, and for Redis at most revocation.redis.timeout.
    Result revoke(const security::Revocation& revocation);

    /// By which tokens are judged.
    std::shared_ptr<const security::RevocationList> list() const { return _list; }

    struct Status {
        bool isOn = false;
        security::RevocationList::Counters list;
        /// Empty: none.
        std::string file;
        /// std::nullopt: none.
        std::optional<RevocationStream::Status> stream;
        std::string streamAddress;
        /// As RevocationStream::outOfDateFor(); zero without a stream.
        std::chrono::milliseconds outOfDateFor{0};
        /// False: requests are refused, since the stream has been out of reach for too long.
        bool isAvailable = true;
    };
    Status status() const;

    /// As RevocationList::find(); calls `matches` once for each in effect.
    std::vector<security::Revocation> find(const std::function<bool(const security::Revocation&)>& matches,
                                           std::size_t limit) const;

private:
    std::optional<std::string> write(const security::Revocation& revocation);
    void load(RevocationFile::Opened opened);
    void compact();
    bool receive(const security::Revocation& revocation);
    std::shared_ptr<RevocationStream> connect(const Settings::Revocation& settings);
    void judgeAvailability();
    void watch(const std::stop_token& stopping);

    const std::shared_ptr<security::RevocationList> _list;
    Clock& _clock;
    /// Guards the members below. Held while the file is written, never while Redis is waited for.
    mutable std::mutex _mutex;
    Settings::Revocation _settings;
    std::optional<RevocationFile> _file;
    std::shared_ptr<RevocationStream> _stream;
    RevocationStream::Options _streamOptions;
    std::condition_variable_any _changed;
    /// Declared last, so that it ends first.
    std::jthread _watcher;
};

}  // namespace changebank::daemon
