#pragma once

#include <memory>

#include "changebank/daemon/logging/JournalSink.h"
#include "changebank/daemon/logging/Logging.h"
#include "tests/unit/daemon/logging/FakeJournal.h"

namespace changebank::daemon {

/// Makes the process log to a journal as long as it lives.
class JournalLog {
public:
    explicit JournalLog(const FakeJournal& journal) : _before(logOutput()) {
        Settings settings;
        settings.logTarget = {LogTarget::Kind::journal};
        settings.logBuffer = std::size_t{1024} * 1024;
        useLogOutput(LogOutput::through(std::make_unique<JournalSink>(journal.path()), settings));
    }
    ~JournalLog() { useLogOutput(_before); }
    JournalLog(const JournalLog&) = delete;
    JournalLog& operator=(const JournalLog&) = delete;

private:
    LogOutput::Ptr _before;
};

}  // namespace changebank::daemon
