#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>
#include <Poco/Message.h>

#include <atomic>
#include <mutex>
#include <string>

#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

/// Takes the place of the process's log as long as it lives, and keeps `PRIORITY TEXT` of each
/// message as a line.
class RecordingLog {
public:
    explicit RecordingLog(int level, bool json = false) : _channel(new Channel), _before(logOutput()) {
        useLogOutput(LogOutput::to(_channel, level, json));
    }
    ~RecordingLog() { useLogOutput(_before); }
    RecordingLog(const RecordingLog&) = delete;
    RecordingLog& operator=(const RecordingLog&) = delete;

    std::string text() const {
        const std::lock_guard lock(_channel->mutex);
        return _channel->text;
    }
    void failFromNowOn() { _channel->fails = true; }

private:
    struct Channel : Poco::Channel {
        void log(const Poco::Message& message) override {
            if (fails) throw Poco::IOException("disk full");
            const std::lock_guard lock(mutex);
            text += std::to_string(message.getPriority()) + " " + message.getText() + "\n";
        }
        mutable std::mutex mutex;
        std::string text;
        std::atomic<bool> fails = false;
    };

    Poco::AutoPtr<Channel> _channel;
    LogOutput::Ptr _before;
};

}  // namespace changebank::daemon
