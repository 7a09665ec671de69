#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/logging/PacedLog.h"
#include "changebank/daemon/revocation/RevocationFile.h"
#include "changebank/daemon/revocation/RevocationStream.h"
#include "changebank/daemon/settings/Settings.h"
#include "changebank/security/revocation/RevocationList.h"

namespace changebank::daemon {

/// The revocations of this daemon: the list by which tokens are judged, the file that keeps it, and the
/// stream that shares it with other replicas. Lives as long as the process, whatever the settings, which are
/// exchanged on one thread; everything else is thread-safe. Tokens are judged, and the status is told, also
/// while the disk or Redis does not answer.
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

    /// Opens and reads the file of other settings, and writes into it what is in effect; no effect on tokens.
    /// The file is created.
    std::variant<PendingUpdate, Fault> prepare(const Settings::Revocation& settings) const;

    /// Puts the settings and what is in their file into effect, and connects to their Redis.
    void commit(const Settings::Revocation& settings, PendingUpdate pending);

    /// Ends the connection to Redis. What is in effect stays.
    void stop();
    /// Has those who wait for Redis go on at once, for good; from any thread.
    void interrupt();

    enum class Outcome : unsigned char {
        /// Written down and in effect.
        kept,
        /// It was in effect already, or concerns only expired tokens.
        unchanged,
        /// revocation.entries are in effect.
        full,
        /// It could not be written down; `why` says the reason. It may not be in effect.
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
        /// Why the last write to the file failed; empty if it did not.
        std::string fileFailure;
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
    using Failure = std::optional<std::string>;

    Settings::Revocation settings() const;
    std::shared_ptr<RevocationStream> stream() const;
    std::shared_ptr<RevocationStream> connect(const Settings::Revocation& settings,
                                              RevocationStream::Standing standing);
    RevocationStream::Standing standingFor(const Settings::Revocation& next,
                                           const Settings::Revocation& before) const;
    void use(std::shared_ptr<RevocationStream> stream);
    void load(RevocationFile::Opened opened, const Settings::Revocation& settings);
    void forgetFile();
    Result keep(const security::Revocation& revocation, bool& isInFile);
    Result keepWithoutFile(const security::Revocation& revocation,
                           const std::shared_ptr<RevocationStream>& stream);
    Failure write(const std::vector<security::Revocation>& revocations);
    Failure writeReceived();
    void compactIfDue();
    bool receive(const security::Revocation& revocation);
    void judgeAvailability();
    /// Judges the availability again and again, whatever the disk does.
    void watch(const std::stop_token& stopping);
    /// Writes what came from other replicas, and forgets what has expired.
    void tidy(const std::stop_token& stopping);

    const std::shared_ptr<security::RevocationList> _list;
    Clock& _clock;

    /// Guards the file, and makes of a change and its line one step. Held while the disk is waited for, never
    /// while Redis is. Locked before the other one.
    std::mutex _changes;
    std::optional<RevocationFile> _file;
    std::size_t _compactAbove = 0;
    PacedLog _fileWarnings;

    /// Guards the members below; never held while anything is waited for.
    mutable std::mutex _mutex;
    Settings::Revocation _settings;
    std::string _fileFailure;
    /// In effect, and not in the file yet: they came from other replicas.
    std::vector<security::Revocation> _received;
    std::shared_ptr<RevocationStream> _stream;
    std::condition_variable_any _stopping;
    /// Declared last, so that they end first.
    std::jthread _watcher;
    std::jthread _tidier;
};

}  // namespace changebank::daemon
