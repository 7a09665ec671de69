#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>

#include <map>
#include <string>
#include <vector>

#include "daemon/Settings.h"

namespace changebank::daemon {

/// What is wrong with a property of the section `logging.*`, which may be one that is missing.
struct LoggingFault {
    std::string key;
    std::string why;
};

/// The section `logging.*` in effect: one line a message on standard error, in UTC, unless the settings say
/// otherwise.
class LoggingSection {
public:
    using Channels = std::vector<Poco::AutoPtr<Poco::Channel>>;

    explicit LoggingSection(const Settings& settings);

    /// Sets up POCO's loggers, and opens the files that they write to. POCO stops at the first fault: so what
    /// it does not take is replaced by something harmless, until it takes the whole. From one thread at a
    /// time.
    void apply();

    /// What apply() found wrong: everything, or enough for one time.
    const std::vector<LoggingFault>& faults() const { return _faults; }
    /// The channels that write to files, which apply() has opened.
    const Channels& files() const { return _files; }

private:
    bool isTaken();
    void blame(const std::string& key, const std::string& why);
    void replace(const std::string& key);
    void eraseBelow(const std::string& prefix);
    void openFiles();
    Poco::AutoPtr<Poco::Channel> fileChannelOf(const std::string& classKey) const;

    std::map<std::string, std::string> _properties;
    std::vector<LoggingFault> _faults;
    Channels _files;
};

}  // namespace changebank::daemon
